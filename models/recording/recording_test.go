package recording

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rogpeppe/go-internal/txtar"

	"synchrony/models/history"
	"synchrony/models/recording/sample"
	"synchrony/models/text"
)

// namedOptions are the options that are in the name of a file: pairs_value, nil_unknown.
func namedOptions(name string) Options {
	var o Options
	for _, pairs := range []string{PairsKey, PairsValue} {
		if strings.Contains(name, "pairs_"+pairs) {
			o.Pairs = pairs
		}
	}
	if strings.Contains(name, "nil_"+NilUnknown) {
		o.NilReads = NilUnknown
	}
	return o
}

// TestReadRecordings reads the histories in testdata/recorded: each an archive of a
// history, in a file named after its options and its format, and of the calls it is, or the error.
func TestReadRecordings(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) != 2 {
				t.Fatalf("%d files, %v", len(archive.Files), err)
			}
			source, want := archive.Files[0], archive.Files[1]
			name, format, _ := strings.Cut(source.Name, ".")
			o := namedOptions(name)
			for _, f := range []HistoryFormat{HistoryFormat(format), AutoFormat} {
				o.Format = f
				r, err := ReadRecording("h", strings.NewReader(string(source.Data)), o)
				got := ""
				switch {
				case err != nil:
					got = err.Error() + "\n"
				default:
					got = history.FormatCalls(&r.Calls)
					for i := range r.Failed {
						got += "failed " + r.Failed[i].String() + "\n"
					}
					if r.Skipped.Count > 0 {
						got += fmt.Sprintf("skipped %d, first line %d: %s\n", r.Skipped.Count, r.Skipped.Line, r.Skipped.First)
					}
					for _, note := range r.Notes {
						got += "note " + note + "\n"
					}
				}
				if got != string(want.Data) || (err != nil) != (want.Name == "error") {
					t.Errorf("%s: got\n%swant\n%s", f, got, want.Data)
				}
			}
		})
	}
}

// TestEDN reads values and prints them.
func TestEDN(t *testing.T) {
	for src, want := range map[string]string{
		`{:a 1, "b" [nil true -2N] :c #{:x/y}}`: `{:a 1 "b" [nil true -2] :c #{:x/y}}`,
		`#jepsen.history.Op{:index 0}`:          `{:index 0}`,
		`#inst "2020" #_ {:no 1} ; no`:          `"2020"`,
		`"a\n\"\u00e9"`:                         `"a\n\"é"`,
		`\a`:                                    `"a"`,
		`1.5M 99999999999999999999 sym`:         `1.5M`,
		`(1 2)`:                                 `1`,
		`{:a`:                                   "h:1: the text ends where '}' is expected, for the bracket that line 1 opens",
		"\n{:a 1 :b}":                           "h:2: a map has a key without a value",
		`}`:                                     "h:1: '}' closes nothing",
		`"abc`:                                  "h:1: the string does not end",
		`"\q"`:                                  `h:1: \q is no escape of a string`,
		`[`:                                     "h:1: the text ends where ']' is expected",
		`[] 1`:                                  "h:1: '1' after the end of the list",
		`{:a #}`:                                "h:1: a # without a tag",
		`{:a : }`:                               "h:1: a colon without a keyword",
		"{" + strings.Repeat("[", 1000):         "h:1: values nest deeper than 64",
		"{" + strings.Repeat("#a ", 1000) + "1": "h:1: values nest deeper than 64",
		strings.Repeat("#_ ", 1000) + "1":       "h:1: values nest deeper than 64",
		"{:a \xff}":                             "h:1: the text is not UTF-8",
		`{:a #_`:                                "h:1: the text ends where a value is expected",
		`#`:                                     "h:1: a # without a tag",
		`#tag`:                                  "h:1: the text ends where the value of the tag #tag is expected",
	} {
		d, err := newEDNReader(newScanner("h", strings.NewReader(src))).next()
		got := d.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.60s: %s, want %s", src, got, want)
		}
	}
}

// FuzzReadRecording holds the readers to never panic, and to give calls that are valid,
// versions that are, or an error that says where.
func FuzzReadRecording(f *testing.F) {
	for _, pattern := range []string{"testdata/recorded/*.txt"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(txtar.Parse(src).Files[0].Data))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, format := range []HistoryFormat{AutoFormat, EDNFormat, LogFormat, JSONFormat} {
			for _, lists := range []bool{false, true} {
				h, err := ReadTransactions("h", strings.NewReader(src), lists, Options{Format: format})
				if located(t, err) && len(h.List) > 0 && int(h.List[len(h.List)-1].End) > len(h.Ops) {
					t.Fatalf("%s: operations that are not there", format)
				}
			}
			r, err := ReadRecording("h", strings.NewReader(src), Options{Format: format})
			if !located(t, err) {
				continue
			}
			if err := r.Calls.Validate(); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if len(r.Lines) != len(r.Calls.Calls) || len(r.FailedLines) != len(r.Failed) {
				t.Fatalf("%s: %d lines of %d calls", format, len(r.Lines), len(r.Calls.Calls))
			}
		}
	})
}

