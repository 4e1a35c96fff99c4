package compare

import (
	"fmt"
	"strings"
)

// workload is one program, in every language. It computes want.
type workload struct {
	name  string
	want  int64
	zxasm string // ends with RETURN
	// The others define run, a function without parameters.
	lua, js, star string
	wasm          []byte
}

// assignment is name = sum of terms. A term is the product of its factors, which are names or numbers.
type assignment struct {
	name  string
	terms [][]string
}

// straightLine has n statements over 50 variables, each of which needs the one before.
func straightLine(n int) workload {
	code := []assignment{{"x0", [][]string{{"3"}}}}
	sum := int64(3)
	for i := range n {
		code = append(code, assignment{name("x", (i+1)%50), [][]string{{fmt.Sprint(i)}, {name("x", i%50)}}})
		sum += int64(i)
	}
	w := translate(code, name("x", n%50), true)
	w.name, w.want = fmt.Sprintf("straight line %d", n), sum
	return w
}

// matrix multiplies two n×n matrices that lie in named variables, and adds up the product.
func matrix(n int) workload {
	var code []assignment
	for i := range n {
		for j := range n {
			code = append(code,
				assignment{name("a", i, j), [][]string{{fmt.Sprint(i + j)}}},
				assignment{name("b", i, j), [][]string{{fmt.Sprint(j + 1)}}})
		}
	}
	code = append(code, assignment{"s", [][]string{{"0"}}})
	want := int64(0)
	for i := range n {
		for j := range n {
			c := assignment{name: name("c", i, j)}
			for k := range n {
				c.terms = append(c.terms, []string{name("a", i, k), name("b", k, j)})
				want += int64((i + k) * (j + 1))
			}
			code = append(code, c, assignment{"s", [][]string{{"s"}, {c.name}}})
		}
	}
	w := translate(code, "s", false)
	w.name, w.want = fmt.Sprintf("matrix %d×%d", n, n), want
	return w
}

func name(prefix string, indices ...int) string {
	for i, n := range indices {
		if i > 0 {
			prefix += "_"
		}
		prefix += fmt.Sprint(n)
	}
	return prefix
}

// translate writes statements without branches in every language.
func translate(code []assignment, result string, luaLocals bool) workload {
	var zx, common strings.Builder
	var names []string
	known := map[string]int{}
	f := &wasmFunction{}
	load := func(factor string) {
		if i, ok := known[factor]; ok {
			fmt.Fprintf(&zx, "LOAD_NAME %s\n", factor)
			f.op(localGet, i)
			return
		}
		var n int64
		fmt.Sscan(factor, &n)
		fmt.Fprintf(&zx, "LOAD_CONST %d\n", n)
		f.constant(n)
	}
	for _, a := range code {
		var terms []string
		for i, term := range a.terms {
			for k, factor := range term {
				load(factor)
				if k > 0 {
					zx.WriteString("MUL\n")
					f.op(i64Mul)
				}
			}
			if i > 0 {
				zx.WriteString("ADD\n")
				f.op(i64Add)
			}
			terms = append(terms, strings.Join(term, " * "))
		}
		if _, ok := known[a.name]; !ok {
			known[a.name] = len(names)
			names = append(names, a.name)
		}
		fmt.Fprintf(&zx, "STORE_NAME %s\n", a.name)
		f.op(localSet, known[a.name])
		fmt.Fprintf(&common, "    %s = %s\n", a.name, strings.Join(terms, " + "))
	}
	load(result)
	zx.WriteString("RETURN\n")
	f.locals = len(names)
	locals := ""
	if luaLocals {
		locals = "    local " + strings.Join(names, ", ") + "\n"
	}
	return workload{
		zxasm: zx.String(),
		lua:   "function run()\n" + locals + common.String() + "    return " + result + "\nend\n",
		js:    "function run() {\n    let " + strings.Join(names, ", ") + "\n" + common.String() + "    return " + result + "\n}\n",
		star:  "def run():\n" + common.String() + "    return " + result + "\n",
		wasm:  wasmModule(f, nil),
	}
}

