package recording

import (
	"fmt"
	"strings"

	"synchrony/models/history"
)

// pairsAreKeys guesses by the first records whether values [a b] are a key and its value: they are if there is no
// other value, and no read and nothing that takes an element is invoked without a key. It reports whether there are such values at all.
func (c *callReader) pairsAreKeys(first []datum) (keys, found bool) {
	keys = true
	for i := range first {
		d := &first[i]
		value := d.get("value")
		if _, named := d.lookup("key"); named || !d.isMap() || d.get("process").word() == "nemesis" {
			continue
		}
		kind, err := c.kind(d.get("f").word())
		if err != nil {
			continue // a transaction, or what is refused
		}
		switch kind {
		case history.ReadKey, history.TakeFirst, history.TakeLast, history.TakeAny, history.TakeLeast:
			if value.kind == nilDatum {
				if d.get("type").word() == "invoke" {
					keys = false
				}
				continue
			}
		case history.WriteKey, history.AddTo, history.AppendTo, history.DeleteKey, history.HasKey, history.PutIn, history.AddMember:
		case history.CompareSet:
			if _, pair := value.pair(); pair.isPair() {
				found = true
			} else {
				keys = false
			}
			continue
		default:
			continue
		}
		found = found || value.isPair()
		keys = keys && value.isPair()
	}
	return keys && found, found
}

// settleNames finds out which keys the names of JSON objects mean.
func (c *callReader) settleNames() {
	states := [][]history.Entry{c.recording.Initial}
	named := map[string]bool{}
	for _, actions := range c.actions {
		for k := range actions {
			a := &actions[k]
			states = append(states, a.State)
			if a.Kind != history.TakeAll && a.Kind != history.ClearAll {
				named[a.Key] = true
			}
			if a.Kind == history.Transfer {
				named[a.To] = true
			}
		}
	}
	for _, state := range states {
		for i := range state {
			if word, ok := strings.CutPrefix(state[i].Key, looseName); ok {
				state[i].Key = resolve(word, named)
			}
		}
	}
}

// AddInitial adds what is there at first, as words of a command line say it: key=value or, where operations name no key, the
// value alone. A word that is the name of a key in the history, of whatever kind, means that key.
func (r *Recording) AddInitial(pair string) error {
	entry, err := initialEntry(pair, r.keys())
	if err == nil {
		r.Initial = append(r.Initial, entry)
	}
	return err
}

// initialEntry is what the words of a command line say is there at first, in a history of which operations name these keys.
func initialEntry(pair string, named map[string]bool) (history.Entry, error) {
	nameless := named[SingleKey]
	others := len(named)
	if nameless {
		others--
	}
	word, value, keyed := strings.Cut(pair, "=")
	key := SingleKey
	switch {
	case keyed && word != SingleKey && nameless && others == 0:
		return history.Entry{}, fmt.Errorf("%q names a key, and the operations of this history name none: want the value alone, as %q", pair, value)
	case keyed:
		key = resolve(word, named)
	case others > 0:
		return history.Entry{}, fmt.Errorf("%q is not key=value", pair)
	default:
		value = pair
	}
	return history.Entry{Key: key, Value: ParseValue(value)}, nil
}

// keys are the keys that operations name. A read of unknown outcome that names none may be of everything.
func (r *Recording) keys() map[string]bool {
	named := map[string]bool{}
	for _, list := range [][]history.Call{r.Calls.Calls, r.Failed} {
		for i := range list {
			for k := range list[i].Actions {
				a := &list[i].Actions[k]
				if a.Key == SingleKey && a.Kind == history.ReadKey && list[i].Pending() {
					continue
				}
				named[a.Key], named[a.To] = true, true
				for _, e := range a.State {
					named[e.Key] = true
				}
			}
		}
	}
	delete(named, "")
	return named
}