// located reports whether there was no error; one must say where.
func located(t *testing.T, err error) bool {
	var where *text.Error
	var malformed *text.MalformedError
	if err != nil && !errors.As(err, &where) && !errors.As(err, &malformed) && !strings.HasPrefix(err.Error(), "h ") {
		t.Fatalf("%T %v", err, err)
	}
	return err == nil
}

// TestDocumentedHistories reads the examples of docs/histories.md.
func TestDocumentedHistories(t *testing.T) {
	doc, err := os.ReadFile("../../docs/histories.md")
	if err != nil {
		t.Fatal(err)
	}
	_, formats, _ := strings.Cut(string(doc), "## Formats")
	formats, _, _ = strings.Cut(formats, "## What is refused")
	count := 0
	for i, block := range strings.Split(formats, "```") {
		if i%2 == 0 {
			continue
		}
		_, text, _ := strings.Cut(block, "\n")
		if r, err := ReadRecording("block", strings.NewReader(text), Options{}); err != nil || len(r.Lines)+len(r.Failed) == 0 {
			t.Errorf("%v\n%s", err, text)
		}
		count++
	}
	if count < 8 {
		t.Errorf("%d examples", count)
	}
}

// TestReadingInPieces reads histories that come whole and a byte at a time: where the buffer ends makes no difference.
func TestReadingInPieces(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	var texts []string
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(archive.Files[0].Data))
	}
	for _, lists := range []bool{true, false} {
		h := sample.Shape{Lists: lists, Transactions: 1500, Concurrency: 20, Writes: 8}.Draw(rand.New(rand.NewPCG(1, 1)))
		texts = append(texts, sample.EDN(h), sample.JSON(h), "["+sample.EDN(h)+"]", sample.EDN(h)[:100_000])
	}
	for _, src := range texts {
		for _, read := range []func(io.Reader) (any, error){
			func(in io.Reader) (any, error) { return ReadTransactions("h", in, true, Options{}) },
			func(in io.Reader) (any, error) { return ReadTransactions("h", in, false, Options{}) },
			func(in io.Reader) (any, error) { return ReadRecording("h", in, Options{}) },
			func(in io.Reader) (any, error) { return ReadOperations("h", in, Options{}) },
		} {
			whole, err1 := read(strings.NewReader(src))
			pieces, err2 := read(iotest.OneByteReader(strings.NewReader(src)))
			if fmt.Sprint(err1) != fmt.Sprint(err2) || !reflect.DeepEqual(whole, pieces) {
				t.Fatalf("%.200s\nwhole: %v\nin pieces: %v", src, err1, err2)
			}
		}
	}
}

// TestTransactionsAreThoseDrawn writes histories down and reads them, in both notations.
func TestTransactionsAreThoseDrawn(t *testing.T) {
	for seed := range uint64(20) {
		want := sample.Shape{Lists: seed%2 == 0, Transactions: 300, Concurrency: 1 + int(seed), Writes: 1 + int(seed)*3}.Draw(rand.New(rand.NewPCG(seed, 2)))
		for _, src := range []string{sample.EDN(want), sample.JSON(want)} {
			got, err := ReadTransactions("h", strings.NewReader(src), want.Lists, Options{})
			if err != nil || len(got.List) != len(want.List) {
				t.Fatalf("seed %d: %d transactions, %v", seed, len(got.List), err)
			}
			for tx := range int32(len(want.List)) {
				x, y := &got.List[tx], &want.List[tx]
				if got.Show(tx) != want.Show(tx) || x.Invoked != y.Invoked || x.Returned != y.Returned {
					t.Fatalf("seed %d: read %s, want %s", seed, got.Show(tx), want.Show(tx))
				}
			}
			if longest := 4 * len(got.Values); len(got.Elements) > longest {
				t.Errorf("seed %d: %d elements of %d values: lists that begin alike are kept once", seed, len(got.Elements), len(got.Values))
			}
		}
	}
}

