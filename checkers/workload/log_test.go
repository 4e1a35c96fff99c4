package workload

import (
	"fmt"
	"strings"
	"testing"

	"synchrony/models/history"
)

// send and poll are operations on the log x: what is sent, and the offsets with the values that are polled.
func send(process int, value, offset string) string {
	result := value
	if offset != "" {
		result = "[" + offset + " " + value + "]"
	}
	return done(process, "send", "[[:send x "+value+"]]", "[[:send x "+result+"]]")
}

func poll(process int, entries string) string {
	return done(process, "poll", "[[:poll]]", "[[:poll {x ["+entries+"]}]]")
}

func TestKafka(t *testing.T) {
	three := join(send(0, "10", "0"), send(0, "11", "1"), send(0, "12", "5"))
	for _, c := range []struct{ about, history, want string }{
		{"right", join(three, poll(1, "[0 10] [1 11]"), poll(1, "[5 12]")), "pass"},
		{"offset not told", join(send(0, "10", ""), poll(1, "[0 10]")), "pass"},
		{"lost", join(three, poll(1, "[1 11]"), poll(1, "[5 12]")), "fail lost write"},
		{"not yet polled", join(three, poll(1, "[0 10]")), "pass"},
		{"two values", join(three, poll(1, "[0 10] [1 11]"), poll(2, "[0 11]")), "fail inconsistent offsets"},
		{"twice", join(three, poll(1, "[0 10] [1 11] [5 12] [6 12]")), "fail duplicate"},
		{"nobody sent it", join(three, poll(1, "[0 10] [1 11] [5 12] [6 13]")), "fail unexpected value"},
		{"sent later", join(poll(1, "[0 10]"), send(0, "10", "0")), "fail unexpected value"},
		{"failed", join("0 invoke send [[:send x 10]]; 0 fail send [[:send x 10]]", poll(1, "[0 10]")), "fail aborted read"},
		{"unknown", join("0 invoke send [[:send x 10]]; 0 info send [[:send x 10]]", poll(1, "[0 10]")), "pass"},
		{"skip", join(three, poll(2, "[0 10] [1 11]"), poll(1, "[0 10]"), poll(1, "[5 12]")), "fail poll skip"},
		{"skip in one", join(three, poll(2, "[0 10] [1 11]"), poll(1, "[0 10] [5 12]")), "fail internal poll skip"},
		{"back", join(three, poll(1, "[0 10] [1 11]"), poll(1, "[0 10]")), "fail nonmonotonic poll"},
		{"back in one", join(three, poll(1, "[0 10] [0 10]")), "fail internal nonmonotonic poll"},
		{"back after a subscription", join(three, poll(1, "[0 10] [1 11]"), done(1, "subscribe", "[x]", "[x]"), poll(1, "[0 10]")), "pass"},
		{"back after the same assignment", join(three, poll(1, "[0 10] [1 11]"), done(1, "assign", "[x]", "[x]"), poll(1, "[0 10]")), "fail nonmonotonic poll"},
		{"back after another assignment", join(three, poll(1, "[0 10] [1 11]"), done(1, "assign", "[y]", "[y]"), done(1, "assign", "[x]", "[x]"), poll(1, "[0 10]")), "pass"},
		{"sent backwards", join(send(0, "10", "3"), send(0, "11", "1"), poll(1, "[1 11] [3 10]")), "fail nonmonotonic send"},
		{"sent twice", join(send(0, "10", "3"), send(1, "10", "4"), poll(1, "[3 10]")), "unknown"},
		{"no poll", three, "unknown"},
		{"in a transaction", join(done(0, "txn", "[[:send x 1] [:poll]]", "[[:send x [0 1]] [:poll {x [[0 1]]}]]")), "pass"},
	} {
		m, _ := Lookup("kafka")
		v, err := m.Check(read(t, c.history), Options{})
		if got := strings.TrimSpace(fmt.Sprint(v.Status, " ", v.Rule)); err != nil || got != c.want {
			t.Errorf("%s: %s (%s), want %s: %v", c.about, got, v.Reason, c.want, err)
		}
	}
}

// TestKafkaNames: in JSON, the names of a poll's members are texts, though the keys are numbers.
func TestKafkaNames(t *testing.T) {
	text := func(s string) *history.Tree { return &history.Tree{Value: history.TextOf(s)} }
	five := number(5)
	if keyOf(text("5")) != keyOf(&five) || keyOf(text("x")) == keyOf(&history.Tree{Value: history.SymbolOf("x")}) || keyOf(text("05")) != "5" {
		t.Error(keyOf(text("5")), keyOf(text("x")))
	}
}
