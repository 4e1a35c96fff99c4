package program

import (
	"fmt"

	"synchrony/models/text"
)

// Builtin is a function that the language provides. Numbers are part of the binary form.
type Builtin uint8

// The builtins. A list or map result is a new value.
const (
	BuiltinLen    Builtin = iota // len(x): bytes of a string, elements of a list, entries of a map
	BuiltinAbs                   // abs(n): of an int (the smallest one overflows) or float
	BuiltinMin                   // min(x, …): the first of the least, compared as LT does
	BuiltinMax                   // max(x, …): the first of the greatest, compared as GT does
	BuiltinStr                   // str(x): the text that PRINT prints
	BuiltinInt                   // int(x): int, bool (0, 1), float (truncated; else overflow, NaN a value error), decimal string
	BuiltinFloat                 // float(x): float, int, or string as a literal of the language
	BuiltinType                  // type(x): "nil", "bool", "int", "float", "string", "list", "map", "function"
	BuiltinAppend                // append(list, x): the list with x at the end
	BuiltinKeys                  // keys(map): the list of keys, in order
	BuiltinValues                // values(map): the list of values, in order of keys
	BuiltinHas                   // has(list, x), has(map, key), has(string, string): whether x occurs, as EQ
	BuiltinPut                   // put(map, key, v), put(list, int, v): with that element replaced; a map's may be new
	BuiltinSlice                 // slice(list or string, from, to): elements from…to-1, 0 ≤ from ≤ to ≤ len
	BuiltinRange                 // range(n): [0 … n-1]; range(a, b): [a … b-1]; empty if none
	BuiltinSum                   // sum(list): 0 + x1 + x2 …, of numbers, as ADD
	BuiltinWork                  // work(ms): takes that much virtual time, 0…MaxTimeout; returns nil
	builtinCount
)

// BuiltinInfo describes a builtin.
type BuiltinInfo struct {
	Name     string
	Min, Max int // number of arguments; Max is -1 if there is no upper bound
	Effects  Effect
}

// takes says how many arguments there may be.
func (i BuiltinInfo) takes() string {
	switch {
	case i.Max < 0:
		return "at least " + text.Plural(i.Min, "argument")
	case i.Min < i.Max:
		return fmt.Sprintf("%d to %d arguments", i.Min, i.Max)
	}
	return text.Plural(i.Min, "argument")
}

// Info returns b's description, whose Name is empty if there is no such builtin.
func (b Builtin) Info() BuiltinInfo {
	if b >= builtinCount {
		return BuiltinInfo{}
	}
	return builtins[b]
}

// String returns b's name.
func (b Builtin) String() string { return b.Info().Name }

// BuiltinNamed finds a builtin by its name.
func BuiltinNamed(name string) (Builtin, bool) {
	for b := range builtins {
		if builtins[b].Name == name {
			return Builtin(b), true
		}
	}
	return 0, false
}

// builtins is indexed by Builtin. It is never written.
var builtins = [builtinCount]BuiltinInfo{
	BuiltinLen:    {"len", 1, 1, MayFail},
	BuiltinAbs:    {"abs", 1, 1, MayFail},
	BuiltinMin:    {"min", 1, -1, MayFail},
	BuiltinMax:    {"max", 1, -1, MayFail},
	BuiltinStr:    {"str", 1, 1, 0},
	BuiltinInt:    {"int", 1, 1, MayFail},
	BuiltinFloat:  {"float", 1, 1, MayFail},
	BuiltinType:   {"type", 1, 1, 0},
	BuiltinAppend: {"append", 2, 2, MayFail},
	BuiltinKeys:   {"keys", 1, 1, MayFail},
	BuiltinValues: {"values", 1, 1, MayFail},
	BuiltinHas:    {"has", 2, 2, MayFail},
	BuiltinPut:    {"put", 3, 3, MayFail},
	BuiltinSlice:  {"slice", 3, 3, MayFail},
	BuiltinRange:  {"range", 1, 2, MayFail},
	BuiltinSum:    {"sum", 1, 1, MayFail},
	BuiltinWork:   {"work", 1, 1, MayFail | Waits | TakesTime},
}