// TestNumbers compares numberings and the lines of records with maps.
func TestNumbers(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var n numbering
		var l lineNumbers
		numbers, lines := map[int64]int32{}, map[int64]int32{}
		for i := range int32(2000) {
			x := int64(i)
			if rng.IntN(3) == 0 {
				x = rng.Int64N(1<<rng.IntN(40)) - 10
			}
			got, ok := n.get(x)
			if want, known := numbers[x]; got != want && ok || ok != known {
				t.Fatalf("seed %d: %d is number %d %v, want %d %v", seed, x, got, ok, want, known)
			}
			if !ok {
				n.put(x, i)
				numbers[x] = i
			}
			got, ok = l.add(x, i)
			if want, known := lines[x]; got != want && ok || ok != known {
				t.Fatalf("seed %d: %d is on line %d %v, want %d %v", seed, x, got, ok, want, known)
			}
			if !ok {
				lines[x] = i
			}
		}
	}
}

// TestVisitOperations is told of each operation once, when its outcome is known, and in the end of those of which it never was.
func TestVisitOperations(t *testing.T) {
	const src = `{:process 0, :type :invoke, :f :add, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process :nemesis, :type :info, :f :kill}
{:process 2, :type :invoke, :f :add, :value 2}
{:process 1, :type :ok, :f :read, :value [1]}
{:process 1, :type :invoke, :f :add, :value 3}
{:process 2, :type :info, :f :add, :value 2}
{:process 1, :type :fail, :f :add, :value 3}
`
	var told []string
	h, err := VisitOperations("h", strings.NewReader(src), Options{}, func(x *history.Operation) error {
		told = append(told, fmt.Sprintf("%d %s %d %v..%v", x.Line, x.Text(), x.Outcome, x.Invoked, x.Returned))
		return nil
	})
	want := []string{"2 read -> [1] 1 2ns..4ns", "4 add 2 0 3ns..2562047h47m16.854775807s", "6 add 3 2 5ns..7ns", "1 add 1 0 1ns..2562047h47m16.854775807s"}
	if err != nil || !slices.Equal(told, want) || h.Failed != 1 || h.Pending != 2 || h.Skipped.Count != 1 {
		t.Errorf("%q, %+v: %v", told, h, err)
	}
	stop := errors.New("enough")
	if _, err := VisitOperations("h", strings.NewReader(src), Options{}, func(*history.Operation) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	whole := `{"process": 0, "call": 1, "return": 2, "f": "read", "value": 1}`
	if _, err := VisitOperations("h", strings.NewReader(whole), Options{}, func(*history.Operation) error { return nil }); !errors.Is(err, ErrWholeCalls) {
		t.Error(err)
	}
	if _, err := VisitOperations("h", strings.NewReader("p1 [0,1] read x"), Options{Format: TextFormat}, nil); !errors.Is(err, ErrWholeCalls) {
		t.Error(err)
	}
	if _, err := ReadOperations("h", strings.NewReader("p1 [0,1] read x"), Options{Format: TextFormat}); err == nil || !strings.Contains(err.Error(), "want edn") {
		t.Error(err)
	}
}

// TestLongBlankBeginning: the format is found out behind a blank beginning, however long, and lines are those of the text.
func TestLongBlankBeginning(t *testing.T) {
	for _, n := range []int{10, headSize - 1, headSize, 3 * headSize} {
		text := strings.Repeat("\n", n) + `{"process": 0, "type": "invoke", "f": "read"}` + "\n" + `{"process": 0, "type": "ok", "f": "read", "value": 1}` + "\n"
		h, err := ReadOperations("h", strings.NewReader(text), Options{})
		if err != nil || len(h.List) != 1 || h.List[0].Line != n+1 {
			t.Errorf("%d: %+v, %v", n, h, err)
		}
	}
}

// TestSetsAndMapsHaveNoOrder: equal ones are the same tree, however they are written; lists keep their order.
func TestSetsAndMapsHaveNoOrder(t *testing.T) {
	read := func(value string) string {
		h, err := ReadOperations("h", strings.NewReader("{:process 0, :type :invoke, :f :generate}\n{:process 0, :type :ok, :f :generate, :value "+value+"}\n"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return h.List[0].Result.Text()
	}
	for value, want := range map[string]string{
		"#{10 9 #{2 1}}": "[9 10 [1 2]]", "{:b 1, :a {2 0, 1 5}}": "{:a {1 5 2 0} :b 1}", "[2 1]": "[2 1]", "#{:b 3 :a}": "[3 :a :b]", "{}": "{}",
	} {
		if got := read(value); got != want {
			t.Errorf("%s is %s, want %s", value, got, want)
		}
	}
	if _, err := ReadOperations("h", strings.NewReader("{:process 0, :type :invoke, :f :read, :key :x}"), Options{}); err == nil || !strings.Contains(err.Error(), "h:1: an operation of this model is on all there is") {
		t.Error(err)
	}
}
