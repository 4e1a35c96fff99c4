//go:build go1.26

package testing

import (
	"fmt"
	"reflect"
)

// F is [testing.F]. Its target runs on the seed corpus.
type F struct {
	*T
	seeds []seed
}

// seed is an input of the corpus.
type seed struct {
	name string
	args []any
}

// Add is [testing.F.Add].
func (f *F) Add(args ...any) {
	f.seeds = append(f.seeds, seed{fmt.Sprintf("seed#%d", len(f.seeds)), args})
}

// Fuzz is [testing.F.Fuzz].
func (f *F) Fuzz(ff any) {
	target := reflect.ValueOf(ff)
	if target.Kind() != reflect.Func || target.Type().NumIn() < 2 || target.Type().In(0) != reflect.TypeFor[*T]() {
		panic("testing: F.Fuzz must receive a function whose first argument is a *testing.T, followed by inputs")
	}
	files, err := readCorpus(f.name)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range append(f.seeds, files...) {
		args, err := convert(target.Type(), s)
		if err != nil {
			f.Fatal(err)
		}
		f.Run(s.name, func(t *T) {
			target.Call(append([]reflect.Value{reflect.ValueOf(t)}, args...))
		})
	}
}

// convert checks an input against the target's parameters.
func convert(target reflect.Type, s seed) (args []reflect.Value, err error) {
	if len(s.args) != target.NumIn()-1 {
		return nil, fmt.Errorf("wrong number of values in corpus entry %s: %d, want %d", s.name, len(s.args), target.NumIn()-1)
	}
	for i, a := range s.args {
		v := reflect.ValueOf(a)
		if v.Type() != target.In(i+1) {
			return nil, fmt.Errorf("mismatched types in corpus entry %s: %v, want %v", s.name, v.Type(), target.In(i+1))
		}
		args = append(args, v)
	}
	return args, nil
}
