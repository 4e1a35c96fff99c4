package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"synchrony/executor/synchrony/compare/measure"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		code = 2
	}
	os.Exit(code)
}

// run builds what measures, with the peers, and runs it. The flags that are not about building are handed on.
func run(args []string) (int, error) {
	given, rest, err := split(args)
	if err != nil {
		return 2, err
	}
	for _, a := range rest {
		if a == "-help" || a == "--help" || a == "-h" {
			fmt.Fprintln(os.Stderr, "  -peers NAME=FOLDER,…\n\tcheckouts of other executors: "+known()+"; NAME=none leaves one out")
			return measure.Main(rest, os.Stdout, nil), nil
		}
	}
	root, err := repository()
	if err != nil {
		return 2, err
	}
	temp, err := os.MkdirTemp("", "compare")
	if err != nil {
		return 2, err
	}
	defer os.RemoveAll(temp)
	verify := filepath.Join(temp, "verify")
	if err := goCommand(root, nil, "build", "-o", verify, "./cmd/verify"); err != nil {
		return 2, fmt.Errorf("verify does not build: %w", err)
	}
	program, err := build(filepath.Join(temp, "peers"), root, checkouts(given))
	if err != nil {
		return 2, err
	}
	cmd := exec.Command(program, append([]string{"-root", root, "-verify", verify}, rest...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		return 2, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

// split takes -peers out of the arguments.
func split(args []string) (given map[string]string, rest []string, err error) {
	given = map[string]string{}
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(strings.TrimPrefix(args[i], "-"), "=")
		if name != "-peers" && name != "peers" || !strings.HasPrefix(args[i], "-") {
			rest = append(rest, args[i])
			continue
		}
		if !joined {
			if i++; i == len(args) {
				return nil, nil, fmt.Errorf("-peers has no value: give NAME=FOLDER, of %s", known())
			}
			value = args[i]
		}
		for pair := range strings.SplitSeq(value, ",") {
			peer, folder, ok := strings.Cut(pair, "=")
			switch {
			case pair == "":
			case !ok || sourceOf(peer) == nil:
				return nil, nil, fmt.Errorf("-peers has %q: write NAME=FOLDER, where NAME is one of %s", pair, known())
			default:
				given[peer] = folder
			}
		}
	}
	return given, rest, nil
}

func known() string {
	var names []string
	for _, s := range sources {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}

func sourceOf(name string) *source {
	for i := range sources {
		if sources[i].name == name {
			return &sources[i]
		}
	}
	return nil
}

// checkouts are the folders of the peers that are there: those given, and of the others those that the module proxy serves. What is missing is said.
func checkouts(given map[string]string) map[string]string {
	found := map[string]string{}
	for _, s := range sources {
		folder, ok := given[s.name]
		switch {
		case ok && folder == "none":
		case ok:
			found[s.name] = folder
		case s.module != "":
			folder, err := download(s.module)
			if err != nil {
				fmt.Fprintf(os.Stderr, "without %s, which could not be had: %v\n", s.name, err)
				continue
			}
			found[s.name] = folder
		default:
			fmt.Fprintf(os.Stderr, "without %s, of which there is no checkout: -peers %[1]s=FOLDER\n", s.name)
		}
	}
	return found
}

// repository is the root of the module that this one is in.
func repository() (string, error) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "synchrony/docs").Output()
	if err != nil {
		return "", fmt.Errorf("run it in its folder, executor/synchrony/compare: go list: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}
