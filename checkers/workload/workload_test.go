package workload

import (
	"fmt"
	"math/rand/v2"
	"reflect"
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
		{"bank-total", "a fraction", join(done(0, "read", "nil", "{0 5 1 5}"), done(0, "read", "nil", "{0 5 1 5.5}")), "unknown"},
		{"bank-total", "wrong, and a fraction", join(done(0, "read", "nil", "{0 5 1 5}"), done(0, "read", "nil", "{0 5 1 6}"), done(0, "read", "nil", "{0 5 1 5.5}")), "fail wrong total"},
		{"bounded-counter", "a word", join(done(0, "add", "5", "5"), done(2, "read", "nil", ":x")), "unknown"},
		{"bounded-counter", "too few, and a word", join(done(0, "add", "5", "5"), done(2, "read", "nil", "4"), done(2, "read", "nil", ":x")), "fail read out of bounds"},
		{"monotonic", "a fraction", join(done(0, "read", "nil", "3"), done(0, "read", "nil", "2.0"), done(0, "read", "nil", "5")), "unknown"},
		{"monotonic", "back, and a word", join(done(0, "read", "nil", "3"), done(0, "read", "nil", ":x"), done(0, "inc", "nil", "2")), "fail went back"},
		{"monotonic", "nothing", join(done(0, "read", "nil", "3"), done(0, "read", "nil", "nil"), done(0, "inc", "5", "5"), done(0, "inc", "nil", "nil")), "pass"},
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

// TestAnyOrder: what is said of a history does not depend on the order in which its operations are told.
func TestAnyOrder(t *testing.T) {
	drain := "0 invoke drain nil; 1 invoke dequeue nil; 1 ok dequeue 5; 1 invoke enqueue 5; 1 ok enqueue 5; 0 ok drain [8 5]"
	thrice := "0 invoke generate nil; 1 invoke generate nil; 1 ok generate 7; 0 ok generate 7; 1 invoke generate nil; 1 ok generate 7"
	totals := "0 invoke read nil; 1 invoke read nil; 1 ok read {0 5 1 6}; 0 ok read {0 5 1 5}; 1 invoke read nil; 1 ok read {0 12 1 -2}"
	odd := "0 invoke read nil; 1 invoke read nil; 1 ok read :x; 0 ok read :y; 1 invoke add :z; 2 invoke add :u; 2 ok add :u; 1 ok add :z"
	forks := "0 invoke read nil; 1 invoke read nil; 1 ok read [[:r 0 1] [:r 1 nil]]; 0 ok read [[:r 0 nil] [:r 1 1]]; " + done(1, "read", "nil", "[[:r 0 1] [:r 1 nil]]")
	back := "0 invoke read nil; 1 invoke read nil; 1 ok read 7; 0 ok read 9; " + join(done(1, "read", "nil", "5"), done(0, "read", "nil", "6"))
	for model, short := range map[string]string{
		"total-queue": drain, "unique-ids": thrice, "bank-total": totals, "bounded-counter": odd, "long-fork": forks, "monotonic": back,
		"set":   join(done(0, "add", "1", "1"), done(0, "add", "2", "2"), "0 invoke read nil; 1 invoke read nil; 1 ok read [1]; 0 ok read [1 2 3]"),
		"kafka": join(send(0, "10", "0"), send(0, "11", "1"), poll(1, "[0 10] [1 12]"), poll(2, "[1 11]"), poll(2, "[0 10]")),
		"g-set": join(done(0, "add", "1", "1"), done(1, "read", "nil", "[1]"), done(1, "read", "nil", "[]"), done(2, "read", "nil", "[2]")),
	} {
		m, _ := Lookup(model)
		list := read(t, short)
		want, err := m.Check(list, Options{})
		if err != nil || want.Status == checkers.Pass {
			t.Fatalf("%s: %v, %v", model, want, err)
		}
		for seed := range uint64(30) {
			rand.New(rand.NewPCG(seed, 0)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			if got, err := m.Check(list, Options{}); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %v, and in order %v: %v", model, got, want, err)
			}
		}
	}
}

// TestFirstAndLast: of operations that were invoked at one time the one that returned first comes first, whatever their lines.
func TestFirstAndLast(t *testing.T) {
	at := func(line, invoked, returned int, name string, argument, result history.Tree) history.Operation {
		return history.Operation{Process: int32(line), Line: line, Outcome: history.Committed, Name: name, Invoked: ticks(invoked), Returned: ticks(returned), Argument: argument, Result: result}
	}
	list := []history.Operation{
		at(1, 1, 2, "add", number(1), number(1)),
		at(2, 5, 9, "read", history.Tree{}, history.Tree{Kind: history.Sequence}),
		at(3, 5, 7, "read", history.Tree{}, history.Tree{Kind: history.Sequence, Items: []history.Tree{number(1)}}),
	}
	m, _ := Lookup("set")
	if v, err := m.Check(list, Options{}); err != nil || v.Rule != "lost element" {
		t.Errorf("the read that returns last is not the last one: %v, %v", v, err)
	}
}
