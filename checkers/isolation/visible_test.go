package isolation_test

import (
	"fmt"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/models/recording"
)

// TestMissed: who missed what, and why it had to see it, among transactions of which each is made by a process of its own, too; and what is not missed.
func TestMissed(t *testing.T) {
	for _, c := range []struct {
		name, level string
		ops         []string // of transactions, one after the other: its process, and its operations
		others      int      // transactions of processes of their own besides, that write other keys
		want        string   // in the reason; empty if the level holds
	}{
		{"a chain of reads", "causal", []string{`1 [[:w a 1]]`, `2 [[:r a 1] [:w b 2]]`, `3 [[:r b 2] [:r a nil]]`}, 0, "T5 read a nil, and missed the write a 1 of T1, which comes before it by what was read"},
		{"among many processes", "causal", []string{`1 [[:w a 1]]`, `2 [[:r a 1] [:w b 2]]`, `3 [[:r b 2] [:r a nil]]`}, 20_000, "and missed the write a 1 of T1"},
		{"an older version", "causal", []string{`1 [[:w a 1]]`, `1 [[:w a 2]]`, `2 [[:r a 2] [:w b 3]]`, `3 [[:r b 3] [:r a 1]]`}, 0, "T7 read a 1, and missed the write a 2 of T3, which comes before it by what was read and by the order of processes; but what it read is by T1"},
		{"a version that may be later", "causal", []string{`1 [[:w a 1]]`, `2 [[:r a 1] [:w b 2]]`, `4 [[:w a 9]]`, `3 [[:r b 2] [:r a 9]]`}, 0, ""},
		{"a part of a transaction", "read-atomic", []string{`1 [[:w a 1] [:w b 2]]`, `2 [[:r a 1] [:r b nil]]`}, 0, "T3 read b nil, and missed the write b 2 of T1, of which it saw another write"},
		{"all of a transaction", "read-atomic", []string{`1 [[:w a 1] [:w b 2]]`, `2 [[:r a 1] [:r b 2]]`}, 0, ""},
	} {
		var sb strings.Builder
		line := func(process, ops string) {
			fmt.Fprintf(&sb, "{:process %s :type :invoke :f :txn :value %s}\n{:process %s :type :ok :f :txn :value %s}\n", process, ops, process, ops)
		}
		for _, op := range c.ops {
			process, ops, _ := strings.Cut(op, " ")
			line(process, ops)
		}
		for n := range c.others {
			line(fmt.Sprint(100+n), fmt.Sprintf("[[:w k%d 1]]", n))
		}
		h, err := recording.ReadTransactions("h", strings.NewReader(sb.String()), false, recording.Options{})
		if err != nil {
			t.Fatal(err)
		}
		l, err := isolation.ParseLevel(c.level)
		if err != nil {
			t.Fatal(err)
		}
		r, err := isolation.Judge(&h.Transactions, l)
		if err != nil || (r.Status == checkers.Fail) != (c.want != "") || !strings.Contains(strings.ReplaceAll(r.Reason, "'", ""), c.want) {
			t.Errorf("%s: %v, %q, %v; want %q", c.name, r.Status, r.Reason, err, c.want)
		}
	}
}
