package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// The JSON form of a program says all by name, so that a machine in another language needs no table but that of its instructions:
//
//	{"functions": [{"name": "main", "parameters": [], "locals": [], "code": [["LOAD_CONST", 1], ["STORE_NAME", "a"], ["JUMP", 0]]}]}
//
// The main code comes first. An instruction is its mnemonic with its operands: a constant is its value, a variable and a function are their names,
// and the target of a jump is the number of an instruction of the same function, from 0. Values are nil (null), bools and ints.

// functionDocument is the JSON form of a function.
type functionDocument struct {
	Name       string   `json:"name"`
	Parameters []string `json:"parameters"`
	Locals     []string `json:"locals"` // the others
	Code       [][]any  `json:"code"`
}

// MarshalJSON writes the program. Of an invalid program, and of one with a constant that JSON does not have, it says so.
func (p *Program) MarshalJSON() ([]byte, error) {
	if err := Validate(p); err != nil {
		return nil, err
	}
	functions := make([]functionDocument, len(p.Functions))
	for i := range p.Functions {
		f := &p.Functions[i]
		d := functionDocument{Name: f.Name, Parameters: []string{}, Locals: []string{}, Code: make([][]any, len(f.Code))}
		for k, local := range f.Locals {
			if k < f.Params {
				d.Parameters = append(d.Parameters, p.Names[local])
			} else {
				d.Locals = append(d.Locals, p.Names[local])
			}
		}
		for pc, in := range f.Code {
			words, err := p.document(in)
			if err != nil {
				return nil, fmt.Errorf("%s+%d: %w", f.Name, pc, err)
			}
			d.Code[pc] = words
		}
		functions[i] = d
	}
	return json.Marshal(map[string]any{"functions": functions})
}

// document is an instruction of a valid program: its mnemonic, and its operands.
func (p *Program) document(in Instruction) ([]any, error) {
	info, _ := in.Op.Info()
	words := []any{info.Name}
	for _, o := range []struct {
		kind OperandKind
		n    int32
	}{{info.A, in.A}, {info.B, in.B}} {
		switch o.kind {
		case NoOperand:
		case ConstOperand:
			v, ok := p.Constants[o.n].Plain()
			if !ok {
				return nil, fmt.Errorf("JSON has no %v as a constant, but nil, bools and ints", p.Constants[o.n].Kind())
			}
			words = append(words, v)
		case FuncOperand:
			words = append(words, p.Constants[o.n].AsString())
		case NameOperand, SharedOperand:
			words = append(words, p.Names[o.n])
		case BuiltinOperand:
			words = append(words, Builtin(o.n).String())
		default:
			words = append(words, o.n)
		}
	}
	return words, nil
}

// Plain returns what v is in Go and in JSON, if it is nil, a bool or an int: nil, a bool or an int64.
func (v Value) Plain() (plain any, ok bool) {
	switch v.kind {
	case NilKind:
		return nil, true
	case BoolKind:
		return v.AsBool(), true
	case IntKind:
		return v.AsInt(), true
	}
	return nil, false
}

// ParsePlain reads null, a bool or an integer of 64 bits from JSON.
func ParsePlain(document []byte) (Value, error) {
	text := string(bytes.TrimSpace(document))
	switch text {
	case "null":
		return Nil, nil
	case "true", "false":
		return Bool(text == "true"), nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != text { // a sign of + is not JSON
		return Nil, fmt.Errorf("%.40s is no value: want null, true, false or an integer of 64 bits", text)
	}
	return Int(n), nil
}