// loop has n iterations of 19 instructions in our text.
func loop(n int) workload {
	want := int64(0)
	for i := range int64(n) {
		want = (want + i*3) % 1000003
	}
	f := &wasmFunction{locals: 2} // i, s
	f.op(loopBlock)
	f.op(localGet, 1).op(localGet, 0).constant(3).op(i64Mul).op(i64Add).constant(1000003).op(i64RemS).op(localSet, 1)
	f.op(localGet, 0).constant(1).op(i64Add).op(localSet, 0)
	f.op(localGet, 0).constant(int64(n)).op(i64LtS).op(brIf, 0)
	f.op(end).op(localGet, 1)
	return workload{
		name: fmt.Sprintf("loop %g", float64(n)), want: want,
		zxasm: fmt.Sprintf(`
	LOAD_CONST 0
	STORE_NAME i
	LOAD_CONST 0
	STORE_NAME s
top:
	LOAD_NAME i
	LOAD_CONST %d
	LT
	JUMP_IF_FALSE out
	LOAD_NAME s
	LOAD_NAME i
	LOAD_CONST 3
	MUL
	ADD
	LOAD_CONST 1000003
	MOD
	STORE_NAME s
	NOP
	NOP
	LOAD_NAME i
	LOAD_CONST 1
	ADD
	STORE_NAME i
	JUMP top
out:
	LOAD_NAME s
	RETURN
`, n),
		lua: fmt.Sprintf(`
function run()
    local i, s = 0, 0
    while i < %d do
        s = (s + i * 3) %% 1000003
        i = i + 1
    end
    return s
end
`, n),
		js: fmt.Sprintf(`
function run() {
    let i = 0, s = 0
    while (i < %d) {
        s = (s + i * 3) %% 1000003
        i = i + 1
    }
    return s
}
`, n),
		star: fmt.Sprintf(`
def run():
    i, s = 0, 0
    while i < %d:
        s = (s + i * 3) %% 1000003
        i = i + 1
    return s
`, n),
		wasm: wasmModule(f, nil),
	}
}

// fib calls itself, for the n-th Fibonacci number.
func fib(n int) workload {
	a, b := int64(0), int64(1)
	for range n {
		a, b = b, a+b
	}
	main, f := &wasmFunction{}, &wasmFunction{}
	main.constant(int64(n)).op(call, 1)
	f.op(localGet, 0).constant(2).op(i64LtS).op(ifI64)
	f.op(localGet, 0)
	f.op(elseBlock)
	f.op(localGet, 0).constant(1).op(i64Sub).op(call, 1)
	f.op(localGet, 0).constant(2).op(i64Sub).op(call, 1)
	f.op(i64Add).op(end)
	return workload{
		name: fmt.Sprintf("fib %d", n), want: a,
		zxasm: fmt.Sprintf(`
	LOAD_CONST %d
	CALL_FUNC_CONST @fib 1
	RETURN
.func fib(n)
	LOAD_NAME n
	LOAD_CONST 2
	LT
	JUMP_IF_FALSE more
	LOAD_NAME n
	RETURN
more:
	LOAD_NAME n
	LOAD_CONST 1
	SUB
	CALL_FUNC_CONST @fib 1
	LOAD_NAME n
	LOAD_CONST 2
	SUB
	CALL_FUNC_CONST @fib 1
	ADD
	RETURN
.end
`, n),
		lua: fmt.Sprintf(`
local function fib(n)
    if n < 2 then return n end
    return fib(n - 1) + fib(n - 2)
end
function run() return fib(%d) end
`, n),
		js: fmt.Sprintf(`
function fib(n) {
    if (n < 2) return n
    return fib(n - 1) + fib(n - 2)
}
function run() { return fib(%d) }
`, n),
		star: fmt.Sprintf(`
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
def run():
    return fib(%d)
`, n),
		wasm: wasmModule(main, f),
	}
}
