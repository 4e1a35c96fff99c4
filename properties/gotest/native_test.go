package gotest

import (
	"errors"
	"go/build"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
)

// expected are the tests of a file, and what their comments say is to come of each: a line that begins with the test's name and one of the words.
func expected(t *testing.T, file, words string) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	line := regexp.MustCompile(`^(Test\w+): ((?:` + words + `).*)\n$`)
	for _, g := range f.Comments {
		if m := line.FindStringSubmatch(g.Text()); m != nil {
			want[m[1]] = m[2]
		}
	}
	return want
}

// TestNative: a test that waits for what no schedule decides about is not run, by name, if it does so in its first schedule, and inconclusive if it
// does so in another.
func TestNative(t *testing.T) {
	const dir = "testdata/native"
	want := expected(t, dir+"/native_test.go", "not run|inconclusive")
	s, err := Build(t.Context(), Options{Dir: dir, Search: Search{Schedules: 50, Seed: 1, Patience: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Tests) != len(want) || len(want) < 6 {
		t.Fatalf("%d tests are built, and %d say what is to come of them", len(s.Tests), len(want))
	}
	for i := range s.Tests {
		t.Run(s.Tests[i].Name, func(t *testing.T) {
			t.Parallel() // each waits for its patience
			res, err := s.Run(t.Context(), s.Tests[i].Info.ID, properties.Spec{}, func(properties.Progress) {})
			got := "inconclusive: " + why(&res)
			if notRun := (*NotRunError)(nil); errors.As(err, &notRun) {
				got = "not run: " + notRun.Why
			} else if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got, want[s.Tests[i].Name]) { // where it computes is not always known
				t.Errorf("%s\nwant %s", got, want[s.Tests[i].Name])
			}
		})
	}
}

// TestNativePlace: what waits in another module's code is told with the line of the user's own that led there.
func TestNativePlace(t *testing.T) {
	d := &describer{names: namer{"/m"}}
	n := native{function: "sync.(*Mutex).Lock", position: "/lib/l.go:3", callers: []string{"/lib/k.go:1", "/m/a_test.go:9"}}
	want := "it waits in sync.(*Mutex).Lock, called at /lib/l.go:3 (for a_test.go:9), which no schedule decides about"
	if got := d.doing(n); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestNativeOf: the stack of the goroutine that has its turn is found among all that a process prints.
func TestNativeOf(t *testing.T) {
	const task = `verify.invalid/runtime/executor/sched.(*controlled).body(0x1, 0x2)
	/cache/executor/sched/task.go:155 +0x89 fp=0x1 sp=0x2 pc=0x3
runtime.goexit({})
	/go/src/runtime/asm_amd64.s:1771 +0x1
created by iter.Pull[...] in goroutine 1
	/go/src/iter/iter.go:271 +0x90

`
	others := "goroutine 1 gp=0x1 m=nil [coroutine]:\nmain.f(0x1)\n\t/m/f.go:1 +0x1\n" + task +
		"goroutine 9 [IO wait]:\nnet.(*conn).Read(0x1)\n\t/go/src/net/net.go:1 +0x1\nmain.server()\n\t/m/f.go:9 +0x1\ncreated by main.f in goroutine 1\n\t/m/f.go:2 +0x1\n\n"
	for _, c := range []struct {
		name, stack string
		want        native
	}{
		{"nothing", "", native{}},
		{"library", "goroutine 7 [select, 2 minutes]:\nnet/http.(*T).get(...)\n\t/go/src/net/http/t.go:7\nnet/http.Get({0x1, 0x2})\n\t/go/src/net/http/c.go:8 +0x1\nm.TestA(0x1)\n\t/m/a_test.go:5 +0x1\n" + task,
			native{function: "net/http.Get", position: "/m/a_test.go:5"}},
		{"own", "goroutine 7 [chan receive]:\nruntime.gopark()\n\t/go/src/runtime/proc.go:4 +0x1\nm.TestA.func1[...](0x1)\n\t/m/a_test.go:6 +0x1\n" + task,
			native{position: "/m/a_test.go:6"}},
		{"running", "goroutine 7 gp=0x1 m=0 mp=0x2 [running]:\nm.TestA(0x1)\n\t/m/a_test.go:7 +0x1\n" + task, native{position: "/m/a_test.go:7", computes: true}},
		{"ours", "goroutine 7 [select]:\nverify.invalid/runtime/executor/shim/sync.(*M).Lock(0x1)\n\t/cache/m.go:1 +0x1\nm.TestA(0x1)\n\t/m/a_test.go:8 +0x1\n" + task, native{position: "/m/a_test.go:8"}},
		{"asleep", "goroutine 7 [sync.Mutex.Lock]:\ninternal/sync.runtime_SemacquireMutex(0x1)\n\t" + build.Default.GOROOT + "/src/runtime/sema.go:95 +0x1\nsync.(*Mutex).Lock(...)\n\t" +
			build.Default.GOROOT + "/src/sync/mutex.go:46\nlib.Lock()\n\t/lib/l.go:3 +0x1\nm.TestA(0x1)\n\t/m/a_test.go:9 +0x1\n" +
			strings.ReplaceAll(task, "runtime.goexit({})\n\t/go/src/runtime/asm_amd64.s:1771 +0x1\n", ""),
			native{function: "sync.(*Mutex).Lock", position: "/lib/l.go:3", callers: []string{"/m/a_test.go:9"}}},
		{"another's turn", "goroutine 6 [chan receive]:\nverify.invalid/runtime/executor/sched.(*coroutine).leave(...)\n\t/cache/c.go:46\nm.TestA(0x1)\n\t/m/a_test.go:1 +0x1\n" + task +
			"goroutine 7 [sync.Mutex.Lock]:\nm.TestA.func1()\n\t/m/a_test.go:2 +0x1\n" + task, native{position: "/m/a_test.go:2"}},
		{"cut off", "goroutine 7 [select]:\nnet/http.Get({0x1, 0x2})\n\t/go/src/net/http/c.go:8 +0x1\n… 100 bytes …\n", native{}},
	} {
		if got := nativeOf(strings.Split("SIGQUIT: quit\n"+others+c.stack, "\n")); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
