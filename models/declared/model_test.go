package declared

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synchrony/models/history"
)

const register = `# a register
model register   # with a name
about a register
state value = nil
operation write new
  set value = new
operation cas [old, new]
  require value == old
  set value = new
operation read
  result value
`

func parsed(t *testing.T, src string) *Model {
	t.Helper()
	m, err := Parse("m", src)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tuple(items ...history.Tree) history.Tree { return listOf(items) }

func TestRegister(t *testing.T) {
	m := parsed(t, register)
	if m.Name != "register" || m.About != "a register" || strings.Join(m.Operations(), " ") != "write cas read" || m.Reads("write") || !m.Reads("read") {
		t.Fatalf("%+v", m)
	}
	s, err := m.Initial()
	if err != nil {
		t.Fatal(err)
	}
	void := history.Tree{}
	for _, c := range []struct {
		name             string
		argument, result history.Tree
		told, ok         bool
		want             string
	}{
		{"read", void, void, true, true, "[nil]"},
		{"read", void, numberOf(1), true, false, "[nil]"},
		{"read", void, numberOf(1), false, true, "[nil]"},
		{"write", numberOf(1), numberOf(1), true, true, "[1]"},
		{"cas", tuple(numberOf(2), numberOf(3)), void, true, false, "[1]"},
		{"cas", numberOf(2), void, true, false, "[1]"},
		{"cas", tuple(numberOf(1), tuple(numberOf(3))), void, false, true, "[[3]]"},
		{"read", void, tuple(numberOf(3)), true, true, "[[3]]"},
		{"delete", void, void, true, false, "[[3]]"},
	} {
		next, ok, err := m.Step(s, c.name, &c.argument, &c.result, c.told)
		if err != nil || ok != c.ok {
			t.Fatalf("%s %s: %v, %v", c.name, c.argument.Text(), ok, err)
		}
		if ok {
			s = next
		}
		if s.Text() != c.want {
			t.Fatalf("%s: %s, want %s", c.name, s.Text(), c.want)
		}
	}
}

// TestExpressions computes the state of a model with one variable.
func TestExpressions(t *testing.T) {
	for src, want := range map[string]string{
		`1 + 2 * 3 - 4`:                          "3",
		`(1 + 2) * -3`:                           "-9",
		`[1, "a b", :x/y, nil, [true]]`:          `[1 "a b" :x/y nil ['true]]`,
		`[]`:                                     "[]",
		`1 == 1 and not 2 == 1`:                  "'true",
		`not (1 < 2) or "a" < "b"`:               "'true",
		`1 == "1"`:                               "'false",
		`false and first(nil)`:                   "'false",
		`true or 1`:                              "'true",
		`length([1, 2, 2])`:                      "3",
		`[first([]), last([]), least([])]`:       "[nil nil nil]",
		`[first([3, 1, 2]), last([3, 1, 2])]`:    "[3 2]",
		`[least([3, 10, 2]), greatest([3, 10])]`: "[2 10]",
		`sort([:b, 10, "a", 9, nil])`:            `[9 10 "a" :b nil]`,
		`unique([2, 1, 2])`:                      "[1 2]",
		`append(append([], 1), 2)`:               "[1 2]",
		`without([1, 2, 1], 1)`:                  "[2 1]",
		`without([1], 7)`:                        "[1]",
		`[has([1, 2], 2), has([], nil)]`:         "['true 'false]",
		`[rest([1, 2]), rest([]), most([1, 2])]`: "[[2] [] [1]]",
		`9223372036854775807 + 1`:                "m:2:33: 9223372036854775807 + 1 is no number of 64 bits",
		`-9223372036854775808 * -1`:              "m:2:34: -9223372036854775808 * -1 is no number of 64 bits",
		`4294967296 * 4294967296`:                "m:2:24: 4294967296 * 4294967296 is no number of 64 bits",
		`-5 - 9223372036854775807`:               "m:2:16: -5 - 9223372036854775807 is no number of 64 bits",
		`nil + 1`:                                "m:2:17: + of nil and 1: want whole numbers",
		`1 < "a"`:                                `m:2:15: 1 and "a" have no order: want two numbers, or two texts`,
		`first(3)`:                               "m:2:13: 3 is no list",
		`least([1, "a"])`:                        `m:2:13: the items of [1 "a"] have no order: want numbers, or texts`,
		`1 and true`:                             "m:2:13: this is 1, and a condition is true or false",
		`not 1`:                                  "m:2:13: not of 1: want true or false",
		strings.Repeat("(", 80):                  "m:2:78: expressions nest deeper than 64",
		`1 < 2 < 3`:                              "m:2:19: a second comparison: want and between them",
		`[1, 2`:                                  `m:2:18: want a comma or "]"`,
		`(1`:                                     `m:2:15: want ")"`,
		`1 2`:                                    `m:2:15: "2" after the end of the line's meaning`,
		`"abc`:                                   "m:2:13: a text that does not end, or has an escape that there is not",
		`frist([])`:                              `m:2:13: no function "frist": there are append, first, greatest, has, last, least, length, most, rest, sort, unique, without`,
		`has([])`:                                "m:2:13: has takes 2 values, and not 1",
		`other`:                                  `m:2:13: no variable "other" here; words that are values begin with a colon, and texts stand in quotes`,
		`returned`:                               "m:2:13: nothing was returned yet",
		`99999999999999999999`:                   "m:2:13: 99999999999999999999 is no whole number of 64 bits",
		`1.5`:                                    "m:2:13: 1.5 is no whole number of 64 bits",
		`- x`:                                    "m:2:15: want a number after the minus",
		`:`:                                      "m:2:13: a colon without a keyword",
		`%`:                                      "m:2:13: '%' means nothing here",
		``:                                       "m:2:13: a value is expected",
	} {
		m, err := Parse("m", "model m\nstate x   = "+src+"\noperation read\n")
		got := ""
		if err != nil {
			got, _, _ = strings.Cut(err.Error(), "\n")
		} else if s, err := m.Initial(); err != nil {
			got = err.Error()
		} else {
			got = s[0].Text()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}

// TestWrongFiles: each mistake has its place, and all of them are told.
func TestWrongFiles(t *testing.T) {
	for src, want := range map[string]string{
		"":        `m:1:1: a model has a name: want a line "model NAME"`,
		"model m": `m:1:8: a model has operations: want lines "operation NAME"`,
		"model":   "m:1:6: want the name of the model",
		"model m\nstate x = 1\nset x = 2\noperation a\n":   `m:3:1: set belongs to an operation: want it indented, below a line "operation NAME"`,
		"model m\n  set x = 2\noperation a\n":              `m:2:3: set belongs to an operation: want it indented, below a line "operation NAME"`,
		"model m\noperation a\n  set y = 2\n":              `m:3:7: no variable "y": there are `,
		"model m\nstate x = 1\nstate x = 2\noperation a\n": `m:3:7: "x" means something else already`,
		"model m\nstate first = 1\noperation a\n":          `m:2:7: "first" means something else already`,
		"model m\nstate x = 1\noperation a x\n":            `m:3:13: "x" means something else already`,
		"model m\noperation a [b, b]\n":                    `m:2:17: "b" means something else already`,
		"model m\noperation a [b c]\n":                     `m:2:16: want ","`,
		"model m\noperation a\nstate x = 1\n":              "m:3:7: the state comes before the operations",
		"model m\nstates x = 1\noperation a\n":             `m:2:1: "states" is none of model, about, keyed, state, operation, require, set, check, result`,
		"model m\nstate x 1\noperation a\n":                `m:2:9: want "="`,
		"model m\nstate = 1\noperation a [\n":              "m:2:7: want the name of a variable|m:3:14: want the name of a part of what is given",
	} {
		_, err := Parse("m", src)
		var got []string
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if strings.HasPrefix(line, "m:") {
					got = append(got, line)
				}
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q:\n%s\nwant\n%s", src, strings.Join(got, "|"), want)
		}
	}
	if _, err := Parse("m", strings.Repeat("#", MaxFile+1)); err == nil {
		t.Error("a large file is read")
	}
}

// TestAlternatives: of several operations of a name, the first that can happen is executed.
func TestAlternatives(t *testing.T) {
	m := parsed(t, `model queue
state items = []
operation enqueue x
  set items = append(items, x)
operation dequeue
  require items == []
  result nil
operation dequeue
  result first(items)
  set items = rest(items)
`)
	s, _ := m.Initial()
	one, void := numberOf(1), history.Tree{}
	if _, ok, err := m.Step(s, "dequeue", &void, &one, true); ok || err != nil {
		t.Error("1 comes out of an empty queue", err)
	}
	s, _, _ = m.Step(s, "enqueue", &one, &one, true)
	next, ok, err := m.Step(s, "dequeue", &void, &one, true)
	if !ok || err != nil || next.Text() != "[[]]" || s.Text() != "[[1]]" {
		t.Error(ok, err, next.Text(), s.Text())
	}
	if _, ok, _ := m.Step(s, "dequeue", &void, &void, true); ok {
		t.Error("nothing comes out of a queue that has something")
	}
}

// TestDocumentedModels reads the models of docs/histories.md and of the examples.
func TestDocumentedModels(t *testing.T) {
	doc, err := os.ReadFile("../../docs/histories.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(doc), "## A model of your own")
	part, _, _ = strings.Cut(part, "\n## ")
	models := []string{strings.Split(part, "```")[1]}
	files, _ := filepath.Glob("../../examples/models/*.model")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, string(src))
	}
	for _, src := range models {
		if m, err := Parse("m", src); err != nil || m.About == "" {
			t.Errorf("%v\n%s", err, src)
		}
	}
	if len(models) < 2 {
		t.Errorf("%d models", len(models))
	}
	for _, name := range functionNames() {
		if !strings.Contains(part, "`"+name+"(") {
			t.Errorf("the function %s is not documented", name)
		}
	}
}

// FuzzParse holds the reader to errors that have places, and models to execute without a panic.
func FuzzParse(f *testing.F) {
	f.Add(register)
	f.Add("model m\nstate x = [1, \"a\", :b, -3]\noperation a [b, c]\n check returned == least(x) and not has(x, b)\n")
	f.Fuzz(func(t *testing.T, src string) {
		m, err := Parse("m", src)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "m:") {
				t.Fatal(err)
			}
			return
		}
		s, err := m.Initial()
		if err != nil {
			t.Fatal(err)
		}
		argument := tuple(numberOf(1), numberOf(2))
		for _, name := range m.Operations() {
			if next, ok, err := m.Step(s, name, &argument, &argument, true); ok && err == nil {
				s = next
			}
		}
	})
}
