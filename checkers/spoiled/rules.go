package spoiled

import (
	"errors"
	"math"
	"math/bits"
	"reflect"
	"slices"
	"time"

	"synchrony/models/history"
	"synchrony/models/program"
)

// rule is a way to spoil a value.
type rule struct {
	name  string
	spoil func(reflect.Value)
	at    int // of a list: the element that it is about
}

// byType are the rules for types that are spoiled as a whole.
var byType = map[reflect.Type]func(reflect.Value) []rule{
	reflect.TypeFor[time.Duration](): durations,
	reflect.TypeFor[time.Time]():     times,
	reflect.TypeFor[program.Value](): values,
	reflect.TypeFor[error]():         failures,
	reflect.TypeFor[history.Tree]():  trees,
}

// rulesOf are the ways to spoil a value itself, and not a part of it. Each makes another value of it.
func rulesOf(v reflect.Value) []rule {
	if special, ok := byType[v.Type()]; ok {
		return special(v)
	}
	switch v.Kind() {
	case reflect.Bool:
		return []rule{{name: "flipped", spoil: func(v reflect.Value) { v.SetBool(!v.Bool()) }}}
	case reflect.String:
		return texts(v)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return integers(v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return naturals(v)
	case reflect.Float32, reflect.Float64:
		return []rule{{name: "raised", spoil: func(v reflect.Value) { v.SetFloat(v.Float() + 1) }}}
	case reflect.Slice:
		return lists(v)
	case reflect.Pointer:
		if v.IsNil() {
			return []rule{{name: "made up", spoil: func(v reflect.Value) { v.Set(reflect.New(v.Type().Elem())) }}}
		}
		return []rule{{name: "dropped", spoil: func(v reflect.Value) { v.SetZero() }}}
	}
	return nil
}

func texts(v reflect.Value) []rule {
	rules := []rule{{name: "changed", spoil: func(v reflect.Value) {
		s := []byte(v.String())
		if len(s) == 0 {
			s = []byte("?")
		} else {
			s[len(s)/2] ^= 1 // it is no part of the old one, nor that of it
		}
		v.SetString(string(s))
	}}}
	if v.Len() > 0 {
		rules = append(rules, rule{name: "emptied", spoil: func(v reflect.Value) { v.SetString("") }})
	}
	return rules
}

// integers include a change by half of all that fits: two of them together are not seen by sums that wrap around.
func integers(v reflect.Value) []rule {
	lowest := int64(math.MinInt64) >> (64 - v.Type().Bits())
	rules := []rule{
		{name: "raised", spoil: func(v reflect.Value) { v.SetInt(v.Int() + 1) }},
		{name: "lowered", spoil: func(v reflect.Value) { v.SetInt(v.Int() - 1) }},
		{name: "half a range away", spoil: func(v reflect.Value) { v.SetInt(v.Int() ^ lowest) }},
	}
	if n := v.Int(); n > 1 || n < -1 {
		rules = append(rules, rule{name: "zeroed", spoil: func(v reflect.Value) { v.SetInt(0) }})
	}
	return rules
}

func naturals(v reflect.Value) []rule {
	rules := []rule{
		{name: "raised", spoil: func(v reflect.Value) { v.SetUint((v.Uint() + 1) & (math.MaxUint64 >> (64 - v.Type().Bits()))) }},
		{name: "lowered", spoil: func(v reflect.Value) { v.SetUint((v.Uint() - 1) & (math.MaxUint64 >> (64 - v.Type().Bits()))) }},
	}
	if v.Uint() > 1 {
		rules = append(rules, rule{name: "zeroed", spoil: func(v reflect.Value) { v.SetUint(0) }})
	}
	if bits.OnesCount64(v.Uint()) > 1 { // it may be a set
		rules = append(rules,
			rule{name: "without its first bit", spoil: func(v reflect.Value) { v.SetUint(v.Uint() & (v.Uint() - 1)) }},
			rule{name: "without its last bit", spoil: func(v reflect.Value) { v.SetUint(v.Uint() &^ (1 << (bits.Len64(v.Uint()) - 1))) }},
		)
	}
	return rules
}

func durations(v reflect.Value) []rule {
	rules := []rule{
		{name: "raised", spoil: func(v reflect.Value) { v.SetInt(v.Int() + 1) }},
		{name: "lowered", spoil: func(v reflect.Value) { v.SetInt(v.Int() - 1) }},
		{name: "much raised", spoil: func(v reflect.Value) { v.SetInt(v.Int() + int64(time.Hour)) }},
		{name: "negated", spoil: func(v reflect.Value) { v.SetInt(-v.Int() - 1) }},
	}
	if v.Int() > 1 {
		rules = append(rules, rule{name: "zeroed", spoil: func(v reflect.Value) { v.SetInt(0) }})
	}
	return rules
}

func times(v reflect.Value) []rule {
	rules := []rule{{name: "raised", spoil: func(v reflect.Value) {
		v.Set(reflect.ValueOf(v.Interface().(time.Time).Add(time.Hour)))
	}}}
	if !v.Interface().(time.Time).IsZero() {
		rules = append(rules, rule{name: "zeroed", spoil: func(v reflect.Value) { v.SetZero() }})
	}
	return rules
}

// values are those of programs. What another value is goes by the kind: it is one that equals the old one in nothing.
func values(v reflect.Value) []rule {
	set := func(to program.Value) func(reflect.Value) {
		return func(v reflect.Value) { v.Set(reflect.ValueOf(to)) }
	}
	was := v.Interface().(program.Value)
	other := program.Int(1)
	switch was.Kind() {
	case program.BoolKind:
		other = program.Bool(!was.AsBool())
	case program.IntKind:
		other = program.Int(was.AsInt() + 1)
	case program.FloatKind:
		other = program.Float(anotherFloat(was.AsFloat()))
	case program.StringKind, program.FuncKind:
		other = program.String(was.AsString() + "?")
	case program.ListKind:
		other = program.List(slices.Concat(was.Elements(), []program.Value{program.Nil})...)
	}
	rules := []rule{{name: "changed", spoil: set(other)}}
	if was.Kind() != program.NilKind {
		rules = append(rules, rule{name: "dropped", spoil: set(program.Nil)})
	}
	return rules
}

// anotherFloat is another number, whatever the number is.
func anotherFloat(x float64) float64 {
	if y := 2*x + 1; y != x && !math.IsNaN(y) {
		return y
	}
	return 0
}

func failures(v reflect.Value) []rule {
	if v.IsNil() {
		return []rule{{name: "made up", spoil: func(v reflect.Value) { v.Set(reflect.ValueOf(errors.New("made up"))) }}}
	}
	return []rule{
		{name: "changed", spoil: func(v reflect.Value) { v.Set(reflect.ValueOf(errors.New(v.Interface().(error).Error() + "?"))) }},
		{name: "dropped", spoil: func(v reflect.Value) { v.SetZero() }},
	}
}
