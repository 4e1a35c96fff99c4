package proof

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/checkers/smt"
	"synchrony/models/program"
)

// The files of a crossing.
const (
	programFile = "program.zxasm"
	chunksFile  = "chunks" // a chunk in each of two lines: its first instruction, and the first behind it
	inputsFile  = "inputs" // a line "NAME = INT" for each variable that is defined
)

func formatCrossing(w crossing) ([]txtar.File, error) {
	var chunks, inputs bytes.Buffer
	for _, c := range w.Chunks {
		fmt.Fprintln(&chunks, c.From, c.To)
	}
	for _, b := range w.Inputs {
		fmt.Fprintf(&inputs, "%s = %v\n", b.Name, b.Value)
	}
	return []txtar.File{
		{Name: programFile, Data: []byte(program.Disassemble(w.Program))},
		{Name: chunksFile, Data: chunks.Bytes()}, {Name: inputsFile, Data: inputs.Bytes()},
	}, nil
}

func parseCrossing(files []txtar.File) (crossing, error) {
	f, err := only(files, programFile, chunksFile, inputsFile)
	if err != nil {
		return crossing{}, err
	}
	var w crossing
	if w.Program, err = program.Assemble(programFile, f[programFile]); err != nil {
		return crossing{}, err
	}
	if w.Chunks, err = parseChunks(string(f[chunksFile])); err != nil {
		return crossing{}, err
	}
	if w.Inputs, err = parseInputs(string(f[inputsFile])); err != nil {
		return crossing{}, err
	}
	if _, err := smt.RunChunks(w.Program, w.Chunks, w.Inputs); err != nil {
		return crossing{}, err
	}
	return w, nil
}

func parseChunks(text string) (chunks [2]smt.Chunk, err error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != len(chunks) {
		return chunks, fmt.Errorf("%s: %d lines in place of %d, one for each chunk", chunksFile, len(lines), len(chunks))
	}
	for i, line := range lines {
		words := strings.Fields(line)
		if len(words) != 2 {
			return chunks, fmt.Errorf("%s:%d: %d words in place of 2", chunksFile, i+1, len(words))
		}
		for k, at := range []*int{&chunks[i].From, &chunks[i].To} {
			if *at, err = strconv.Atoi(words[k]); err != nil {
				return chunks, fmt.Errorf("%s:%d: %q is no instruction's number", chunksFile, i+1, words[k])
			}
		}
	}
	return chunks, nil
}

func parseInputs(text string) ([]program.Binding, error) {
	var inputs []program.Binding
	number := 0
	for line := range strings.Lines(text) {
		number++
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		v, err := strconv.ParseInt(value, 10, 64)
		if !found || err != nil {
			return nil, fmt.Errorf("%s:%d: expected NAME = INT, found %q", inputsFile, number, strings.TrimSpace(line))
		}
		if slices.ContainsFunc(inputs, func(b program.Binding) bool { return b.Name == name }) {
			return nil, fmt.Errorf("%s:%d: %s is here twice", inputsFile, number, name)
		}
		inputs = append(inputs, program.Binding{Name: name, Value: program.Int(v)})
	}
	return inputs, nil
}
