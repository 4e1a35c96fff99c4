package instrument

import (
	"slices"
	"testing"
)

// What a package's test files have beside tests is named: benchmarks, and those examples that the go command would run.
func TestBenchmarksAndExamplesAreNamed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"go.mod": "module example.com/p\n\ngo 1.24\n",
		"p.go":   "package p\n\nfunc ExampleNot() {\n\t// Output:\n}\n",
		"in_test.go": `package p

import "testing"

func TestIn(t *testing.T) {}

func BenchmarkIn(b *testing.B) {}

func Benchmarker() {}
`,
		"out_test.go": `package p_test

import (
	"fmt"
	"testing"
)

func BenchmarkOut(b *testing.B) {}

func Example() {
	fmt.Println("here")
	// output: here
}

func ExampleX_second() {
	fmt.Println("here")

	// Unordered output:
	// here
}

func ExampleSilent() {
	// Output: is not the last comment.
	fmt.Println("here")
	// It is not run.
}

func Exampled() {
	// Output:
}

func ExampleOf(n int) {
	// Output:
}
`,
	})
	p := runRewritten(t, Config{Dir: dir, Runtime: passthrough, Cache: t.TempDir()}).Packages[0]
	if want := []string{"BenchmarkIn", "BenchmarkOut"}; !slices.Equal(p.Benchmarks, want) {
		t.Errorf("benchmarks %v, want %v", p.Benchmarks, want)
	}
	if want := []string{"Example", "ExampleX_second"}; !slices.Equal(p.Examples, want) {
		t.Errorf("examples %v, want %v", p.Examples, want)
	}
}
