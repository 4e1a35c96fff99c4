package command

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"synchrony/checkers/smt"
	"synchrony/properties/catalogue"
	"synchrony/reports/results"
)

// main is command verify.
func main() { Main(catalogue.All()) }

// verify runs it in this process, and returns its exit code.
func verify(args []string, stdout, stderr io.Writer) int {
	registry, err := catalogue.All()
	if err != nil {
		return exitCode(stderr, err)
	}
	return run(registry, args, nil, stdout, stderr)
}

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"verify": main, confinedName: confinedMain})
}

// TestScripts runs the command as its users do. Beside testscript's own commands
// there are:
//
//	code N ARGS…            runs verify with ARGS, whose exit code must be N, and reads the report that it
//	                        writes with --json
//	piecemeal ARGS…         runs verify with ARGS, which stop early, until its exit code is not 3
//	samejson A B            compares two JSON reports, but for times
//	saved                   sets $SAVED to the counterexample that the last output says was saved
//	bytes F TEXT [crc32]    writes what the Go string literal "TEXT" means, and its checksum
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: tools,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":      code,
			"piecemeal": piecemeal,
			"samejson":  sameJSON,
			"bytes":     writeBytes,
			"saved":     saved,
		},
		Condition: func(name string) (bool, error) {
			if name == "z3" {
				return smt.Available, nil
			}
			return false, fmt.Errorf("there is no condition %q", name)
		},
	})
}

// tools lets scripts use the go command with its caches, and find the module's root in
// $SOURCE.
func tools(env *testscript.Env) error {
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, strings.TrimSpace(string(value)))
	}
	root, err := filepath.Abs("../../..")
	env.Setenv("SOURCE", root)
	return err
}

var reproduce = regexp.MustCompile(`reproduce it: verify replay (.*)\n`)

func saved(ts *testscript.TestScript, neg bool, args []string) {
	found := reproduce.FindStringSubmatch(ts.ReadFile("stdout"))
	if neg || len(args) > 0 || found == nil {
		ts.Fatalf("nothing was saved")
	}
	ts.Setenv("SAVED", found[1])
}

// code runs verify, whose output goes where that of exec goes.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: code N ARGS…")
	}
	err := ts.Exec("verify", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code is %s, want %s", got, args[0])
	}
	ofRun := len(args) > 1 && slices.Contains([]string{"run", "merge", "show", "test"}, args[1]) && !slices.Contains(args, "--replay")
	if ofRun && got != "2" {
		readable(ts, args[2:])
	}
}

// readable fails unless the report that a command line asks for is one that the program reads.
func readable(ts *testscript.TestScript, args []string) {
	i := slices.Index(args, "--json")
	if i < 0 || args[i+1] == "/dev/null" {
		return
	}
	path := args[i+1]
	if path == "-" {
		path = "stdout"
	}
	_, err := results.ReadJSON(strings.NewReader(ts.ReadFile(path)))
	ts.Check(err)
}

// piecemeal runs verify again and again, as long as it says that it is not done.
func piecemeal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: piecemeal ARGS…")
	}
	for {
		err := ts.Exec("verify", args...)
		if err == nil {
			return
		}
		if err.Error() != "exit status 3" {
			ts.Fatalf("%v", err)
		}
	}
}

func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 || len(args) == 3 && args[2] != "crc32" {
		ts.Fatalf("usage: bytes FILE TEXT [crc32]")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	data := []byte(text)
	if len(args) == 3 {
		data = binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// times are the fields of a report that may differ.
var times = regexp.MustCompile(`"(began|seconds|foundSeconds|shrunkSeconds)": ("[^"]*"|[-+.0-9e]+)`)

// outOfTime is the reason of a history that is not decided, which says how much of the time reading has left.
var outOfTime = regexp.MustCompile(`out of time after [0-9.µmnsh]+`)

func sameJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samejson A B")
	}
	var texts [2]string
	for i, path := range args {
		text := ts.ReadFile(path)
		for d := json.NewDecoder(strings.NewReader(text)); ; { // there may be several documents
			if err := d.Decode(new(any)); err == io.EOF {
				break
			} else if err != nil {
				ts.Fatalf("%s is not JSON: %v", path, err)
			}
		}
		texts[i] = outOfTime.ReplaceAllString(times.ReplaceAllString(text, `"$1": 0`), "out of time")
	}
	if texts[0] != texts[1] {
		ts.Fatalf("%s and %s differ:\n%s\n%s", args[0], args[1], texts[0], texts[1])
	}
}
