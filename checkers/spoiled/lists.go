package spoiled

import (
	"reflect"
	"slices"
)

// lists are the ways to spoil a list: what is in it, and in which order. An event that comes in the place of another one
// has that one's time, so that it is not out of place for its time alone.
func lists(v reflect.Value) []rule {
	n := v.Len()
	var rules []rule
	at := 0
	add := func(name string, change func([]reflect.Value) []reflect.Value) {
		rules = append(rules, rule{name: name, at: at, spoil: func(v reflect.Value) { v.Set(listOf(v.Type(), change(elements(v)))) }})
	}
	if n == 0 {
		add("made up", func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.Zero(v.Type().Elem())} })
	}
	if n > 1 {
		add("emptied", func([]reflect.Value) []reflect.Value { return nil })
	}
	if n > 2 && !uniform(v) {
		add("shifted", func(es []reflect.Value) []reflect.Value { return retimed(es, append(es[1:n:n], es[0])) })
	}
	for i := range n {
		at = i
		kind := ""
		if k := kindOf(v.Index(i)); k != "" {
			kind = " " + k
		}
		add("lost a"+kind, func(es []reflect.Value) []reflect.Value { return append(es[:i:i], es[i+1:]...) })
		add("doubled a"+kind, func(es []reflect.Value) []reflect.Value { return append(append(es[:i+1:i+1], es[i]), es[i+1:]...) })
		if i+1 < n && !same(v.Index(i), v.Index(i+1)) {
			next := ""
			if k := kindOf(v.Index(i + 1)); k != "" {
				next = kind + " and " + k
			}
			swap := func(es []reflect.Value) []reflect.Value {
				out := append([]reflect.Value(nil), es...)
				out[i], out[i+1] = out[i+1], out[i]
				return retimed(es, out)
			}
			alias := func(es []reflect.Value) []reflect.Value {
				out := append([]reflect.Value(nil), es...)
				out[i+1] = out[i]
				return retimed(es, out)
			}
			if with, timed := together(v.Index(i), v.Index(i+1)); timed {
				add("came with the one before: "+kindOf(v.Index(i+1)), func(es []reflect.Value) []reflect.Value {
					return slices.Concat(es[:i+1], []reflect.Value{with}, es[i+2:])
				})
			}
			add("swapped"+next, swap)
			add("replaced by the one before"+next, alias)
		}
	}
	return rules
}

// together is an element as it is if it came at the time of the one before it, or when that had ended; that it came later than this.
func together(before, after reflect.Value) (reflect.Value, bool) {
	if after.Kind() != reflect.Struct {
		return after, false
	}
	from, to := "Time", "Time"
	if after.FieldByName("Return").IsValid() {
		from, to = "Return", "Call"
	}
	at := before.FieldByName(from)
	if !at.IsValid() || at.Int() == after.FieldByName(to).Int() {
		return after, false
	}
	own := reflect.New(after.Type()).Elem()
	own.Set(after)
	own.FieldByName(to).Set(at)
	return own, true
}

func elements(v reflect.Value) []reflect.Value {
	es := make([]reflect.Value, v.Len())
	for i := range es {
		es[i] = v.Index(i)
	}
	return es
}

func listOf(t reflect.Type, es []reflect.Value) reflect.Value {
	out := reflect.MakeSlice(t, 0, len(es))
	return reflect.Append(out, es...)
}

// retimed gives each of the elements after a change the time that was there before.
func retimed(before, after []reflect.Value) []reflect.Value {
	out := make([]reflect.Value, len(after))
	for i, e := range after {
		own := reflect.New(e.Type()).Elem()
		own.Set(e)
		for _, name := range []string{"Time", "Call", "Return"} {
			if e.Kind() == reflect.Struct && own.FieldByName(name).IsValid() {
				own.FieldByName(name).Set(before[i].FieldByName(name))
			}
		}
		out[i] = own
	}
	return out
}

// uniform reports whether all elements are the same, so that none can be out of order.
func uniform(v reflect.Value) bool {
	for i := 1; i < v.Len(); i++ {
		if !same(v.Index(i-1), v.Index(i)) {
			return false
		}
	}
	return true
}

// same reports whether two elements differ in nothing but their times.
func same(a, b reflect.Value) bool {
	timed := retimed([]reflect.Value{b}, []reflect.Value{a})
	return reflect.DeepEqual(timed[0].Interface(), b.Interface())
}
