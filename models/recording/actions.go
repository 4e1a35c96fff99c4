package recording

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"synchrony/models/history"
)

// operationKinds are the names that recorders give to actions.
var operationKinds = []struct {
	kind  history.ActionKind
	names []string
}{
	{history.ReadKey, []string{"read", "get", "r"}},
	{history.WriteKey, []string{"write", "put", "w"}},
	{history.DeleteKey, []string{"delete", "del"}},
	{history.HasKey, []string{"has"}},
	{history.CompareSet, []string{"cas"}},
	{history.AddTo, []string{"add", "inc"}},
	{history.AppendTo, []string{"append"}},
	{history.Transfer, []string{"transfer"}},
	{history.TakeAll, []string{"snapshot"}},
	{history.ClearAll, []string{"clear"}},
	{history.AwaitAll, []string{"await"}},
	{history.JoinAll, []string{"join"}},
}

func operationKind(f string) (history.ActionKind, error) {
	for i := range operationKinds {
		if slices.Contains(operationKinds[i].names, f) {
			return operationKinds[i].kind, nil
		}
	}
	var known []string
	for _, k := range operationKinds {
		known = append(known, k.names[0])
	}
	return 0, fmt.Errorf("unknown operation %q: want one of %s, txn", f, strings.Join(known, ", "))
}

// kindOf is the kind of an operation whose name is a datum.
func kindOf(name *datum) (history.ActionKind, error) {
	for i := range operationKinds {
		for _, word := range operationKinds[i].names {
			if name.means(word) {
				return operationKinds[i].kind, nil
			}
		}
	}
	return operationKind(name.word()) // which is none
}

// kind is what an operation of a name does, in the model at hand.
func (c *callReader) kind(f string) (history.ActionKind, error) {
	if kind, ok := c.options.Words[f]; ok {
		return kind, nil
	}
	if len(c.options.Words) > 0 {
		return 0, fmt.Errorf("unknown operation %q: this model has %s", f, strings.Join(slices.Sorted(maps.Keys(c.options.Words)), ", "))
	}
	return operationKind(f)
}

// SingleKey is the key of a history of one register, which does not name it.
const SingleKey = "register"

// actionsOf reads what an operation does and, of one that returned, what came of it. An
// operation is a map of f and value, perhaps with key and result; one whose value is
// a list of such, or that has ops, is a transaction.
func (c *callReader) actionsOf(d *datum) ([]history.Action, error) {
	ops, many, err := transactionOf(d)
	if err != nil {
		return nil, err
	}
	if !many {
		a, err := c.actionOf(d)
		return []history.Action{a}, err
	}
	actions := []history.Action{}
	for op := range ops.all() {
		var a history.Action
		if op.kind == listDatum {
			a, err = microOperation(&op)
		} else {
			a, err = c.actionOf(&op)
		}
		if err != nil {
			return nil, err
		}
		actions = append(actions, a)
	}
	return actions, nil
}

// transactionOf is the operations of a record that is a transaction: it has ops, or is named txn, or has no name
// and a list of lists as its value, as Elle allows.
func transactionOf(d *datum) (ops datum, ok bool, err error) {
	ops, ok = d.lookup("ops")
	if !ok {
		f := d.get("f")
		ops = d.get("value")
		if !f.means("txn") && !(f.kind == nilDatum && ops.isListOfLists()) {
			return datum{}, false, nil
		}
	}
	if ops.kind != listDatum {
		return datum{}, false, fmt.Errorf("a transaction is a list of operations, not %v", ops)
	}
	return ops, true, nil
}

func (d *datum) isListOfLists() bool {
	for x := range d.all() {
		if x.kind != listDatum {
			return false
		}
	}
	return d.kind == listDatum
}

// microOperation is Elle's [:append x 1], [:r x [1 2]], or [:r x] of a read that has not returned.
func microOperation(op *datum) (history.Action, error) {
	kind, key, value, _, err := microParts(op)
	if err != nil {
		return history.Action{}, err
	}
	a := history.Action{Kind: kind}
	if a.Key, err = key.name(); err != nil {
		return history.Action{}, err
	}
	if kind == history.AppendTo {
		a.Value = history.ListOf([]string{value.element()})
		return a, nil
	}
	a.Value, err = value.value()
	return a, err
}

