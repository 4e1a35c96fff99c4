package program

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// The binary form, version 1:
//
//	"ZXBC" version:byte constants names functions crc32:4 bytes, big-endian, of all before
//	constants = count { value }
//	value     = kind:byte, then by kind: nothing, 0 or 1:byte, zigzag, 8 bytes big-endian,
//	            text, count { value }, count { value value } with ascending keys, text
//	names     = count { text }
//	functions = count { text params count { local } count { opcode zigzag zigzag } }
//	text      = length bytes
//
// Numbers are unsigned varints of minimal length (zigzag: signed ones), so that equal programs
// have equal bytes, and only those. Lines and expectations are left out.
const (
	binaryMagic   = "ZXBC"
	binaryVersion = 1
)

// IsBinary reports whether data starts as the binary form does.
func IsBinary(data []byte) bool {
	return len(data) >= len(binaryMagic) && string(data[:len(binaryMagic)]) == binaryMagic
}

// FormatError is why bytes are no program.
type FormatError struct {
	Offset int    // of the byte in question
	What   string // what is wrong, for a person
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("program in binary form: offset %d: %s", e.Offset, e.What)
}

// MarshalBinary returns p's binary form. It never fails.
func (p *Program) MarshalBinary() ([]byte, error) {
	e := encoder(binaryMagic)
	e = append(e, binaryVersion)
	e.number(len(p.Constants))
	for _, c := range p.Constants {
		e.value(c)
	}
	e.number(len(p.Names))
	for _, name := range p.Names {
		e.text(name)
	}
	e.number(len(p.Functions))
	for i := range p.Functions {
		e.function(&p.Functions[i])
	}
	return binary.BigEndian.AppendUint32(e, crc32.ChecksumIEEE(e)), nil
}

type encoder []byte

func (e *encoder) number(n int)   { *e = binary.AppendUvarint(*e, uint64(n)) }
func (e *encoder) signed(n int64) { *e = binary.AppendVarint(*e, n) }

func (e *encoder) text(s string) {
	e.number(len(s))
	*e = append(*e, s...)
}

func (e *encoder) value(v Value) {
	*e = append(*e, byte(v.kind))
	switch v.kind {
	case BoolKind:
		*e = append(*e, byte(v.num))
	case IntKind:
		e.signed(v.AsInt())
	case FloatKind:
		*e = binary.BigEndian.AppendUint64(*e, v.num)
	case StringKind, FuncKind:
		e.text(v.AsString())
	case ListKind, MapKind:
		e.number(v.Len())
		for _, item := range v.items() {
			e.value(item)
		}
	}
}

func (e *encoder) function(fn *Function) {
	e.text(fn.Name)
	e.signed(int64(fn.Params))
	e.number(len(fn.Locals))
	for _, local := range fn.Locals {
		e.signed(int64(local))
	}
	e.number(len(fn.Code))
	for _, in := range fn.Code {
		e.number(int(in.Op))
		e.signed(int64(in.A))
		e.signed(int64(in.B))
	}
}

// UnmarshalBinary reads the binary form. Its errors are [*FormatError]; p is then unchanged.
// What it reads may still be refused by [Validate]. It allocates at most in proportion to the
// data.
func (p *Program) UnmarshalBinary(data []byte) error {
	d := &decoder{data: data}
	q := d.program()
	if d.err != nil {
		return d.err
	}
	*p = q
	return nil
}

// decoder reads data. After the first error everything it reads is zero.
type decoder struct {
	data []byte
	pos  int
	err  *FormatError
}

func (d *decoder) fail(offset int, format string, args ...any) {
	if d.err == nil {
		d.err = &FormatError{offset, fmt.Sprintf(format, args...)}
	}
	d.pos = len(d.data)
}

func (d *decoder) program() Program {
	var p Program
	header := len(binaryMagic) + 1
	switch {
	case !IsBinary(d.data):
		d.fail(0, "it does not start with %q", binaryMagic)
		return p
	case len(d.data) < header+4:
		d.fail(len(d.data), "it ends before its checksum")
		return p
	case d.data[header-1] != binaryVersion:
		d.fail(header-1, "version %d; only version %d is known", d.data[header-1], binaryVersion)
		return p
	}
	body := len(d.data) - 4
	if sum := binary.BigEndian.Uint32(d.data[body:]); sum != crc32.ChecksumIEEE(d.data[:body]) {
		d.fail(body, "the checksum is wrong: the data are damaged or incomplete")
		return p
	}
	d.data, d.pos = d.data[:body], header
	for range d.count("constants", 1) {
		p.Constants = append(p.Constants, d.value(0))
	}
	for range d.count("names", 1) {
		p.Names = append(p.Names, d.text())
	}
	for range d.count("functions", 4) {
		p.Functions = append(p.Functions, d.function())
	}
	if d.err == nil && d.pos < len(d.data) {
		d.fail(d.pos, "%d bytes too many", len(d.data)-d.pos)
	}
	return p
}

