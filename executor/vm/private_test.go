package vm

import (
	"fmt"
	"testing"

	"synchrony/models/program"
)

// overwriting are ways to give v, which holds a value that was built, another one.
var overwriting = map[string]struct{ first, other string }{
	"list put":      {"LOAD_CONST 10\nBUILD_LIST 1\n", "LOAD_NAME v\nLOAD_CONST 0\nLOAD_CONST 30\nCALL_BUILTIN put 3\n"},
	"list append":   {"LOAD_CONST 10\nBUILD_LIST 1\n", "LOAD_NAME v\nLOAD_CONST 30\nCALL_BUILTIN append 2\n"},
	"list of lists": {"LOAD_CONST 10\nBUILD_LIST 1\nBUILD_LIST 1\n", "LOAD_NAME v\nDUP\nBUILD_LIST 2\n"},
	"concatenation": {"LOAD_CONST 10\nBUILD_LIST 1\n", "LOAD_NAME v\nDUP\nADD\n"},
	"map put":       {"LOAD_CONST 1\nLOAD_CONST 2\nBUILD_MAP 1\n", "LOAD_NAME v\nLOAD_CONST 3\nLOAD_CONST 4\nCALL_BUILTIN put 3\n"},
	"strings":       {"LOAD_CONST 10\nCALL_BUILTIN str 1\n", "LOAD_NAME v\nLOAD_CONST \"ab\"\nADD\n"},
	"str":           {"LOAD_CONST 10\nCALL_BUILTIN str 1\n", "LOAD_NAME v\nBUILD_LIST 1\nCALL_BUILTIN str 1\n"},
	"in a map":      {"LOAD_CONST 1\nLOAD_CONST 2\nBUILD_MAP 1\n", "LOAD_CONST 5\nLOAD_NAME v\nBUILD_MAP 1\n"},
}

// privately runs code by everybody who has private copies of the variables, %s being that code.
var privately = map[string]string{
	"elements":             "LOAD_CONST [1, 2, 3]\nPARALLEL_MAP @f\nSTORE_NAME seen\n.func f(p)\n%sLOAD_NAME v\nRETURN\n.end\n",
	"elements that call":   "LOAD_CONST [1, 2, 3]\nPARALLEL_MAP @f\nSTORE_NAME seen\n.func f(p)\nCALL_FUNC_CONST @g 0\nPOP\nLOAD_NAME v\nRETURN\n.end\n.func g()\n%s.end\n",
	"elements of elements": "LOAD_CONST [1, 2]\nPARALLEL_MAP @f\nSTORE_NAME seen\n.func f(p)\nLOAD_CONST [3, 4]\nPARALLEL_MAP @g\nLOAD_NAME v\nBUILD_LIST 2\nRETURN\n.end\n.func g(p)\n%sLOAD_NAME v\nRETURN\n.end\n",
	"workers":              "FORK_EXECUTION 3\n%sBARRIER_SYNC 1\n%[1]sLOAD_NAME v\nPRINT\nJOIN_WORKERS 0\n",
	"a worker's elements":  "FORK_EXECUTION 2\nLOAD_CONST [1, 2]\nPARALLEL_MAP @f\nPRINT\nJOIN_WORKERS 0\n.func f(p)\n%sLOAD_NAME v\nRETURN\n.end\n",
}

// TestPrivateCopiesStayPrivate: whoever has private copies of the variables begins with the values that they had, however
// many were built since and forgotten, whose places the garbage collector gives to others; and is charged for those.
func TestPrivateCopiesStayPrivate(t *testing.T) {
	for way, code := range privately {
		for what, v := range overwriting {
			t.Run(way+"/"+what, func(t *testing.T) {
				body := v.other + "STORE_NAME v\n"
				for range 9 { // after some number of them, the last value has the first one's place
					body += v.first + "STORE_NAME v\n" + v.other + "STORE_NAME v\n"
					agrees(t, build(t, v.first+"STORE_NAME v\n"+fmt.Sprintf(code, body)), program.Limits{})
				}
			})
		}
	}
}
