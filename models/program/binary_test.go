package program

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"synchrony/models/text"
)

// sealed adds header and checksum to a body.
func sealed(body string) []byte {
	data := append([]byte(binaryMagic), binaryVersion)
	data = append(data, body...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data))
}

func TestUnmarshalRefuses(t *testing.T) {
	good, err := load(t, "LOAD_CONST [1.5, {2: \"x\"}]\nSTORE_NAME a\n").Program.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	future := append([]byte(nil), good...)
	future[4] = 2
	damaged := append([]byte(nil), good...)
	damaged[7] ^= 1
	for _, c := range []struct {
		data   string
		offset int
		want   string
	}{
		{"", 0, `does not start with "ZXBC"`},
		{"ELF?", 0, "does not start with"},
		{"ZXBC", 4, "ends before its checksum"},
		{string(future), 4, "version 2; only version 1 is known"},
		{string(damaged), len(good) - 4, "checksum is wrong"},
		{string(good[:len(good)-1]), len(good) - 5, "checksum is wrong"},
		{string(sealed("")), 5, "ends within a number"},
		{string(sealed("\x01")), 5, "1 constants in 0 bytes"},
		{string(sealed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")), 5, "18446744073709551615 constants"},
		{string(sealed("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")), 5, "a number is too long"},
		{string(sealed("\x80\x00")), 5, "a number is too long"},
		{string(sealed("\x01\x09\x00\x00")), 6, "unknown kind of value, 9"},
		{string(sealed("\x01\x01\x02\x00\x00")), 7, "a bool is 0 or 1"},
		{string(sealed("\x01\x03\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00")), 7, "NaN other than"},
		{string(sealed("\x01\x03\x00")), 8, "ends too early"},
		{string(sealed("\x01\x04\x05ab")), 7, "5 characters in 2 bytes"},
		{string(sealed("\x01\x06\x02\x02\x04\x00\x02\x02\x00\x00\x00")), 11, "map keys are not ascending"},
		{string(sealed("\x01\x06\x01\x00\x00\x00\x00")), 8, "a nil as a map key"},
		{string(sealed("\x01" + strings.Repeat("\x05\x01", 100))), 6 + 2*(MaxNesting+1), "nested deeper"},
		{string(sealed("\x00\x00\x00\x00")), 8, "1 bytes too many"},
		{string(sealed("\x00\x00\x01\x00\x00\x00\x01\xff\xff\x7f\x00\x00")), 12, "opcode 2097151 is outside 16 bits"},
		{string(sealed("\x00\x00\x01\x00\x00\x00\x01\x01\xff\xff\xff\xff\x7f\x00")), 13, "is outside 32 bits"},
	} {
		p := Program{Names: []string{"untouched"}}
		err := p.UnmarshalBinary([]byte(c.data))
		var typed *FormatError
		if !errors.As(err, &typed) || typed.Offset != c.offset || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q gives %v, not %q at %d", c.data, err, c.want, c.offset)
		}
		if len(p.Names) != 1 {
			t.Errorf("%q changed the program", c.data)
		}
	}
}

// TestLoad reads both forms, and tells their errors apart.
func TestLoad(t *testing.T) {
	w := load(t, ".set steps 7\nLOAD_CONST 1\n")
	data, _ := w.Program.MarshalBinary()
	again, err := Load("f", data)
	if err != nil || !again.Program.Equal(w.Program) || w.Setup.Limits.Steps != 7 {
		t.Errorf("%v", err)
	}
	var syntax *text.Error
	var format *FormatError
	var invalid *InvalidError
	if _, err := Load("f", []byte("BAD")); !errors.As(err, &syntax) {
		t.Errorf("got %v", err)
	}
	if _, err := Load("f", []byte("ZXBC\x01")); !errors.As(err, &format) {
		t.Errorf("got %v", err)
	}
	if _, err := Load("f", []byte("\n\nPOP")); !errors.As(err, &invalid) || invalid.Line != 3 {
		t.Errorf("got %v", err)
	}
	if invalid.Error() != "invalid program: line 3 (main+0): POP pops 1 values, the stack has 0" {
		t.Errorf("got %v", invalid)
	}
}

// TestOpcodeNumbers fixes the numbers, which are part of the binary form.
func TestOpcodeNumbers(t *testing.T) {
	var b strings.Builder
	for _, op := range Opcodes() {
		b.WriteString(op.String() + " " + Int(int64(op)).String() + ", ")
	}
	want := "LOAD_CONST 1, LOAD_NAME 2, STORE_NAME 3, STORE_FUNC 4, POP 5, DUP 6, ADD 10, SUB 11, MUL 12, DIV 13, MOD 14, POW 15, NEG 16, " +
		"EQ 20, NEQ 21, LT 22, GT 23, LTE 24, GTE 25, AND 30, OR 31, NOT 32, JUMP 40, JUMP_IF_FALSE 41, JUMP_IF_TRUE 42, RETURN 43, " +
		"CALL_NAME 50, CALL_FUNC_CONST 51, CALL_TOP 52, CALL_BUILTIN 53, BUILD_LIST 60, BUILD_MAP 61, INDEX 63, PRINT 250, NOP 255, " +
		"FORK_EXECUTION 300, JOIN_WORKERS 301, PARALLEL_MAP 302, BARRIER_SYNC 303, SHARED_READ 304, SHARED_WRITE 305, ATOMIC_ADD 308, ATOMIC_CAS 309, "
	if b.String() != want {
		t.Errorf("got %s", b.String())
	}
	if Opcode(7).String() != "OPCODE_7" {
		t.Errorf("got %v", Opcode(7))
	}
	if Builtin(200).String() != "" || BuiltinWork != 16 {
		t.Error("builtins have changed their numbers")
	}
}
