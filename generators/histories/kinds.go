package histories

import (
	"synchrony/models/history"
)

// Anomaly is a way in which a history of transactions can be wrong, in its smallest
// form.
type Anomaly struct {
	Name string
	// Rule is what the direct serialization graph calls it; empty if the graph finds
	// nothing wrong, since only what the transactions compute is.
	Rule string
	// history is in the text form of history.FormatHistory, with two liberties: the
	// values are added to what the access should have, and restore stands for the
	// initial value of the key.
	history string
}

// restore is a value in an Anomaly's history: that of the key at first.
const restore = -1

// Anomalies returns every kind: Adya's phenomena, those with "-realtime" that are
// wrong only because one transaction had returned before another was invoked, and those
// about which some checkers disagree with others by what they ask.
func Anomalies() []Anomaly {
	return []Anomaly{
		{"G0", "G0", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			write y 0 over B
			tx B committed 10ns 20ns
			write x 0 over A
			write y 0 over init
			tx C committed 10ns 20ns
			read x 0 from B
			read y 0 from A`},
		{"G1a", "G1a", `initial x 0
			tx A aborted 10ns 20ns
			write x 0 over init
			tx B committed 10ns 20ns
			read x 0 from A`},
		{"G1b", "G1b", `initial x 0
			tx A committed 10ns 20ns
			write x 0 over init
			write x 0 over A write 1
			tx B committed 10ns 20ns
			read x 0 from A write 1`},
		{"G1c", "G1c", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			read y 0 from B
			tx B committed 10ns 20ns
			write y 0 over init
			read x 0 from A`},
		{"G-single", "G-single", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			write y 0 over init
			tx B committed 10ns 20ns
			read x 0 from A
			read y 0 from init`},
		{"G2-item", "G2-item", `initial x 0 y 0
			tx A committed 10ns 20ns
			read x 0 from init
			write y 0 over init
			tx B committed 10ns 20ns
			read y 0 from init
			write x 0 over init`},
		{"lost update", "G-single", `initial x 0
			tx A committed 10ns 20ns
			read x 0 from init
			write x 0 over init
			tx B committed 10ns 20ns
			read x 0 from init
			write x 0 over init`},
		{"G0-realtime", "G0-realtime", `initial x 0
			tx A committed 10ns 20ns
			write x 0 over B
			tx B committed 30ns 40ns
			write x 0 over init
			tx C committed 50ns 60ns
			read x 0 from A`},
		{"G1c-realtime", "G1c-realtime", `initial x 0
			tx A committed 10ns 20ns
			read x 0 from B
			tx B committed 30ns 40ns
			write x 0 over init`},
		{"G-single-realtime", "G-single-realtime", `initial x 0
			tx A committed 10ns 20ns
			write x 0 over init
			tx B committed 30ns 40ns
			read x 0 from init`},
		{"G2-item-realtime", "G2-item-realtime", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			tx B committed 30ns 40ns
			read y 0 from init
			tx C committed 0ns 50ns
			read x 0 from init
			write y 0 over init`},
		{"internal read", "internal", `initial x 0
			tx A committed 10ns 20ns
			write x 0 over init
			read x 0 from init`},
		{"wrong value", "wrong value", `initial x 0
			tx A committed 10ns 20ns
			write x 0 over init
			tx B committed 30ns 40ns
			read x 7 from A`},
		{"wrong initial value", "wrong value", `initial x 0
			tx A committed 10ns 20ns
			read x 7 from init`},
		{"wrong own value", "wrong value", `initial x 0
			tx A committed 10ns 20ns
			write x 0 over init
			read x 7 from A`},
		{"another order", "G0", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			write y 0 over B
			tx B committed 10ns 20ns
			write x 0 over A
			write y 0 over init`},
		{"ABA", "G-single", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			tx B committed 30ns 40ns
			write x -1 over A
			write y 0 over init
			tx C committed 0ns 50ns
			read y 0 from B
			read x 0 from init`},
		{"wrong computation", "", `initial x 0 y 0
			tx A committed 10ns 20ns
			write x 0 over init
			tx B committed 30ns 40ns
			read x 0 from A
			write y 1 over init
			tx C committed 50ns 60ns
			read y 0 from B`},
	}
}

// Computed is what a write, given by its index in h.Accesses, should have written.
// The transactions of drawn histories are programs that compute what they write: the
// write's number in the history times 100, which makes it unique, plus the sum of what
// the transaction had read before, modulo 100, which makes it depend on that.
func Computed(h *history.History, tx, write int32) int64 {
	var sum int64
	for i := h.Starts[tx]; i < write; i++ {
		if a := &h.Accesses[i]; !a.IsWrite() {
			sum = (sum + a.Value) % 100
		}
	}
	return 100*int64(write+1) + sum
}

// spoil is by how much the value of an access differs from what it should be, or
// restore.
type spoil map[int32]int64

// compute gives each access its value: writes what they compute, and reads what their
// versions have. What the transactions wrote may depend on each other in circles, if
// they are wrong; so it takes a round for each.
func compute(h *history.History, spoiled spoil) {
	for k := range h.Initial {
		h.Initial[k] = int64(k) + 1
	}
	for range h.Len() + 1 {
		for tx := range int32(h.Len()) {
			for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
				a := &h.Accesses[i]
				switch {
				case spoiled[i] == restore:
					a.Value = h.Initial[a.Key()]
					continue
				case a.IsWrite():
					a.Value = Computed(h, tx, i)
				default:
					a.Value = ValueOf(h, a)
				}
				a.Value += spoiled[i]
			}
		}
	}
}

// ValueOf is the value of the version of an access.
func ValueOf(h *history.History, a *history.Access) int64 {
	if a.Version == history.InitialVersion {
		return h.Initial[a.Key()]
	}
	return h.Accesses[a.Version].Value
}