// microParts takes an operation of Elle apart; told says that it has a value.
func microParts(op *datum) (kind history.ActionKind, key, value datum, told bool, err error) {
	var parts [3]datum // the first ones
	count := 0
	for x := range op.all() {
		if count < len(parts) {
			parts[count] = x
		}
		count++
	}
	if kind, err = kindOf(&parts[0]); err != nil {
		return 0, key, value, false, err
	}
	if kind != history.ReadKey && kind != history.WriteKey && kind != history.AppendTo {
		return 0, key, value, false, fmt.Errorf("%v: an operation of a transaction in this form is r, w or append", *op)
	}
	if count == 3 || count == 2 && kind == history.ReadKey {
		return kind, parts[1], parts[2], count == 3, nil
	}
	return 0, key, value, false, fmt.Errorf("%v is no operation of a transaction: want its name, a key and a value", *op)
}

// actionOf reads an operation that is a map.
func (c *callReader) actionOf(d *datum) (history.Action, error) {
	if !d.isMap() {
		return history.Action{}, fmt.Errorf("%v is no operation: want a map", *d)
	}
	f := d.get("f").word()
	kind, err := c.kind(f)
	if err != nil {
		return history.Action{}, err
	}
	a := history.Action{Kind: kind, OK: kind < history.PutIn}
	value, there := d.lookup("value")
	if kind == history.WriteKey && !there {
		return a, errors.New("a write has no value: want what was written, or null (nil) to write nothing")
	}
	result, told := d.lookup("result")
	if told && result.kind == boolDatum {
		a.OK = result.number != 0
	}
	if told && answers(kind) { // where the value is the result, either name will do
		if value.kind != nilDatum && value.String() != result.String() {
			return a, fmt.Errorf("the value of a %s is what it returned, and so is its result: %v or %v?", f, value, result)
		}
		value = result
	}
	switch kind {
	case history.ClearAll:
		return a, nil
	case history.Transfer:
		return transferOf(a, d, &value)
	case history.TakeAll:
		a.State, err = stateOf(&value)
		return a, err
	case history.ReadKey:
		if c.options.Sets {
			return c.readSet(a, d, &value)
		}
		if value.isMap() {
			a.Kind = history.TakeAll
			a.State, err = stateOf(&value)
			return a, err
		}
	}
	key, named := d.lookup("key")
	if first, second := value.pair(); !named && c.pairs && value.isPair() && (kind != history.CompareSet || second.kind == listDatum) {
		key, value, named = first, second, true // as jepsen.independent has it
	}
	if a.Key = SingleKey; named {
		if a.Key, err = key.name(); err != nil {
			return a, err
		}
	}
	if err := fill(&a, f, &value, &result); err != nil {
		return a, err
	}
	if kind == history.AppendTo && len(c.options.Words) > 0 { // an element of a collection, whatever it is
		a.Value = history.ListOf([]string{value.element()})
	}
	return a, nil
}

// fill sets what an action on one key has in its value.
func fill(a *history.Action, f string, value, result *datum) (err error) {
	switch a.Kind {
	case history.ReadKey, history.WriteKey:
		a.OK = false
		if (f == "get" || f == "put") && value.kind == stringDatum && value.text() == "" {
			return nil // to such a store, no text is no value
		}
		a.Value, err = value.value()
	case history.HasKey:
		if value.kind != boolDatum && value.kind != nilDatum {
			return fmt.Errorf("%v says whether a key is there: want true or false", *value)
		}
		if value.kind == boolDatum {
			a.OK = value.number != 0
		}
	case history.CompareSet:
		if !value.isPair() {
			return fmt.Errorf("%v is the value of a cas: want [old new]", *value)
		}
		old, fresh := value.pair()
		var err1, err2 error
		a.Old, err1 = old.value()
		a.Value, err2 = fresh.value()
		return errors.Join(err1, err2)
	case history.AppendTo:
		a.OK = false
		if value.kind == stringDatum {
			a.Value = history.TextOf(value.text())
			return nil
		}
		if value.kind == nilDatum {
			return fmt.Errorf("nil is appended: want a text or, for lists, an element")
		}
		a.Value = history.ListOf([]string{value.element()})
	case history.AddTo, history.AwaitAll:
		if value.kind != integerDatum {
			return fmt.Errorf("%v is no number", *value)
		}
		a.Delta = value.number
		if a.Kind == history.AddTo {
			a.OK = false
			a.Value, err = result.value()
		}
	case history.DeleteKey:
		a.OK = false
	default:
		return fillElement(a, value)
	}
	return err
}

