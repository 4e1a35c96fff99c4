package foreign

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"synchrony/executor/sched"
	language "synchrony/models/program"
	"synchrony/properties"
	"synchrony/properties/programtest"
)

// Shown is what a machine shows of a program.
type Shown struct {
	// Output has a line for each PRINT.
	Output []string `json:"output"`
	// Variables has the globals that have a value at the end; Shared, the shared variables that were ever set.
	Variables map[string]Value `json:"variables"`
	Shared    map[string]Value `json:"shared"`
	// Result is what the main code returned; nil if it is left out.
	Result Value `json:"result,omitzero"`
	// Error is why the program failed, if it did.
	Error *Trap `json:"error,omitempty"`
}

// Trap is the error of a program, and the instruction that failed.
type Trap struct {
	Kind        string `json:"kind"`
	Function    string `json:"function"`
	Instruction int    `json:"instruction"` // from 0
}

// Value is nil, a bool or an int: null, true, false or an integer in JSON.
type Value struct{ language.Value }

// IsZero reports whether the value is nil.
func (v Value) IsZero() bool { return v.Kind() == language.NilKind }

// MarshalJSON writes the value.
func (v Value) MarshalJSON() ([]byte, error) {
	if _, ok := v.Plain(); !ok {
		return nil, fmt.Errorf("JSON has no %v", v.Kind())
	}
	return []byte(strings.Replace(v.String(), "nil", "null", 1)), nil
}

// UnmarshalJSON reads a value.
func (v *Value) UnmarshalJSON(document []byte) (err error) {
	v.Value, err = language.ParsePlain(document)
	return err
}

// ran is what a machine shows.
type ran = Observation[Shown]

// machine is the property of machines that run programs: that of package programtest.
func machine(p *program) (properties.Testable, error) {
	m, err := machineProperty(p)
	if err != nil {
		return nil, err
	}
	m.Group, m.Real, m.Explain = "foreign", func(*language.Program) bool { return p.plainly() }, tellProgram
	return m, nil
}

func machineProperty(p *program) (*properties.Property[*language.Program, ran], error) {
	return programtest.PropertyOf(p.id(), system(p, unthinkable), func(_ *language.Program, o *ran) (*programtest.Outcome, error) {
		if o.NotJudged != "" {
			return nil, o.notJudged()
		}
		return o.Result.outcome(), nil
	}, programtest.Failures())
}

// tellProgram tells what a machine showed.
func tellProgram(p *language.Program, o ran, rec *sched.Record) []string {
	if o.NotJudged != "" {
		return story(o, rec)
	}
	return story(o, rec, programtest.Tell(p, o.Result.outcome())...)
}

// unthinkable says what no machine can show of a program: it names what is not there.
func unthinkable(p *language.Program, r *Shown) string {
	if r.Output == nil || r.Variables == nil || r.Shared == nil {
		return "it has no output, no variables, or no shared variables, not even empty ones"
	}
	for _, list := range []map[string]Value{r.Variables, r.Shared} {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			if !slices.Contains(p.Names, name) {
				return fmt.Sprintf("variable %.40q is not in the program", name)
			}
		}
	}
	e := r.Error
	if e == nil {
		return ""
	}
	if _, known := language.ErrorKindNamed(e.Kind); !known {
		return fmt.Sprintf("there is no error %.40q", e.Kind)
	}
	f := p.FunctionIndex(e.Function)
	if f < 0 || e.Instruction < 0 || e.Instruction >= len(p.Functions[f].Code) {
		return fmt.Sprintf("there is no instruction %d of a function %.40q, which is said to have failed", e.Instruction, e.Function)
	}
	if !r.Result.IsZero() {
		return "it has a result, and an error"
	}
	return ""
}

// outcome is what the machine shows, in the terms of package programtest.
func (r *Shown) outcome() *programtest.Outcome {
	o := language.Outcome{Result: r.Result.Value, Output: r.Output, Variables: bindings(r.Variables), Shared: bindings(r.Shared)}
	if e := r.Error; e != nil {
		kind, _ := language.ErrorKindNamed(e.Kind)
		o.Err = &language.RunError{Kind: kind, Name: e.Function, PC: e.Instruction}
	}
	ended := programtest.Ended(o, nil)
	return &ended
}

func bindings(values map[string]Value) (list []language.Binding) {
	for name, v := range values {
		list = append(list, language.Binding{Name: name, Value: v.Value})
	}
	return list
}

// forks reports whether a program starts several workers.
func forks(p *language.Program) bool {
	several := false
	_, err := language.RunMoments(p, language.Limits{}, func(m language.Moment) {
		in := p.Functions[m.Function].Code[m.PC]
		several = several || in.Op == language.ForkExecution && in.A > 1
	})
	return err == nil && several
}
