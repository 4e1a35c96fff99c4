package batch

import (
	"fmt"
	"go/ast"
	goparser "go/parser"
	gotoken "go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// languagePage is the reference of the language, which the tests below hold against
// the parser's tables.
const languagePage = "../../docs/language-ae.md"

func readLanguagePage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(languagePage)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// TestLanguagePage: the page has a row, a rule of the grammar, or both, for every word
// that the language knows.
func TestLanguagePage(t *testing.T) {
	page := readLanguagePage(t)
	_, rest, _ := strings.Cut(page, "```ebnf\n")
	grammar, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the page has no grammar")
	}
	words := grammarWords(t)
	for _, word := range slices.Concat(words, compareOps[:], binaryOps[Add:]) {
		if !strings.Contains(grammar, `"`+word+`"`) {
			t.Errorf("the grammar lacks %q", word)
		}
	}
	rows := []string{AccountParam.String(), AmountParam.String(), "secret", "external", "guard", "solve", "verify"}
	rows = slices.Concat(rows, compareOps[:], binaryOps[Add:], failureKinds[1:], attestationProblems[1:])
	for _, s := range settings() {
		rows = append(rows, s.key)
	}
	for _, word := range rows {
		if !strings.Contains(page, "\n| `"+word+"`") {
			t.Errorf("no row of a table is about %s", word)
		}
	}
	for _, fact := range append(modes[:], strconv.Itoa(MaxDepth), strconv.Itoa(maxErrors), strconv.Itoa(DefaultWorkers), oldPrefix) {
		if !strings.Contains(page, fact) {
			t.Errorf("the page does not mention %s", fact)
		}
	}
}

// grammarWords are the words and symbols that the parser asks for by name: the constant
// arguments of its methods that compare a token with a text.
func grammarWords(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("parse*.go")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := goparser.ParseFile(gotoken.NewFileSet(), file, nil, goparser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			text, constant := call.Args[0].(*ast.BasicLit)
			if ok && constant && slices.Contains([]string{"is", "accept", "expect", "modifier"}, method.Sel.Name) {
				word, err := strconv.Unquote(text.Value)
				if err != nil {
					t.Fatal(err)
				}
				words[word] = true
			}
			return true
		})
	}
	if len(words) < 20 {
		t.Fatalf("%d words only: %v", len(words), words)
	}
	return slices.Sorted(maps.Keys(words))
}

// TestLanguagePageExamples runs the examples of the page: each comes to what its comment
// says, and every way for a text to end has one.
func TestLanguagePageExamples(t *testing.T) {
	ways := map[string]int{}
	for i, block := range strings.Split(readLanguagePage(t), "```") {
		text, ok := strings.CutPrefix(block, "ae\n")
		if i%2 == 0 || !ok {
			continue
		}
		at := strings.LastIndex(strings.TrimRight(text, "\n"), "\n# ")
		if at < 0 {
			t.Errorf("the example does not end with a comment that says what comes of it:\n%s", text)
			continue
		}
		want := strings.TrimSpace(text[at+len("\n# "):])
		got := outcomeInWords(text)
		if got != want {
			t.Errorf("%s\ncomes to\n%s", text, got)
		}
		way, _, _ := strings.Cut(got, ":")
		ways[way]++
	}
	for _, way := range []string{"commits", "aborts", "refused", "error"} {
		if ways[way] == 0 {
			t.Errorf("no example %s", way)
		}
	}
}

// outcomeInWords is what the specification makes of a text, as the examples say it.
func outcomeInWords(text string) string {
	b, err := Parse("", []byte(text))
	if err != nil {
		return "error: " + strings.TrimPrefix(strings.Split(err.Error(), "\n")[0], ":")
	}
	o := RunSerially(b)
	switch unattested := VerifyAttestations(b, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); {
	case o.Cycle != nil:
		return "refused: " + o.Cycle.Error()
	case o.Failure != nil:
		return "aborts: " + o.Failure.Error()
	case unattested != nil:
		return "aborts: " + unattested.Error()
	}
	balances := make([]string, len(b.Accounts))
	for i, a := range b.Accounts {
		balances[i] = fmt.Sprint(a.Name, " ", o.Balances[i])
	}
	return "commits: " + strings.Join(balances, ", ")
}
