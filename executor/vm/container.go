package vm

import (
	"strings"

	"synchrony/models/program"
)

// container executes the builtins on strings, lists and maps.
func (m *machine) container(in *original, b program.Builtin, args []program.Value) status {
	v := args[0]
	kind := v.Kind()
	switch {
	case b == program.BuiltinLen && (sequence(v) || kind == program.MapKind):
		return m.give(in, intCell(int64(v.Len())))
	case b == program.BuiltinAppend && kind == program.ListKind:
		items := make([]program.Value, 0, v.Len()+1)
		return m.giveValue(in, program.List(append(append(items, v.Elements()...), args[1])...))
	case b == program.BuiltinKeys && kind == program.MapKind:
		return m.giveValue(in, column(v, func(e program.Entry) program.Value { return e.Key }))
	case b == program.BuiltinValues && kind == program.MapKind:
		return m.giveValue(in, column(v, func(e program.Entry) program.Value { return e.Value }))
	case b == program.BuiltinHas:
		return m.has(in, v, args[1])
	case b == program.BuiltinPut:
		return m.put(in, v, args[1], args[2])
	case b == program.BuiltinSlice:
		return m.slice(in, v, args[1], args[2])
	}
	return m.argumentError(b, v)
}

func column(v program.Value, of func(program.Entry) program.Value) program.Value {
	items := make([]program.Value, 0, v.Len())
	for _, e := range v.Entries() {
		items = append(items, of(e))
	}
	return program.List(items...)
}

func (m *machine) has(in *original, container, v program.Value) status {
	switch {
	case container.Kind() == program.ListKind:
		for _, e := range container.Elements() {
			if equal(e, v) {
				return m.give(in, boolCell(true))
			}
		}
		return m.give(in, boolCell(false))
	case container.Kind() == program.MapKind && v.CanBeKey():
		_, found := container.Lookup(v)
		return m.give(in, boolCell(found))
	case container.Kind() == program.StringKind && v.Kind() == program.StringKind:
		return m.give(in, boolCell(strings.Contains(container.AsString(), v.AsString())))
	}
	return m.fail(program.TypeError, "has of "+container.Kind().String()+" and "+v.Kind().String())
}

func (m *machine) put(in *original, container, key, v program.Value) status {
	switch {
	case container.Kind() == program.MapKind && key.CanBeKey():
		return m.giveValue(in, program.Map(append(container.Entries(), program.Entry{Key: key, Value: v})...))
	case container.Kind() == program.ListKind && key.Kind() == program.IntKind:
		i := key.AsInt()
		if i < 0 || i >= int64(container.Len()) {
			return m.outOfRange(i, container)
		}
		items := append([]program.Value(nil), container.Elements()...)
		items[i] = v
		return m.giveValue(in, program.List(items...))
	}
	return m.fail(program.TypeError, "put into "+container.Kind().String()+" by "+describe(key))
}

func (m *machine) slice(in *original, v, from, to program.Value) status {
	if !sequence(v) || from.Kind() != program.IntKind || to.Kind() != program.IntKind {
		return m.fail(program.TypeError,
			"slice of "+v.Kind().String()+" from "+from.Kind().String()+" to "+to.Kind().String())
	}
	low, high := from.AsInt(), to.AsInt()
	switch {
	case low < 0 || low > int64(v.Len()):
		return m.outOfRange(low, v)
	case high < low || high > int64(v.Len()):
		return m.outOfRange(high, v)
	case v.Kind() == program.StringKind:
		return m.giveValue(in, program.String(v.AsString()[low:high]))
	}
	return m.giveValue(in, program.List(append([]program.Value(nil), v.Elements()[low:high]...)...))
}
