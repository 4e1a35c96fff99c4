package recording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"synchrony/models/history"
)

// ContradictionError says that reads of a history contradict each other or what was
// written, whatever the order of the transactions: the system is wrong.
type ContradictionError struct {
	Rule   string // in a few words: "incompatible order"
	Reason string
}

// Error is the reason.
func (e *ContradictionError) Error() string { return e.Rule + ": " + e.Reason }

// Versioned is a recording of transactions with the versions that its reads reveal.
type Versioned struct {
	// Likely is the history with the versions ordered as far as reads reveal it, and
	// otherwise in the order in which their writers returned. If it is
	// serializable, so is the recording; if it is not, neither is the recording if Exact.
	Likely *history.History
	Exact  bool
	// Certain has only writes that certainly follow each other, though others may come
	// between: if it is not serializable, neither is the recording.
	Certain *history.History
}

// versioning infers the versions of a recording (Kingsbury and Alvaro, "Elle:
// Inferring Isolation Anomalies from Experimental Observations", VLDB 2020, section
// 4: recoverability by unique writes, traceability by lists).
type versioning struct {
	r       *Recording
	calls   []*history.Call // those that may have taken effect, and then those that failed
	lines   []int
	keys    map[string]int
	names   []string
	writers []map[string]write // by key and element or value
	orders  [][]string         // by key: the elements in the order that reads reveal
	visible []bool             // by call: whether a write of it was read
}

// incompatible is the rule of lists that did not grow from one another.
const incompatible = "incompatible order"

// write is where a version was written.
type write struct{ call, action int }

func newVersioning(r *Recording, kind history.ActionKind) (*versioning, error) {
	v := &versioning{r: r, keys: map[string]int{}}
	for i := range r.Calls.Calls {
		v.calls, v.lines = append(v.calls, &r.Calls.Calls[i]), append(v.lines, r.Lines[i])
	}
	for i := range r.Failed {
		v.calls, v.lines = append(v.calls, &r.Failed[i]), append(v.lines, r.FailedLines[i])
	}
	v.visible = make([]bool, len(v.calls))
	if len(r.Initial) > 0 {
		return nil, fmt.Errorf("%s: transactions are judged by the values that they write, and begin with no keys", r.File)
	}
	for i, c := range v.calls {
		for k := range c.Actions {
			a := &c.Actions[k]
			if a.Kind != history.ReadKey && a.Kind != kind {
				return nil, v.malformed(i, "%v in a history of transactions that read and %v", a, kind)
			}
			key, ok := v.keys[a.Key]
			if !ok {
				key = len(v.names)
				v.keys[a.Key] = key
				v.names = append(v.names, a.Key)
				v.writers = append(v.writers, map[string]write{})
			}
			if a.Kind != kind {
				continue
			}
			element := strings.TrimSuffix(plain(a.Value), " ")
			if w, ok := v.writers[key][element]; ok {
				return nil, v.malformed(i, "%v writes what line %d writes: a read could not tell which it saw", a, v.lines[w.call])
			}
			v.writers[key][element] = write{i, k}
		}
	}
	return v, nil
}

func (v *versioning) malformed(call int, format string, args ...any) error {
	return badRecord(v.r.File, v.lines[call], fmt.Sprintf(format, args...))
}

// name is what reports call a transaction: the line of its invocation.
func (v *versioning) name(call int) string { return fmt.Sprintf("T%d", v.lines[call]) }

// plain is a value as text; that of an absent one is empty.
func plain(v history.Value) string {
	switch v.Kind {
	case history.Text:
		return v.Text
	case history.Number:
		return v.String()
	default:
		return ""
	}
}

// told reports whether call's reads say anything: it returned, and did not fail.
func (v *versioning) told(call int) bool {
	return call < len(v.r.Calls.Calls) && !v.calls[call].Pending()
}

// happened reports whether a call certainly took effect.
func (v *versioning) happened(call int) bool {
	return v.told(call) || v.visible[call] && call < len(v.r.Calls.Calls)
}

// sees notes that an action of a call read what another, or an earlier action, wrote.
func (v *versioning) sees(call, action, key int, element string) error {
	w, ok := v.writers[key][element]
	switch {
	case ok && w.call == call && w.action > action:
		return &ContradictionError{"read of the future", fmt.Sprintf("%s read %s of %s before it wrote that itself", v.name(call), element, v.names[key])}
	case !ok:
		return &ContradictionError{"read of what nobody wrote", fmt.Sprintf("%s read %s of %s, which no transaction wrote", v.name(call), element, v.names[key])}
	}
	if w.call != call {
		v.visible[w.call] = true
	}
	return nil
}

// ListAppends infers the versions of transactions that read lists and append to them.
// The error is a [*text.Error] for a malformed history, and a [*ContradictionError]
// for reads of one list that no order of appending explains.
func (r *Recording) ListAppends() (*Versioned, error) {
	v, err := newVersioning(r, history.AppendTo)
	if err != nil {
		return nil, err
	}
	if err := v.listOrders(); err != nil {
		return nil, err
	}
	likely := make([][]write, len(v.names))
	certain := make([][]write, len(v.names))
	exact := true
	for key, order := range v.orders {
		for _, e := range order {
			likely[key] = append(likely[key], v.writers[key][e])
		}
		// What nobody read was appended after the last that somebody read. That is certain
		// of each transaction, and of the first alone it is all that there is to know.
		unread := v.unread(key, likely[key])
		first := slices.DeleteFunc(slices.Clone(unread), func(w write) bool { return w.call != unread[0].call })
		exact = exact && len(first) == len(unread)
		certain[key] = slices.Concat(likely[key], first)
		likely[key] = slices.Concat(likely[key], unread)
	}
	return &Versioned{Likely: v.history(likely), Certain: v.history(certain), Exact: exact}, nil
}

