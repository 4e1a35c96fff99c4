package gotest

import (
	"go/build"
	"slices"
	"strings"
	"testing"

	protocol "synchrony/executor/shim/testing"
)

// rowsSource has lines that a story tells of.
const rowsSource = `package m

func (b *box) run(a, c chan int, mu *sync.RWMutex) {
	mu.Lock()
	defer mu.Unlock()
	for {
		select {
		case <-a:
		case <-c:
		}
	}
	c <- 1
	go b.eat()
	wg.Wait()
	go func() {
	}()
}
`

// TestRows: a row says whether its step waits, which case its select takes, how often its line was executed, and what a deferred call does.
func TestRows(t *testing.T) {
	d, at := inFile(t, rowsSource)
	step := func(task int32, op, object, line string) protocol.Step {
		return protocol.Step{Task: task, Op: op, Object: object, Position: at(line)}
	}
	waits := func(s protocol.Step) protocol.Step { s.Waits = true; return s }
	takes := func(s protocol.Step, number int) protocol.Step { s.Case = number; return s }
	for name, c := range map[string]struct {
		schedule string
		steps    []protocol.Step
		want     []string
	}{
		"a lock that is waited for": {"default", []protocol.Step{
			step(1, "lock", "rwmutex/0", "4"), waits(step(2, "lock", "rwmutex/0", "4")), step(1, "unlock", "rwmutex/0", "17"), step(2, "wake", "rwmutex/0", "4"),
		}, []string{"4 (locks mu) mu.Lock()", "4 (waits to lock mu) mu.Lock()", "17 (unlocks mu) }", "4 (locks mu) mu.Lock()"}},
		"for ever": {"default", []protocol.Step{waits(step(1, "lock", "rwmutex/0", "4"))}, []string{"4 (waits to lock mu) mu.Lock()"}},
		"a wait group": {"default", []protocol.Step{waits(step(0, "join", "waitgroup/0", "14")), {Task: 1, Op: "done", Object: "waitgroup/0"}, step(0, "join", "waitgroup/0", "14")},
			[]string{"14 (waits for wg) wg.Wait()", "counts down wg", "14 (joins wg) wg.Wait()"}},
		"a send": {"default", []protocol.Step{waits(step(0, "send", "chan/1", "12")), step(0, "lock", "rwmutex/0", "4")}, []string{"12 (waits to send on c) c <- 1", "4 mu.Lock()"}},
		"cases": {"default", []protocol.Step{
			waits(step(0, "select", "chan/0", "7")), step(1, "send", "chan/1", "12"), takes(step(0, "wake", "chan/0", "7"), 2), takes(step(0, "select", "chan/0", "7"), 1),
		}, []string{"7 (waits in a select) select {", "12 c <- 1", "7 select: line 9, case <-c", "7 select: line 8, case <-a"}},
		"again and again": {"default", []protocol.Step{step(0, "send", "chan/1", "12"), step(0, "send", "chan/1", "12"), step(0, "lock", "rwmutex/0", "4")}, []string{"12 (… 2 times) c <- 1", "4 mu.Lock()"}},
		"after a spawn": {"3+1", []protocol.Step{
			step(0, "spawn", "task/1", "13"), step(0, "none", "", "13"), step(1, "lock", "rwmutex/0", "4"), step(0, "none", "", "13"), step(1, "unlock", "rwmutex/0", "17"), step(0, "send", "chan/1", "12"),
		}, []string{"13 go b.eat()", "4 mu.Lock()", "17 (unlocks mu) }", "* 12 c <- 1"}},
		"deferred, at the head": {"default", []protocol.Step{step(0, "lock", "rwmutex/0", "4"), step(1, "unlock", "rwmutex/0", "15"), step(0, "spawn", "task/1", "15")},
			[]string{"4 mu.Lock()", "15 unlocks mu", "15 (starts ) go func() {"}},
	} {
		f := &protocol.Finding{Schedule: c.schedule, Steps: c.steps, Tasks: []protocol.Task{{Number: 0}, {Number: 1}}}
		var got []string
		for _, row := range d.rows(f, onlyFile(f)) {
			if row.Deviates {
				row.Text = "* " + row.Text
			}
			got = append(got, row.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q\nwant %q", name, got, c.want)
		}
	}
}

// TestHowItEnds: the story of a panic ends with it, at its place; a failure names the subtest; and a signal that nobody waits for is told as that.
func TestHowItEnds(t *testing.T) {
	d, at := inFile(t, "package m\n\nfunc f() {\n\tc.Signal()\n\tmu.Unlock()\n}\n")
	f := &protocol.Finding{
		Kind: protocol.Panic, Message: "fatal error: sync: unlock of unlocked mutex\nand more", Position: at("5"), Tasks: []protocol.Task{{Name: "main"}},
		Steps: []protocol.Step{{Op: "signal", Object: "cond/0", Position: at("4")}, {Op: "unlock", Object: "mutex/0", Position: at("5")}},
	}
	text := strings.Join(d.story(f), "\n")
	for _, want := range []string{"4 (signals c, where nobody waits) c.Signal()", "5 mu.Unlock()\n", "5 panics: fatal error: sync: unlock of unlocked mutex\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	f = &protocol.Finding{Kind: protocol.Failed, Message: "x = 1", Subtest: "TestSub/second_one"}
	if lines := d.evidence(f); len(lines) == 0 || lines[0] != "in TestSub/second_one" {
		t.Errorf("%q", lines)
	}
}

// TestInnermost: of a process that died the first functions of the user's are told, each once, and of the first goroutine that has any.
func TestInnermost(t *testing.T) {
	d := &describer{names: namer{"/m"}}
	output := strings.Split("fatal error: stack overflow\n\nruntime stack:\nruntime.throw()\n\t"+build.Default.GOROOT+"/src/runtime/panic.go:1 +0x1\n\ngoroutine 7 [running]:\nm.deep(0x1)\n\t/m/a.go:7 +0x1 fp=0x1\nm.deep(0x2)\n\t/m/a.go:7 +0x1 fp=0x1\nm.TestA(0x1)\n\t/m/a.go:9 +0x1\ncreated by m.x in goroutine 1\n\t/m/a.go:1 +0x1\n\ngoroutine 8 [select]:\nm.other()\n\t/m/b.go:1 +0x1", "\n")
	if got := d.innermost(output); !slices.Equal(got, []string{"deep at a.go:7", "TestA at a.go:9"}) {
		t.Errorf("%q", got)
	}
	if got := d.innermost([]string{""}); got != nil {
		t.Errorf("%q", got)
	}
}
