package program

import (
	"bytes"
	"testing"
)

// FuzzAssemble: any text gives a program or errors; a program survives its own text.
func FuzzAssemble(f *testing.F) {
	for _, text := range examples(f) {
		f.Add(text)
	}
	f.Add("LOAD_CONST {1: [nil, \"\\xff\", -0.0, @f]}\n.func f()\n.end")
	f.Add("x:y: JUMP #0;\r\n.expect error step limit\n.set steps 3\n.fault hang chunk 1 attempt 1 after 1")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := ParseWorkload("fuzz", []byte(text))
		if err != nil {
			_ = err.Error()
			return
		}
		printed := w.Format()
		again, err := ParseWorkload("again", []byte(printed))
		if err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		if !again.Program.Equal(w.Program) || again.Format() != printed {
			t.Fatalf("%q\nbecame\n%s\nthen\n%s", text, printed, again.Format())
		}
	})
}

// FuzzBinary: any bytes give a program or an error; a program has one binary form only. The
// input is the part between version and checksum, or else the whole.
func FuzzBinary(f *testing.F) {
	for _, text := range examples(f) {
		data, err := load(f, text).Program.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[len(binaryMagic)+1 : len(data)-4])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, data := range [][]byte{sealed(string(body)), body} {
			var p Program
			if p.UnmarshalBinary(data) != nil {
				continue
			}
			again, err := p.MarshalBinary()
			if err != nil || !bytes.Equal(again, data) {
				t.Fatalf("%x became %x, %v", data, again, err)
			}
			runValid(t, &p)
		}
	})
}

// FuzzValidateRun makes code of the bytes, over fixed tables: opcode, A and B are a byte each.
// What the validator accepts runs.
func FuzzValidateRun(f *testing.F) {
	ops := Opcodes()
	number := make(map[Opcode]byte)
	for i, op := range ops {
		number[op] = byte(i)
	}
	encode := func(code []Instruction) (data []byte) {
		for _, in := range code {
			data = append(data, number[in.Op], byte(in.A), byte(in.B))
		}
		return data
	}
	for _, text := range examples(f) {
		p := load(f, text).Program
		second := []byte(nil)
		if len(p.Functions) > 1 {
			second = encode(p.Functions[1].Code)
		}
		f.Add(encode(p.Main().Code), second)
	}
	f.Fuzz(func(t *testing.T, main, function []byte) {
		decode := func(data []byte) (code []Instruction) {
			for ; len(data) >= 3; data = data[3:] {
				code = append(code, Instruction{ops[int(data[0])%len(ops)], int32(int8(data[1])), int32(int8(data[2]))})
			}
			return code
		}
		p := &Program{
			Constants: []Value{Int(2), Func("f"), List(Int(1), Int(0)), String("k"), Float(0.5), Nil, Map(Entry{Int(1), Bool(true)})},
			Names:     []string{"a", "x", WorkerID, "b"},
			Functions: []Function{{Name: MainName, Code: decode(main)}, {Name: "f", Params: 1, Locals: []int32{1, 3}, Code: decode(function)}},
		}
		runValid(t, p)
	})
}

// runValid runs what the validator accepts, under small limits, in both ways, and prints it in any case.
func runValid(t *testing.T, p *Program) {
	text := Disassemble(p)
	if Validate(p) != nil {
		return
	}
	o, err := Run(p, small)
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := Outcomes(p, small, 5)
	if err != nil || len(all) == 0 || !all[0].Same(o) {
		t.Fatalf("%v, %d outcomes\n%s", err, len(all), text)
	}
	again, err := Assemble("again", []byte(text))
	if err != nil || !again.Equal(p) {
		t.Fatalf("%v\n%s", err, text)
	}
}