// listOrders finds the longest list that was read of each key, of which all the others
// must be the beginnings.
func (v *versioning) listOrders() error {
	v.orders = make([][]string, len(v.names))
	from := make([]int, len(v.names)) // who read it
	for round := range 2 {
		for i, c := range v.calls {
			for k := range c.Actions {
				a := &c.Actions[k]
				if a.Kind != history.ReadKey || !v.told(i) {
					continue
				}
				key := v.keys[a.Key]
				list := strings.Fields(plain(a.Value))
				switch longest := v.orders[key]; {
				case round == 0 && len(list) > len(longest):
					v.orders[key], from[key] = list, i
					if err := v.sees(i, k, key, list[len(list)-1]); err != nil {
						return err
					}
				case round == 0 && len(list) > 0:
					if err := v.sees(i, k, key, list[len(list)-1]); err != nil {
						return err
					}
				case round == 1 && !slices.Equal(list, longest[:len(list)]):
					return &ContradictionError{incompatible, fmt.Sprintf("%s read %s as [%s], and %s as [%s]: neither list can have grown to the other",
						v.name(i), a.Key, strings.Join(list, " "), v.name(from[key]), strings.Join(longest, " "))}
				}
			}
		}
	}
	for key, list := range v.orders {
		seen := map[string]bool{}
		for _, e := range list {
			if seen[e] {
				return &ContradictionError{"duplicate element", fmt.Sprintf("%s read %s as [%s]: %s was appended once, and is there twice", v.name(from[key]), v.names[key], strings.Join(list, " "), e)}
			}
			seen[e] = true
			if err := v.sees(from[key], len(v.calls[from[key]].Actions), key, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// unread lists the writes of a key that took effect though nobody read them, by the
// return of their transactions.
func (v *versioning) unread(key int, read []write) []write {
	known := map[write]bool{}
	for _, w := range read {
		known[w] = true
	}
	var list []write
	for _, w := range v.writers[key] {
		if v.happened(w.call) && !known[w] {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(x, y write) int {
		return cmp.Or(cmp.Compare(v.calls[x.call].Returned, v.calls[y.call].Returned), cmp.Compare(x.call, y.call), cmp.Compare(x.action, y.action))
	})
	return list
}

// history is the transactions with their writes of each key in an order; those that
// took effect and are not in it are left out.
func (v *versioning) history(orders [][]write) *history.History {
	h := &history.History{Keys: v.names, Initial: make([]int64, len(v.names))}
	position := map[write]int{} // in the order of its key, from 1
	for _, order := range orders {
		for i, w := range order {
			position[w] = i + 1
		}
	}
	access := map[write]int32{}
	type read struct {
		access int32
		key    int
		from   string
	}
	var reads []read
	elements := map[string]int64{}
	for i, c := range v.calls {
		v.begin(h, i, c)
		for k := range c.Actions {
			a := &c.Actions[k]
			key := v.keys[a.Key]
			if a.Kind == history.ReadKey {
				if v.told(i) {
					x := h.Add(history.ReadOf(int32(key), history.InitialVersion, 0))
					if last := lastElement(a.Value); last != "" {
						reads = append(reads, read{x, key, last})
					}
				}
				continue
			}
			w := write{i, k}
			if position[w] == 0 && v.happened(i) {
				continue
			}
			access[w] = h.Add(history.WriteOf(int32(key), history.InitialVersion, valueOf(a.Value, elements)))
		}
	}
	for _, order := range orders {
		for i, w := range order[min(1, len(order)):] {
			h.Accesses[access[w]].Version = access[order[i]]
		}
	}
	for _, r := range reads {
		x, ok := access[v.writers[r.key][r.from]]
		if ok {
			h.Accesses[r.access].Version, h.Accesses[r.access].Value = x, h.Accesses[x].Value
		}
	}
	return h
}

func (v *versioning) begin(h *history.History, i int, c *history.Call) {
	outcome, returned := history.Committed, c.Returned
	switch {
	case i >= len(v.r.Calls.Calls):
		outcome = history.Aborted
	case c.Pending():
		outcome, returned = 0, history.Forever
	}
	h.Begin(v.name(i), outcome, c.Invoked, returned)
}

// lastElement is the last element of a list, or a value; "" for none.
func lastElement(v history.Value) string {
	if v.Kind == history.Text {
		words := strings.Fields(v.Text)
		if len(words) > 0 && strings.HasSuffix(v.Text, " ") {
			return words[len(words)-1]
		}
	}
	return plain(v)
}

// valueOf is a number that stands for a value: itself, if it is one.
func valueOf(v history.Value, known map[string]int64) int64 {
	text := strings.TrimSuffix(plain(v), " ")
	if d := atom(text); d.kind == integerDatum {
		return d.number
	}
	n, ok := known[text]
	if !ok {
		n = int64(len(known)) + 1
		known[text] = n
	}
	return n
}
