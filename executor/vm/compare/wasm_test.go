package compare

// The WebAssembly instructions in use, by their bytes (WebAssembly core specification 1.0, section 5.4).
const (
	loopBlock = 0x03
	ifI64     = 0x04
	elseBlock = 0x05
	end       = 0x0b
	brIf      = 0x0d
	call      = 0x10
	localGet  = 0x20
	localSet  = 0x21
	i64Const  = 0x42
	i64LtS    = 0x53
	i64Add    = 0x7c
	i64Sub    = 0x7d
	i64Mul    = 0x7e
	i64RemS   = 0x81

	typeI64  = 0x7e
	typeVoid = 0x40
	typeFunc = 0x60
)

// wasmFunction is a function in the making. All values are i64.
type wasmFunction struct {
	locals int // beside parameters
	code   []byte
}

// op adds an instruction with its immediate operands.
func (f *wasmFunction) op(code byte, operands ...int) *wasmFunction {
	f.code = append(f.code, code)
	switch code {
	case loopBlock:
		f.code = append(f.code, typeVoid)
	case ifI64:
		f.code = append(f.code, typeI64)
	}
	for _, n := range operands {
		f.code = append(f.code, unsigned(n)...)
	}
	return f
}

func (f *wasmFunction) constant(n int64) *wasmFunction {
	f.code = append(append(f.code, i64Const), signed(n)...)
	return f
}

// body is the function's entry in the code section.
func (f *wasmFunction) body() []byte {
	locals := []byte{0}
	if f.locals > 0 {
		locals = append(append([]byte{1}, unsigned(f.locals)...), typeI64)
	}
	return sized(locals, f.code, []byte{end})
}

// wasmModule exports main, without parameters, as run. If there is a helper, it has one parameter, and is
// function 1. Both return a value.
func wasmModule(main, helper *wasmFunction) []byte {
	functions, bodies := []byte{1, 0}, main.body()
	if helper != nil {
		functions = []byte{2, 0, 1}
		bodies = append(bodies, helper.body()...)
	}
	module := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, parts ...[]byte) { module = append(append(module, id), sized(parts...)...) }
	section(1, []byte{2, typeFunc, 0, 1, typeI64, typeFunc, 1, typeI64, 1, typeI64}) // () → i64, i64 → i64
	section(3, functions)
	section(7, []byte("\x01\x03run\x00\x00"))
	section(10, functions[:1], bodies)
	return module
}

// sized puts its length before the parts.
func sized(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return append(unsigned(len(all)), all...)
}

// unsigned and signed are the LEB128 encodings.
func unsigned(n int) []byte {
	var out []byte
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}

func signed(n int64) []byte {
	var out []byte
	for ; n < -0x40 || n >= 0x40; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n)&0x7f)
}
