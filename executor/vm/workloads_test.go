package vm

import (
	"fmt"
	"strings"
)

// independentLoops has 8 loops, of n iterations each, over variables of their own.
func independentLoops(n int) string {
	var b strings.Builder
	for i := range 8 {
		fmt.Fprintf(&b, `
	LOAD_CONST 0
	STORE_NAME i%[1]d
	LOAD_CONST 1
	STORE_NAME s%[1]d
top%[1]d:
	LOAD_NAME i%[1]d
	LOAD_CONST %[2]d
	LT
	JUMP_IF_FALSE out%[1]d
	LOAD_NAME s%[1]d
	LOAD_NAME i%[1]d
	LOAD_CONST 3
	MUL
	ADD
	LOAD_CONST 1000003
	MOD
	STORE_NAME s%[1]d
	LOAD_NAME i%[1]d
	LOAD_CONST 1
	ADD
	STORE_NAME i%[1]d
	JUMP top%[1]d
out%[1]d:
`, i, n)
	}
	return b.String() + "LOAD_NAME s0\nRETURN\n"
}

// pureCalls has n calls of a function that loops 100 times.
func pureCalls(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "LOAD_CONST %d\nCALL_FUNC_CONST @f 1\nSTORE_NAME r%d\n", i, i)
	}
	return b.String() + "LOAD_NAME r0\nRETURN\n" + workFunction
}

const workFunction = `
.func f(x) locals(i)
	LOAD_CONST 0
	STORE_NAME i
top:
	LOAD_NAME i
	LOAD_CONST 100
	LT
	JUMP_IF_FALSE out
	LOAD_NAME x
	LOAD_CONST 31
	MUL
	LOAD_CONST 1000003
	MOD
	STORE_NAME x
	LOAD_NAME i
	LOAD_CONST 1
	ADD
	STORE_NAME i
	JUMP top
out:
	LOAD_NAME x
	RETURN
.end
`

func mapping1(n int) string {
	return fmt.Sprintf("LOAD_CONST %d\nCALL_BUILTIN range 1\nPARALLEL_MAP @f\nCALL_BUILTIN sum 1\nRETURN\n", n) + workFunction
}

// chain has n calls each of which needs the one before.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("LOAD_CONST 7\nSTORE_NAME r\n")
	for range n {
		b.WriteString("LOAD_NAME r\nCALL_FUNC_CONST @f 1\nSTORE_NAME r\n")
	}
	return b.String() + "LOAD_NAME r\nRETURN\n" + workFunction
}
