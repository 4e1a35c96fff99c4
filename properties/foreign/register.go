package foreign

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/executor/sched"
	"synchrony/models/history"
	"synchrony/models/text"
	"synchrony/properties"
)

// Clients is a workload: what each of some clients does to a register that is 0 at first, one call after the other.
type Clients struct {
	Clients [][]Call `json:"clients"`
}

// Call is one call of a client.
type Call struct {
	Op    string `json:"op"`              // read, write or cas
	Value int64  `json:"value,omitempty"` // to be written
	Old   int64  `json:"old,omitempty"`   // that a cas asks for
}

// Bounds of clients, and of the calls of each.
const (
	maxClients = 64
	maxCalls   = 64
)

// Validate says what no clients can be. The error is a [*text.MalformedError].
func (w *Clients) Validate() error {
	if len(w.Clients) > maxClients {
		return &text.MalformedError{Where: "clients", Reason: fmt.Sprintf("there are %d, and may be %d", len(w.Clients), maxClients)}
	}
	for i, calls := range w.Clients {
		if len(calls) > maxCalls {
			return &text.MalformedError{Where: fmt.Sprintf("clients[%d]", i), Reason: fmt.Sprintf("it makes %d calls, and may make %d", len(calls), maxCalls)}
		}
		for k, c := range calls {
			if what := c.wrong(); what != "" {
				return &text.MalformedError{Where: fmt.Sprintf("clients[%d][%d]", i, k), Reason: what}
			}
		}
	}
	return nil
}

// wrong says what is wrong with a call.
func (c Call) wrong() string {
	switch c.Op {
	case "read", "write", "cas":
	default:
		return fmt.Sprintf("there is no operation %.40q: want read, write or cas", c.Op)
	}
	if c.Op == "read" && c.Value != 0 || c.Op != "cas" && c.Old != 0 {
		return fmt.Sprintf("a %s has no such number", c.Op)
	}
	return ""
}

// Calls is what the clients saw.
type Calls struct {
	// Calls has each call of each client, those of a client in their order.
	Calls []Returned `json:"calls"`
}

// Returned is a call that has returned. Times are of one clock of the program's, in any unit: a call that returned before another was invoked has
// the smaller time.
type Returned struct {
	Client   int   `json:"client"`
	Invoked  int64 `json:"invoked"`
	Returned int64 `json:"returned"`
	Value    int64 `json:"value,omitempty"` // that was read
	OK       bool  `json:"ok,omitempty"`    // whether a cas found the old value
}

// seen is what a register shows.
type seen = Observation[Calls]

// registerKey is what the register is called in histories.
const registerKey = "register"

// register is the property of registers.
func register(p *program) (properties.Testable, error) {
	return &properties.Property[Clients, seen]{
		ID: p.id(), Group: "foreign", Statement: "there is an order of the calls that explains all results and agrees with time",
		System: system(p, inconceivable), Generator: rapid.Custom(drawClients), Codec: properties.JSON[Clients](),
		Checkers: []checkers.Checker[Clients, seen]{judged("linearizability", checkCalls)},
		Sometimes: []properties.Condition[Clients, seen]{
			{Name: "two clients", Holds: func(w Clients, _ seen) bool { return len(w.Clients) > 1 }},
		},
		Size: func(w Clients) int {
			n := 0
			for _, c := range w.Clients {
				n += len(c)
			}
			return n
		},
		Real: func(Clients) bool { return p.plainly() },
		Explain: func(w Clients, o seen, rec *sched.Record) []string {
			var lines []string
			if o.NotJudged == "" {
				for _, c := range historyOf(w, &o.Result).Calls {
					lines = append(lines, c.String())
				}
			}
			return story(o, rec, lines...)
		},
	}, nil
}

// drawClients draws clients that write different values, so that a read tells whose it was.
func drawClients(t *rapid.T) Clients {
	w := Clients{Clients: [][]Call{}}
	next := int64(0)
	for range rapid.IntRange(1, 4).Draw(t, "clients") {
		calls := []Call{}
		for range rapid.IntRange(1, 4).Draw(t, "calls") {
			c := Call{Op: rapid.SampledFrom([]string{"write", "read", "cas"}).Draw(t, "op")}
			if c.Op == "cas" {
				c.Old = int64(rapid.IntRange(0, int(next)).Draw(t, "old"))
			}
			if c.Op != "read" {
				next++
				c.Value = next
			}
			calls = append(calls, c)
		}
		w.Clients = append(w.Clients, calls)
	}
	return w
}

// inconceivable says what no register can show of the clients.
func inconceivable(w Clients, r *Calls) string {
	count := make([]int, len(w.Clients))
	last := make([]int64, len(w.Clients))
	for i, c := range r.Calls {
		switch {
		case c.Client < 0 || c.Client >= len(w.Clients):
			return fmt.Sprintf("calls[%d] is of client %d, of %d", i, c.Client, len(w.Clients))
		case c.Returned < c.Invoked || count[c.Client] > 0 && c.Invoked < last[c.Client]:
			return fmt.Sprintf("calls[%d] returned before it was invoked, or was invoked before the client's call before it had returned", i)
		}
		count[c.Client]++
		last[c.Client] = c.Returned
	}
	for i, n := range count {
		if n != len(w.Clients[i]) {
			return fmt.Sprintf("client %d made %d calls, of %d", i, n, len(w.Clients[i]))
		}
	}
	return ""
}

// historyOf is what the clients saw as a history.
func historyOf(w Clients, r *Calls) *history.Calls {
	h := &history.Calls{Initial: []history.Entry{{Key: registerKey, Value: history.NumberOf(0)}}}
	count := make([]int, len(w.Clients))
	for _, c := range r.Calls {
		asked := w.Clients[c.Client][count[c.Client]]
		count[c.Client]++
		a := history.Action{Kind: history.ReadKey, Key: registerKey, Value: history.NumberOf(c.Value)}
		switch asked.Op {
		case "write":
			a.Kind, a.Value = history.WriteKey, history.NumberOf(asked.Value)
		case "cas":
			a = history.Action{Kind: history.CompareSet, Key: registerKey, Old: history.NumberOf(asked.Old), Value: history.NumberOf(asked.Value), OK: c.OK}
		}
		h.Calls = append(h.Calls, history.Call{
			Process: int32(c.Client), Invoked: time.Duration(c.Invoked), Returned: time.Duration(c.Returned), Actions: []history.Action{a},
		})
	}
	return h
}

func checkCalls(w Clients, r *Calls) checkers.Verdict {
	return linearizability.Check(linearizability.Register(), historyOf(w, r), linearizability.Options{Timeout: -1}).Verdict
}
