package program

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// languagePage is the reference of the language, which the tests below hold against
// the tables of opcodes, builtins, errors, directives and settings.
const languagePage = "../../docs/language-zxasm.md"

func readLanguagePage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(languagePage)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// tableRows are the cells of the page's table rows under a heading.
func tableRows(page, heading string) [][]string {
	_, section, _ := strings.Cut(page, "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var rows [][]string
	for line := range strings.Lines(section) {
		inner, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "| ")
		if !ok {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(inner, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

var operandWords = [...]string{
	ConstOperand: "value", FuncOperand: "@function", NameOperand: "variable", SharedOperand: "shared",
	TargetOperand: "label", CountOperand: "n", BuiltinOperand: "builtin", WorkersOperand: "workers",
	TimeoutOperand: "ms", BarrierOperand: "id",
}

// TestLanguagePageInstructions: the page's table has each opcode with its number, its operands, its
// effect on the stack, and an error exactly if it may fail.
func TestLanguagePageInstructions(t *testing.T) {
	rows := map[string][]string{}
	for _, row := range tableRows(readLanguagePage(t), "Instructions") {
		if len(row) != 5 {
			t.Fatalf("a row of %d cells: %q", len(row), row)
		}
		rows[row[0]] = row
	}
	for _, op := range Opcodes() {
		info, _ := op.Info()
		want := info.Name
		for _, kind := range []OperandKind{info.A, info.B} {
			if kind != NoOperand {
				want += " " + operandWords[kind]
			}
		}
		row := rows[strconv.Itoa(int(op))]
		if row == nil || row[1] != "`"+want+"`" {
			t.Errorf("the page has %q for opcode %d, `%s`", row, op, want)
			continue
		}
		before, after, _ := strings.Cut(strings.Trim(row[2], "`"), "--")
		pops, pushes := strings.Fields(before), strings.Fields(after)
		if len(pops) != info.Pops && info.Pops != Variable || (info.Pops == Variable) != strings.Contains(before, "…") || len(pushes) != info.Pushes {
			t.Errorf("%v pops %d values and pushes %d; the page says %s", op, info.Pops, info.Pushes, row[2])
		}
		if listed := listedErrors(t, row[4]); (len(listed) > 0) != (info.Effects&MayFail != 0) {
			t.Errorf("%v: may fail is %v; the page lists %q", op, info.Effects&MayFail != 0, row[4])
		}
	}
	if n := len(rows) - 1; n != len(Opcodes()) { // without the header
		t.Errorf("%d rows for %d opcodes", n, len(Opcodes()))
	}
}

// listedErrors are the errors in a cell, without the limits that any instruction or fork may meet.
func listedErrors(t *testing.T, cell string) []ErrorKind {
	t.Helper()
	var kinds []ErrorKind
	for i, word := range strings.Split(cell, "`") {
		if i%2 == 0 {
			continue
		}
		kind, ok := ErrorKindNamed(word)
		if !ok {
			t.Errorf("there is no error %q", word)
		}
		if !kind.Limit() && kind != WorkerLimit {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// TestLanguagePageBuiltins: likewise for the builtins.
func TestLanguagePageBuiltins(t *testing.T) {
	rows := map[string][]string{}
	for _, row := range tableRows(readLanguagePage(t), "Builtins") {
		rows[row[0]] = row
	}
	for b := range builtinCount {
		info := b.Info()
		arguments := strconv.Itoa(info.Min)
		switch {
		case info.Max < 0:
			arguments += " or more"
		case info.Max > info.Min:
			arguments += " or " + strconv.Itoa(info.Max)
		}
		row := rows[strconv.Itoa(int(b))]
		if len(row) != 5 || !strings.HasPrefix(row[1], "`"+info.Name+"(") || row[2] != arguments {
			t.Errorf("the page has %q for builtin %d, %s with %s arguments", row, b, info.Name, arguments)
			continue
		}
		if listed := listedErrors(t, row[4]); (len(listed) > 0) != (info.Effects&MayFail != 0) {
			t.Errorf("%v: may fail is %v; the page lists %q", b, info.Effects&MayFail != 0, row[4])
		}
	}
	if n := len(rows) - 1; n != int(builtinCount) {
		t.Errorf("%d rows for %d builtins", n, builtinCount)
	}
}

// TestLanguagePageWords: kinds of values, errors, directives, settings and faults have a row
// each, and the limits their numbers.
func TestLanguagePageWords(t *testing.T) {
	page := readLanguagePage(t)
	hasRow := func(heading, cell string) {
		t.Helper()
		if !slices.ContainsFunc(tableRows(page, heading), func(row []string) bool { return row[0] == cell }) {
			t.Errorf("no row for %s under %s", cell, heading)
		}
	}
	for _, d := range directives {
		hasRow("Directives", "`"+d+"`")
		if !strings.Contains(page, `"`+d+`"`) {
			t.Errorf("the grammar lacks %s", d)
		}
	}
	for k := NilKind; k <= FuncKind; k++ {
		hasRow("Values", "`"+k.String()+"`")
	}
	for k := TypeError; k < errorKindCount; k++ {
		hasRow("Errors", "`"+k.String()+"`")
	}
	for _, o := range new(Setup).options() {
		heading := "Settings"
		if slices.Contains([]string{"steps", "memory", "call_depth", "live_workers", "time"}, o.name) {
			heading = "Limits"
		}
		hasRow(heading, "`"+o.name+"`")
	}
	for _, k := range []FaultKind{FailAttempt, HangAttempt, PanicAttempt} {
		hasRow("Settings", "`"+k.String()+"`")
	}
	for _, form := range []string{"result", "var", "shared", "output", "silence", "error"} {
		if !strings.Contains(page, "\n| `.expect "+form+"`") {
			t.Errorf("no row for .expect %s", form)
		}
	}
	limits := fmt.Sprint(tableRows(page, "Limits"))
	for _, n := range []int{
		MaxWorkers, MaxStack, MaxLocals, MaxNesting, maxConstant, MaxCode, MaxFunctions, MaxNames, MaxConstants, MaxName, MaxTimeout, MaxBarrier,
		DefaultSteps, DefaultMemory, DefaultCallDepth, DefaultWorkers,
	} {
		if !regexp.MustCompile(`\b` + strconv.Itoa(n) + `\b`).MatchString(limits) {
			t.Errorf("the limits lack %d", n)
		}
	}
}

// TestLanguagePageExamples runs the examples of the page: each gives what its expectations or its
// last comment say, and together they use every instruction and builtin.
func TestLanguagePageExamples(t *testing.T) {
	ops, builtins := map[Opcode]bool{}, map[Builtin]bool{}
	for i, block := range strings.Split(readLanguagePage(t), "```") {
		text, ok := strings.CutPrefix(block, "zxasm\n")
		if i%2 == 0 || !ok {
			continue
		}
		w, err := Load("", []byte(text))
		if _, want, ok := strings.Cut(text, "; error: "); ok {
			if err == nil || strings.TrimPrefix(strings.Split(err.Error(), "\n")[0], ":") != strings.TrimSpace(want) {
				t.Errorf("%s\nhas the error\n%v", text, err)
			}
			continue
		}
		if err != nil || w.Program.Expect == nil {
			t.Errorf("%s\n%v; an example has expectations", text, err)
			continue
		}
		o, err := Run(w.Program, w.Setup.Limits)
		if err != nil {
			t.Fatal(err)
		}
		for _, differs := range w.Program.Expect.Check(o) {
			t.Errorf("%s\n%s", text, differs)
		}
		for _, f := range w.Program.Functions {
			for _, in := range f.Code {
				ops[in.Op] = true
				if in.Op == CallBuiltin {
					builtins[Builtin(in.A)] = true
				}
			}
		}
	}
	for _, op := range Opcodes() {
		if !ops[op] {
			t.Errorf("no example uses %v", op)
		}
	}
	for b := range builtinCount {
		if !builtins[b] {
			t.Errorf("no example uses %v", b)
		}
	}
}
