package main

import (
	"fmt"
	"os"
	"strings"
)

// module is a line of modules.txt: the module, its version, and flags for verify test.
type module struct {
	Path, Version string
	Flags         []string
}

func (m module) String() string { return m.Path + "@" + m.Version }

// folder is the name of the module's folder among others.
func (m module) folder() string { return strings.ReplaceAll(m.String(), "/", "_") }

// lines are those of a file that say something, with their numbers.
func lines(name string, each func(line string) error) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := each(line); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

func readModules(name string) (list []module, err error) {
	err = lines(name, func(line string) error {
		fields := strings.Fields(line)
		path, v, ok := strings.Cut(fields[0], "@")
		if !ok || path == "" || v == "" {
			return fmt.Errorf("%q is no module@version", fields[0])
		}
		list = append(list, module{path, v, fields[1:]})
		return nil
	})
	return list, err
}

// judgement is what reading the tested code says about a finding.
type judgement struct {
	right bool // the tested code, or its test, is at fault
	why   string
}

// readJudged reads the judgements, by module path, test and rule. A line is
//
//	MODULE TEST RULE true|false REASON
func readJudged(name string) (map[string]judgement, error) {
	judged := map[string]judgement{}
	err := lines(name, func(line string) error {
		f := strings.SplitN(line, " ", 5)
		if len(f) < 5 || f[3] != "true" && f[3] != "false" {
			return fmt.Errorf("%q is not MODULE TEST RULE true|false REASON", line)
		}
		judged[key(f[0], f[1], f[2])] = judgement{f[3] == "true", f[4]}
		return nil
	})
	return judged, err
}

func key(module, test, rule string) string { return module + " " + test + " " + rule }
