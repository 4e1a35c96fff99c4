package linearizability

import (
	"github.com/anishathalye/porcupine"

	"synchrony/models/history"
)

// texts numbers texts. It belongs to one goroutine, or is not changed: a search that was given up may still run for a moment.
type texts struct {
	numbers map[string]int64
	list    []string
	appends bool // values are appended to
}

func (t *texts) number(s string) int64 {
	n, ok := t.numbers[s]
	if !ok {
		n = int64(len(t.list))
		t.numbers[s] = n
		t.list = append(t.list, s)
	}
	return n
}

func (t *texts) cell(v history.Value) cell {
	switch v.Kind {
	case history.Text, history.Symbol, history.List:
		if v.Kind == history.List && v.Text == "" && t.appends {
			return absent // what is appended to begins with nothing
		}
		return cell{v.Kind, t.number(v.Text)}
	default:
		return cell{v.Kind, v.Number}
	}
}

// machine executes compiled calls for one search. The texts that appending makes have
// numbers of its own, above those of the space, which it only reads.
type machine struct {
	keys  map[string]int32
	known *texts
	count int64 // of the texts known
	made  texts
}

func (s *space) machine() *machine {
	return &machine{keys: s.keys, known: s.texts, count: int64(len(s.texts.list)), made: texts{numbers: map[string]int64{}}}
}

func (m *machine) number(text string) int64 {
	if n, ok := m.known.numbers[text]; ok {
		return n
	}
	return m.count + m.made.number(text)
}

func (m *machine) text(n int64) string {
	if n < m.count {
		return m.known.list[n]
	}
	return m.made.list[n-m.count]
}

// state is what some cells of the machine stand for.
func (m *machine) state(cells []cell) state {
	values := make(state, len(cells))
	for i, c := range cells {
		values[i] = m.value(c)
	}
	return values
}

// array is a state as the machine has it.
func (m *machine) array(of state) *array[cell] {
	cells := make([]cell, len(of))
	for i, v := range of {
		if cells[i] = (cell{v.Kind, v.Number}); cells[i].hasText() {
			cells[i].number = m.number(v.Text)
		}
	}
	return newArray(cells)
}

func (m *machine) value(c cell) history.Value {
	if c.hasText() {
		return history.Value{Kind: c.kind, Text: m.text(c.number)}
	}
	return history.Value{Kind: c.kind, Number: c.number}
}

// model is porcupine's model of the space, from a state.
func (m *machine) model(start state) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return m.array(start) },
		Step: func(state, input, _ any) (bool, any) {
			ok, next := m.run(state.(*array[cell]), input.(*compiled))
			return ok, next
		},
		Equal: func(x, y any) bool { return x.(*array[cell]).equal(y.(*array[cell])) },
		Hash:  func(x any) uint64 { return x.(*array[cell]).sum },
	}
}
