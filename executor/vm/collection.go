package vm

import (
	"strconv"

	"synchrony/models/program"
)

// collection executes BUILD_LIST, BUILD_MAP and INDEX.
func (m *machine) collection(in *original) status {
	n := int(in.a)
	switch in.op {
	case program.BuildList:
		items := make([]program.Value, n)
		for i, c := range m.operands(in, n) {
			items[i] = m.unbox(c)
		}
		return m.built(in, n, program.List(items...))
	case program.BuildMap:
		entries := make([]program.Entry, n)
		cells := m.operands(in, 2*n)
		for i := range entries {
			entries[i] = program.Entry{Key: m.unbox(cells[2*i]), Value: m.unbox(cells[2*i+1])}
			if !entries[i].Key.CanBeKey() {
				return m.fail(program.TypeError, describe(entries[i].Key)+" as a map key")
			}
		}
		return m.built(in, 2*n, program.Map(entries...))
	default:
		return m.index(in)
	}
}

func (m *machine) index(in *original) status {
	container, key := m.unbox(*m.operand(in, 2)), m.unbox(*m.operand(in, 1))
	switch {
	case container.Kind() == program.MapKind && key.CanBeKey():
		v, ok := container.Lookup(key)
		if !ok {
			return m.fail(program.IndexError, "no key "+describe(key))
		}
		*m.operand(in, 2) = m.box(v)
		return running
	case sequence(container) && key.Kind() == program.IntKind:
		i := key.AsInt()
		if i < 0 || i >= int64(container.Len()) {
			return m.outOfRange(i, container)
		}
		if container.Kind() == program.StringKind {
			return m.built(in, 2, program.String(container.AsString()[i:i+1]))
		}
		*m.operand(in, 2) = m.box(container.Elements()[i])
		return running
	}
	return m.fail(program.TypeError, "INDEX of "+describe(container)+" by "+describe(key))
}

func sequence(v program.Value) bool {
	return v.Kind() == program.ListKind || v.Kind() == program.StringKind
}

func (m *machine) outOfRange(i int64, v program.Value) status {
	return m.fail(program.IndexError,
		strconv.FormatInt(i, 10)+" in a "+v.Kind().String()+" of length "+strconv.Itoa(v.Len()))
}
