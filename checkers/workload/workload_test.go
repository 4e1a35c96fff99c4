package workload

import (
	"fmt"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/recording"
)

// read reads operations in a short form: "0 invoke add 1; 0 ok add 1".
func read(t *testing.T, short string) []history.Operation {
	t.Helper()
	var sb strings.Builder
	for line := range strings.SplitSeq(short, ";") {
		words := strings.SplitN(strings.TrimSpace(line), " ", 4)
		value := "nil"
		if len(words) == 4 {
			value = words[3]
		}
		fmt.Fprintf(&sb, "{:process %s, :type :%s, :f :%s, :value %s}\n", words[0], words[1], words[2], value)
	}
	h, err := recording.ReadOperations("h", strings.NewReader(sb.String()), recording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return h.List
}

// done is an operation that returns at once.
func done(process int, f, argument, result string) string {
	return fmt.Sprintf("%d invoke %s %s; %d ok %s %s", process, f, argument, process, f, result)
}

func join(parts ...string) string { return strings.Join(parts, "; ") }

func TestWorkloads(t *testing.T) {
	for _, c := range []struct{ model, about, history, want string }{
		{"set", "right", join(done(0, "add", "1", "1"), done(0, "add", "2", "2"), done(1, "read", "nil", "#{1 2}")), "pass"},
		{"set", "lost", join(done(0, "add", "1", "1"), done(0, "add", "2", "2"), done(1, "read", "nil", "#{2}")), "fail lost element"},
		{"set", "unexpected", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1 7]")), "fail unexpected element"},
		{"set", "failed and seen", join("0 invoke add 1; 0 fail add 1", done(1, "read", "nil", "[1]")), "fail unexpected element"},
		{"set", "unknown and seen", join("0 invoke add 1; 0 info add 1", done(1, "read", "nil", "[1]")), "pass"},
		{"set", "kinds differ", join(done(0, "add", "1", "1"), done(1, "read", "nil", `["1"]`)), "fail lost element"},
		{"set", "no read", done(0, "add", "1", "1"), "unknown"},
		{"set-full", "right", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1]"), done(1, "read", "nil", "[1]")), "pass"},
		{"set-full", "lost", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1]"), done(1, "read", "nil", "[]")), "fail lost element"},
		{"set-full", "stale", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[]"), done(1, "read", "nil", "[1]")), "fail stale read"},
		{"set-full", "a read makes it known", join("0 invoke add 1", done(1, "read", "nil", "[1]"), done(1, "read", "nil", "[]")), "fail lost element"},
		{"set-full", "concurrent", join("0 invoke add 1", done(1, "read", "nil", "[]"), "0 ok add 1", done(1, "read", "nil", "[1]")), "pass"},
		{"set-full", "from the future", join(done(1, "read", "nil", "[1]"), done(0, "add", "1", "1"), done(1, "read", "nil", "[1]")), "fail unexpected element"},
		{"set-full", "twice", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1 1]")), "fail duplicate element"},
		{"set-full", "never read", join(done(1, "read", "nil", "[]"), done(0, "add", "1", "1")), "unknown"},
		{"total-queue", "right", join(done(0, "enqueue", "1", "1"), done(0, "enqueue", "2", "2"), done(1, "dequeue", "nil", "2"), done(1, "drain", "nil", "[1]")), "pass"},
		{"total-queue", "lost", join(done(0, "enqueue", "1", "1"), done(0, "enqueue", "2", "2"), done(1, "dequeue", "nil", "2")), "fail lost element"},
		{"total-queue", "unexpected", join(done(0, "enqueue", "1", "1"), done(1, "drain", "nil", "[1 3]")), "fail unexpected element"},
		{"total-queue", "twice", join(done(0, "enqueue", "1", "1"), done(1, "dequeue", "nil", "1"), done(1, "dequeue", "nil", "1")), "fail duplicate element"},
		{"total-queue", "unknown", join("0 invoke enqueue 1; 0 info enqueue 1", done(1, "dequeue", "nil", "1")), "pass"},
		{"unique-ids", "right", join(done(0, "generate", "nil", "1"), done(0, "generate", "nil", `"1"`)), "pass"},
		{"unique-ids", "twice", join(done(0, "generate", "nil", "1"), done(1, "generate", "nil", "1")), "fail duplicate identifier"},
		{"bounded-counter", "right", join(done(0, "add", "5", "5"), "1 invoke add 2", done(2, "read", "nil", "7"), done(2, "read", "nil", "5")), "pass"},
		{"bounded-counter", "too few", join(done(0, "add", "5", "5"), done(2, "read", "nil", "4")), "fail read out of bounds"},
		{"bounded-counter", "less", join("0 invoke add -5", done(2, "read", "nil", "-5"), done(2, "read", "nil", "0")), "pass"},
		{"bounded-counter", "too many", join("0 invoke add 5; 0 fail add 5", done(2, "read", "nil", "5")), "fail read out of bounds"},
		{"bank-total", "right", join(done(0, "read", "nil", "{0 5 1 5}"), done(0, "read", "nil", "{0 7 1 3}")), "pass"},
		{"bank-total", "wrong", join(done(0, "read", "nil", "{0 5 1 5}"), done(0, "read", "nil", "{0 7 1 4}")), "fail wrong total"},
		{"bank-total", "negative", join(done(0, "read", "nil", "{0 5 1 5}"), done(0, "read", "nil", "{0 11 1 -1}")), "fail negative balance"},
		{"bank-total", "right list", join(done(0, "read", "nil", "[5 5]"), done(0, "read", "nil", "[7 3]")), "pass"},
		{"bank-total", "wrong list", join(done(0, "read", "nil", "[5 5]"), done(0, "read", "nil", "[7 4]")), "fail wrong total"},
		{"bank-total", "negative in a list", join(done(0, "read", "nil", "[5 5]"), done(0, "read", "nil", "[11 -1]")), "fail negative balance"},
		{"bank-total", "a number", done(0, "read", "nil", "5"), "unknown"},
		{"bank-total", "no read", "0 invoke read", "unknown"},
		{"long-fork", "right", join(done(0, "read", "nil", "[[:r 0 1] [:r 1 nil]]"), done(0, "read", "nil", "[[:r 1 1] [:r 0 1]]")), "pass"},
		{"long-fork", "fork", join(done(0, "read", "nil", "[[:r 0 1] [:r 1 nil]]"), done(0, "read", "nil", "[[:r 1 1] [:r 0 nil]]")), "fail long fork"},
		{"monotonic", "right", join(done(0, "read", "nil", "1"), "1 invoke read", done(0, "read", "nil", "5"), "1 ok read 2"), "pass"},
		{"monotonic", "back", join(done(0, "read", "nil", "5"), done(1, "read", "nil", "4")), "fail went back"},
		{"g-set", "right", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[]"), done(2, "read", "nil", "[1]"), done(1, "read", "nil", "[1]")), "pass"},
		{"g-set", "lost", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1]"), done(2, "read", "nil", "[]")), "fail lost element"},
		{"g-set", "gone", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1]"), done(1, "read", "nil", "[]"), done(1, "read", "nil", "[1]")), "fail element gone"},
		{"g-set", "unexpected", join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1 2]")), "fail unexpected element"},
		{"g-set", "failed", join("0 invoke add 1; 0 fail add 1", done(1, "read", "nil", "[1]")), "fail unexpected element"},
		{"g-set", "from the future", join(done(1, "read", "nil", "[1]"), done(0, "add", "1", "1"), done(1, "read", "nil", "[1]")), "fail unexpected element"},
		{"g-set", "unknown", join(done(0, "add", "1", "1"), "3 invoke add 2", done(1, "read", "nil", "[1]")), "pass"},
		{"g-set", "no end", join(done(1, "read", "nil", "[]"), done(0, "add", "1", "1")), "unknown"},
		{"causal-reverse", "right", join(done(0, "write", "1", "1"), done(0, "write", "2", "2"), done(1, "read", "nil", "#{1}")), "pass"},
		{"causal-reverse", "reversed", join(done(0, "write", "1", "1"), done(0, "write", "2", "2"), done(1, "read", "nil", "#{2}")), "fail missed write"},
		{"causal-reverse", "concurrent", join("0 invoke write 1", done(1, "write", "2", "2"), done(1, "read", "nil", "#{2}"), "0 ok write 1"), "pass"},
	} {
		m, ok := Lookup(c.model)
		if !ok {
			t.Fatal(c.model)
		}
		v, err := m.Check(read(t, c.history), Options{})
		got := strings.TrimSpace(fmt.Sprint(v.Status, " ", v.Rule))
		if err != nil || got != c.want {
			t.Errorf("%s, %s: %s (%s), want %s: %v", c.model, c.about, got, v.Reason, c.want, err)
		}
	}
	m, _ := Lookup("set")
	if _, err := m.Check(read(t, "0 invoke remove 1"), Options{}); err == nil || !strings.HasPrefix(err.Error(), "1: the model set has no remove") {
		t.Error(err)
	}
}

// TestSumsBeyond64Bits: what adds up to more than 64 bits hold is not judged by what is left of it.
func TestSumsBeyond64Bits(t *testing.T) {
	add := func(at int, n int64) history.Operation {
		return history.Operation{Name: "add", Outcome: history.Committed, Argument: large(n), Invoked: ticks(at), Returned: ticks(at + 1)}
	}
	read := func(at int, result history.Tree) history.Operation {
		return history.Operation{Name: "read", Outcome: history.Committed, Result: result, Invoked: ticks(at), Returned: ticks(at + 1)}
	}
	balances := func(values ...int64) history.Tree {
		m := history.Tree{Kind: history.Mapping}
		for i, v := range values {
			m.Items = append(m.Items, number(i), large(v))
		}
		return m
	}
	for model, list := range map[string][]history.Operation{
		"bounded-counter": {add(0, 1<<62), add(2, 1<<62), read(4, large(-1<<63))},
		"bank-total":      {read(0, balances(1<<63-1, 1<<63-1, 2))},
	} {
		m, _ := Lookup(model)
		if v, err := m.Check(list, Options{Given: true, Negative: true}); err != nil || v.Status != checkers.Unknown {
			t.Errorf("%s: %v %v", model, v, err)
		}
	}
}

func large(n int64) history.Tree { x := number(0); x.Value.Number = n; return x }