func (d *decoder) byte() byte {
	if d.pos >= len(d.data) {
		d.fail(d.pos, "it ends too early")
		return 0
	}
	d.pos++
	return d.data[d.pos-1]
}

func (d *decoder) number() uint64 {
	if d.err != nil {
		return 0
	}
	n, length := binary.Uvarint(d.data[d.pos:])
	switch {
	case length == 0:
		d.fail(len(d.data), "it ends within a number")
		return 0
	case length < 0 || length > 1 && d.data[d.pos+length-1] == 0:
		d.fail(d.pos, "a number is too long")
		return 0
	}
	d.pos += length
	return n
}

func (d *decoder) signed() int64 {
	n := d.number()
	return int64(n>>1) ^ -int64(n&1)
}

// small reads a signed number of 32 bits.
func (d *decoder) small() int32 {
	at := d.pos
	n := d.signed()
	if n < math.MinInt32 || n > math.MaxInt32 {
		d.fail(at, "%d is outside 32 bits", n)
		return 0
	}
	return int32(n)
}

// count reads how many items follow. Each takes size bytes or more, so that there can't be
// more than the data hold.
func (d *decoder) count(what string, size int) int {
	at := d.pos
	n := d.number()
	if n > uint64((len(d.data)-d.pos)/size) {
		d.fail(at, "%d %s in %d bytes", n, what, len(d.data)-d.pos)
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count("characters", 1)
	s := string(d.data[d.pos : d.pos+n])
	d.pos += n
	return s
}

func (d *decoder) value(nesting int) Value {
	at := d.pos
	if nesting > MaxNesting {
		d.fail(at, "values nested deeper than %d", MaxNesting)
		return Nil
	}
	switch kind := Kind(d.byte()); kind {
	case NilKind:
		return Nil
	case BoolKind:
		b := d.byte()
		if b > 1 {
			d.fail(d.pos-1, "a bool is 0 or 1, not %d", b)
		}
		return Bool(b == 1)
	case IntKind:
		return Int(d.signed())
	case FloatKind:
		return d.float()
	case StringKind:
		return String(d.text())
	case FuncKind:
		return Func(d.text())
	case ListKind:
		var items []Value
		for range d.count("elements", 1) {
			items = append(items, d.value(nesting+1))
		}
		return List(items...)
	case MapKind:
		return d.mapping(nesting)
	default:
		d.fail(at, "unknown kind of value, %d", kind)
		return Nil
	}
}

func (d *decoder) float() Value {
	at := d.pos
	var bits uint64
	for range 8 {
		bits = bits<<8 | uint64(d.byte())
	}
	v := Float(math.Float64frombits(bits))
	if v.num != bits {
		d.fail(at, "a NaN other than the usual one")
	}
	return v
}

func (d *decoder) mapping(nesting int) Value {
	var entries []Entry
	for range d.count("entries", 2) {
		at := d.pos
		key := d.value(nesting + 1)
		switch {
		case d.err != nil:
			return Nil
		case !key.CanBeKey():
			d.fail(at, "a %v as a map key", key.kind)
			return Nil
		case len(entries) > 0 && compareKeys(entries[len(entries)-1].Key, key) >= 0:
			d.fail(at, "map keys are not ascending")
			return Nil
		}
		entries = append(entries, Entry{key, d.value(nesting + 1)})
	}
	return Map(entries...)
}

func (d *decoder) function() Function {
	fn := Function{Name: d.text(), Params: int(d.small())}
	for range d.count("locals", 1) {
		fn.Locals = append(fn.Locals, d.small())
	}
	for range d.count("instructions", 3) {
		at := d.pos
		op := d.number()
		if op > math.MaxUint16 {
			d.fail(at, "opcode %d is outside 16 bits", op)
		}
		fn.Code = append(fn.Code, Instruction{Opcode(op), d.small(), d.small()})
	}
	return fn
}
