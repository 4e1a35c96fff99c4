package compare

import (
	"context"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/tetratelabs/wazero"
	lua "github.com/yuin/gopher-lua"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"synchrony/executor/vm"
	"synchrony/models/program"
)

// engine prepares a workload, and returns a function that executes it once.
type engine struct {
	name    string
	prepare func(testing.TB, *workload) func() (int64, error)
}

// engines are all of them, ours first.
func engines() []engine {
	return []engine{
		{"vm", prepareVM}, {"gopher-lua", prepareLua}, {"goja", prepareGoja}, {"starlark", prepareStarlark}, {"wazero-interpreter", prepareWazero},
	}
}

// build loads a workload for our machine.
func build(tb testing.TB, w *workload) (*vm.ParallelVM, *program.Program) {
	tb.Helper()
	loaded, err := program.Load(w.name, []byte(w.zxasm))
	if err != nil {
		tb.Fatal(err)
	}
	machine, err := vm.New(nil, vm.ParallelConfig{Setup: program.Setup{
		Mode: program.Sequential, Timeout: time.Hour, Limits: program.Limits{Steps: 1 << 40},
	}})
	if err != nil {
		tb.Fatal(err)
	}
	return machine, loaded.Program
}

func prepareVM(tb testing.TB, w *workload) func() (int64, error) {
	machine, p := build(tb, w)
	ctx := context.Background()
	return func() (int64, error) {
		r, err := machine.Run(ctx, p)
		switch {
		case err != nil:
			return 0, err
		case r.Err != nil:
			return 0, r.Err
		}
		return r.Result.AsInt(), nil
	}
}

func prepareLua(tb testing.TB, w *workload) func() (int64, error) {
	state := lua.NewState()
	tb.Cleanup(state.Close)
	if err := state.DoString(w.lua); err != nil {
		tb.Fatal(err)
	}
	call := lua.P{Fn: state.GetGlobal("run"), NRet: 1, Protect: true}
	return func() (int64, error) {
		if err := state.CallByParam(call); err != nil {
			return 0, err
		}
		result := state.Get(-1)
		state.Pop(1)
		return int64(lua.LVAsNumber(result)), nil
	}
}

func prepareGoja(tb testing.TB, w *workload) func() (int64, error) {
	rt := goja.New()
	compiled, err := goja.Compile(w.name, w.js, true)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := rt.RunProgram(compiled); err != nil {
		tb.Fatal(err)
	}
	run, ok := goja.AssertFunction(rt.Get("run"))
	if !ok {
		tb.Fatal("run is no function")
	}
	return func() (int64, error) {
		v, err := run(goja.Undefined())
		if err != nil {
			return 0, err
		}
		return v.ToInteger(), nil
	}
}

func prepareStarlark(tb testing.TB, w *workload) func() (int64, error) {
	thread := &starlark.Thread{Name: w.name}
	options := &syntax.FileOptions{While: true, Recursion: true}
	globals, err := starlark.ExecFileOptions(options, thread, w.name, w.star, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return func() (int64, error) {
		v, err := starlark.Call(thread, globals["run"], nil, nil)
		if err != nil {
			return 0, err
		}
		var n int64
		return n, starlark.AsInt(v, &n)
	}
}

func prepareWazero(tb testing.TB, w *workload) func() (int64, error) {
	ctx := tb.Context()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	module, err := rt.Instantiate(ctx, w.wasm)
	if err != nil {
		tb.Fatal(err)
	}
	run := module.ExportedFunction("run")
	return func() (int64, error) {
		results, err := run.Call(ctx)
		if err != nil {
			return 0, err
		}
		return int64(results[0]), nil
	}
}