// fillElement sets what an action on a collection or a lock has in its value.
func fillElement(a *history.Action, value *datum) (err error) {
	switch a.Kind {
	case history.PutIn, history.AddMember:
		if value.kind == nilDatum {
			return fmt.Errorf("nil is put into a collection: want an element")
		}
		a.Value = history.ListOf([]string{value.element()})
	case history.TakeFirst, history.TakeLast, history.TakeAny, history.TakeLeast:
		if value.kind != nilDatum {
			a.Value = history.ListOf([]string{value.element()})
		}
	case history.LockFenced:
		if a.Value, err = value.value(); err == nil && a.Value.Kind != history.Number && a.Value.Kind != history.Absent {
			err = fmt.Errorf("%v is no token: want a whole number", *value)
		}
	case history.TakePermits, history.GivePermits:
		if a.Delta = 1; value.kind == integerDatum {
			a.Delta = value.number
		}
	}
	return err
}

// readSet reads a set, or a list of its members.
func (c *callReader) readSet(a history.Action, d, value *datum) (history.Action, error) {
	a.OK, a.Key = false, SingleKey
	key, named := d.lookup("key")
	if !named && c.pairs && value.isPair() {
		key, *value = value.pair()
		named = true
	}
	var err error
	if named {
		a.Key, err = key.name()
	}
	if value.kind != listDatum && value.kind != setDatum && value.kind != nilDatum {
		return a, fmt.Errorf("%v was read of a set: want a set, or a list of its members", *value)
	}
	if value.kind != nilDatum || c.options.NilReads != NilUnknown { // if nothing is there, the set is empty
		members := value.elements()
		slices.Sort(members)
		a.Value = history.ListOf(members)
	}
	return a, err
}

// transferOf reads {:from a :to b :amount n}, of the operation or of its value.
func transferOf(a history.Action, d, value *datum) (history.Action, error) {
	if !value.isMap() {
		value = d
	}
	from, to, amount := value.get("from"), value.get("to"), value.get("amount")
	var err1, err2, err3 error
	a.Key, err1 = from.name()
	a.To, err2 = to.name()
	if a.Delta = amount.number; amount.kind != integerDatum {
		err3 = fmt.Errorf("%v is the amount of a transfer: want a whole number", amount)
	}
	return a, errors.Join(err1, err2, err3)
}

// stateOf reads a map of keys to values. The names of a JSON object have no kind: see [callReader.settleNames].
func stateOf(d *datum) ([]history.Entry, error) {
	if !d.isMap() && d.kind != nilDatum {
		return nil, fmt.Errorf("%v is the value of a snapshot: want a map", *d)
	}
	var list []history.Entry
	seen := map[string]bool{}
	for pair := range slices.Chunk(d.items(), 2) {
		key, err := pair[0].name()
		if err != nil {
			return nil, err
		}
		if d.kind == objectDatum {
			key = looseName + pair[0].text()
		}
		if seen[key] {
			return nil, fmt.Errorf("the key %v is there twice", pair[0])
		}
		seen[key] = true
		v, err := pair[1].value()
		if err != nil {
			return nil, err
		}
		list = append(list, history.Entry{Key: key, Value: v})
	}
	return list, nil
}

// describe shows actions in a message.
func (c *callReader) describe(actions []history.Action) string {
	return c.options.Wording().Text(&history.Call{Actions: actions})
}

// looseName begins the name of a key whose kind is not known yet.
const looseName = "\x00"

// completes checks that an operation that returned does what it was invoked to do.
func completes(invoked, returned []history.Action) bool {
	return slices.EqualFunc(invoked, returned, func(x, y history.Action) bool {
		if x.Kind == history.ReadKey && y.Kind == history.TakeAll {
			return x.Key == SingleKey
		}
		switch x.Kind {
		case history.WriteKey, history.CompareSet, history.AppendTo, history.PutIn, history.AddMember:
			if x.Value != y.Value {
				return false
			}
		}
		return x.Kind == y.Kind && x.Key == y.Key && x.To == y.To && x.Old == y.Old && x.Delta == y.Delta
	})
}
