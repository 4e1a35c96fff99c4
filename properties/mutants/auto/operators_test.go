package auto

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// loadSmall loads a package p with this text, in a module that has small stand-ins of
// packages sched and trace, known by the same names.
func loadSmall(t *testing.T, text string) *Source {
	t.Helper()
	root := t.TempDir()
	for name, content := range map[string]string{
		"go.mod": "module m\n\ngo 1.26\n",
		"sched/sched.go": `package sched

import "m/schedule"

type Runtime struct{}
func (*Runtime) Yield(schedule.Op, int) {}
type Mutex struct{}
func (*Mutex) Lock(*Runtime) {}
func (*Mutex) Unlock(*Runtime) {}
type Cond struct{}
func (*Cond) Wait(*Runtime) {}
func (*Cond) Signal(*Runtime) {}
func (*Cond) Broadcast(*Runtime) {}
type WaitGroup struct{}
func (*WaitGroup) Add(*Runtime, int) {}
func (*WaitGroup) Done(*Runtime) {}
func (*WaitGroup) Wait(*Runtime) {}
type Int64 struct{}
func (*Int64) Load(*Runtime) int64 { return 0 }
func (*Int64) Store(*Runtime, int64) {}
func (*Int64) Add(*Runtime, int64) int64 { return 0 }
func (*Int64) CompareAndSwap(*Runtime, int64, int64) bool { return true }
`,
		"schedule/schedule.go": "package schedule\n\ntype Op int\n\nconst (\n\tOpRMW Op = iota\n\tOpLoad\n\tOpStore\n)\n",
		"trace/trace.go":       "package trace\n\ntype DependencyKind int\n",
		"p/p.go":               text,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(t.Context(), root, "p")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const small = `package p

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"m/sched"
	"m/schedule"
	"m/trace"
)

type state struct {
	rt    *sched.Runtime
	mu    sched.Mutex
	wake  sched.Cond
	tasks sched.WaitGroup
	next  sched.Int64
	size  atomic.Int32
	items []int
	n     int
}

func (s *state) locked() {
	s.mu.Lock(s.rt)
	s.n = 1
	s.items = nil
	s.mu.Unlock(s.rt)
}

func (s *state) deferred() int {
	s.mu.Lock(s.rt)
	defer s.mu.Unlock(s.rt)
	s.n = 1
	return s.n
}

func (s *state) branches() {
	s.mu.Lock(s.rt)
	if s.n > 0 {
		s.mu.Unlock(s.rt)
		return
	}
	s.n = 1
	s.mu.Unlock(s.rt)
}

func (s *state) atomics() int32 {
	s.next.Add(s.rt, 2)
	s.rt.Yield(schedule.OpRMW, 7)
	return s.size.Add(3)
}

func (s *state) swaps() bool { return s.size.CompareAndSwap(1, 2) }

func (s *state) waits() {
	defer s.tasks.Done(s.rt)
	s.wake.Wait(s.rt)
	s.wake.Broadcast(s.rt)
}

func (s *state) announces() {
	s.rt.Yield(schedule.OpLoad, 1)
	s.n = 1
}

func copies(x, y []int) []int {
	copy(x, y)
	return slices.Clone(append([]int(nil), x...))
}

func depends(k trace.DependencyKind, reads bool) bool {
	if k != 0 && reads {
		return true
	}
	return false
}

func cancelled(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errors.New("cancelled")
	}
	return nil
}

func numbers(a, b int) int {
	for i := range b {
		if i == a {
			break
		}
		a += i
	}
	switch {
	case a < b || b <= 1:
		return a + 1
	}
	return a
}
`

// TestOperators says exactly which mutants small functions have.
func TestOperators(t *testing.T) {
	s := loadSmall(t, small)
	concurrency := map[string]bool{}
	for _, op := range operators() {
		concurrency[op.Name] = op.Concurrency
	}
	found := map[string][]string{} // by function; of most, only mutants by operators of concurrency
	for _, m := range s.Mutants() {
		name := strings.TrimPrefix(m.Function, "(*state).")
		if concurrency[m.Operator] || name == "numbers" || name == "cancelled" {
			found[name] = append(found[name], m.Operator+": "+m.Original+" => "+m.Changed)
		}
	}
	for name, want := range map[string][]string{
		"locked": {
			"lock-remove: s.mu.Lock(s.rt) => ",
			"section-shrink: s.n = 1 => before s.mu.Lock(s.rt)",
			"section-shrink: s.items = nil => after s.mu.Unlock(s.rt)",
			"section-split: s.n = 1 => then s.mu.Unlock(s.rt); s.mu.Lock(s.rt)",
		},
		"deferred": {
			"lock-remove: s.mu.Lock(s.rt) => ",
			"section-shrink: s.n = 1 => before s.mu.Lock(s.rt)",
			"section-split: s.n = 1 => then s.mu.Unlock(s.rt); s.mu.Lock(s.rt)",
		},
		"branches": {
			"lock-remove: s.mu.Lock(s.rt) => ",
			"section-shrink: if s.n > 0 { s.mu.Unlock(s.rt) return } => before s.mu.Lock(s.rt)",
			"section-shrink: s.n = 1 => after s.mu.Unlock(s.rt)",
			"section-split: if s.n > 0 { s.mu.Unlock(s.rt) return } => then s.mu.Unlock(s.rt); s.mu.Lock(s.rt)",
		},
		"atomics": {
			"atomic-split: s.next.Add(s.rt, 2) => a load and a store",
			"counter-off: s.next.Add(s.rt, 2) => 2 + 1",
			"atomic-split: s.size.Add(3) => a load and a store",
			"counter-off: s.size.Add(3) => 3 + 1",
		},
		"swaps": {"atomic-split: s.size.CompareAndSwap(1, 2) => a load and a store"},
		"waits": {
			"done-drop: defer s.tasks.Done(s.rt) => ",
			"wait-drop: s.wake.Wait(s.rt) => ",
			"signal-drop: s.wake.Broadcast(s.rt) => ",
			"signal-weaken: s.wake.Broadcast(s.rt) => s.wake.Signal",
		},
		"announces": {"yield-swap: s.rt.Yield(schedule.OpLoad, 1) => after s.n = 1"},
		"copies": {
			"copy-skip: copy(x, y) => ",
			"copy-skip: slices.Clone(append([]int(nil), x...)) => append([]int(nil), x...)",
			"copy-skip: append([]int(nil), x...) => x",
		},
		"depends": {
			"dependency-invert: k != 0 => !(k != 0)",
			"dependency-invert: reads => !(reads)",
		},
		"cancelled": {
			"cond-negate: err != nil => !(err != nil)",
			"error-drop: return err => nil",
			"jump-drop: return err in if err != nil => ",
			"cancel-skip: if ctx.Err() != nil => if false",
			"cond-negate: ctx.Err() != nil => !(ctx.Err() != nil)",
			`error-drop: return errors.New("cancelled") => nil`,
			`jump-drop: return errors.New("cancelled") in if ctx.Err() != nil => `,
		},
		"numbers": {
			"stmt-delete: a += i => ",
			"cond-negate: i == a => !(i == a)",
			"jump-drop: break in if i == a => ",
			"arith-swap: a += i => a -= i",
			"cond-negate: a < b || b <= 1 => !(a < b || b <= 1)",
			"logic-swap: a < b || b <= 1 => a < b && b <= 1",
			"rel-swap: a < b => a <= b",
			"rel-swap: b <= 1 => b < 1",
			"const-off: 1 in b <= 1 => 2",
			"const-off: 1 in b <= 1 => 0",
			"jump-drop: return a + 1 in case a < b || b <= 1 => ",
			"arith-swap: a + 1 => a - 1",
			"const-off: 1 in a + 1 => 2",
			"const-off: 1 in a + 1 => 0",
		},
	} {
		slices.Sort(want)
		got := slices.Sorted(slices.Values(found[name]))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s has other mutants (-want +got):\n%s", name, d)
		}
	}
}

// TestText holds some mutants against the text that they should have.
func TestText(t *testing.T) {
	s := loadSmall(t, small)
	for _, c := range []struct{ key, was, is string }{
		{
			"p (*state).locked lock-remove: s.mu.Lock(s.rt) =>",
			"\ts.mu.Lock(s.rt)\n\ts.n = 1\n\ts.items = nil\n\ts.mu.Unlock(s.rt)\n",
			"\ts.n = 1\n\ts.items = nil\n",
		},
		{
			"p (*state).branches lock-remove: s.mu.Lock(s.rt) =>",
			"\ts.mu.Lock(s.rt)\n\tif s.n > 0 {\n\t\ts.mu.Unlock(s.rt)\n\t\treturn\n\t}\n\ts.n = 1\n\ts.mu.Unlock(s.rt)\n",
			"\tif s.n > 0 {\n\t\treturn\n\t}\n\ts.n = 1\n",
		},
		{
			"p (*state).deferred section-shrink: s.n = 1 => before s.mu.Lock(s.rt)",
			"\ts.mu.Lock(s.rt)\n\tdefer s.mu.Unlock(s.rt)\n\ts.n = 1\n",
			"\ts.n = 1\n\ts.mu.Lock(s.rt)\n\tdefer s.mu.Unlock(s.rt)\n",
		},
		{
			"p (*state).locked section-split: s.n = 1 => then s.mu.Unlock(s.rt); s.mu.Lock(s.rt)",
			"\ts.n = 1\n\ts.items = nil\n",
			"\ts.n = 1\n\ts.mu.Unlock(s.rt)\n\ts.mu.Lock(s.rt)\n\ts.items = nil\n",
		},
		{
			"p (*state).atomics atomic-split: s.size.Add(3) => a load and a store",
			"\ts.rt.Yield(schedule.OpRMW, 7)\n\treturn s.size.Add(3)\n",
			"\ts.rt.Yield(schedule.OpLoad, 7)\n\treturn func() int32 { v := s.size.Load() + 3; s.rt.Yield(schedule.OpStore, 7); s.size.Store(v); return v }()\n",
		},
		{
			"p (*state).swaps atomic-split: s.size.CompareAndSwap(1, 2) => a load and a store",
			"s.size.CompareAndSwap(1, 2)",
			"func() bool { if s.size.Load() != 1 { return false }; s.size.Store(2); return true }()",
		},
		{
			"p (*state).announces yield-swap: s.rt.Yield(schedule.OpLoad, 1) => after s.n = 1",
			"\ts.rt.Yield(schedule.OpLoad, 1)\n\ts.n = 1\n",
			"\ts.n = 1\n\ts.rt.Yield(schedule.OpLoad, 1)\n",
		},
		{"p cancelled cancel-skip: if ctx.Err() != nil => if false", "if ctx.Err() != nil {", "if (ctx.Err() != nil) && false {"},
	} {
		i := slices.IndexFunc(s.Mutants(), func(m *Mutant) bool { return m.key() == c.key })
		if i < 0 {
			t.Errorf("no mutant has the key %q", c.key)
			continue
		}
		m := s.Mutants()[i]
		if want := strings.Replace(small, c.was, c.is, 1); want == small {
			t.Errorf("%s: the source has no %q", c.key, c.was)
		} else if d := cmp.Diff(want, string(m.Source())); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.key, d)
		}
		if !s.compiles(m) {
			t.Errorf("%s does not compile", c.key)
		}
		for _, part := range []string{"--- a/p/p.go\n", "+++ b/p/p.go\n", "@@ "} {
			if !strings.Contains(m.diff(), part) {
				t.Errorf("%s: the diff has no %q:\n%s", c.key, part, m.diff())
			}
		}
	}
}
