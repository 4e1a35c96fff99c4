//go:build go1.26

package testing

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// readCorpus reads the seed inputs of a fuzz target from testdata/fuzz, in the order of their names.
func readCorpus(target string) (seeds []seed, err error) {
	dir := filepath.Join("testdata", "fuzz", target)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		args, err := parseCorpus(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		seeds = append(seeds, seed{e.Name(), args})
	}
	return seeds, nil
}

// parseCorpus reads a file of the format "go test fuzz v1": a Go value a line.
func parseCorpus(text string) (args []any, err error) {
	head, rest, _ := strings.Cut(text, "\n")
	if strings.TrimSuffix(head, "\r") != "go test fuzz v1" {
		return nil, fmt.Errorf("want \"go test fuzz v1\" in the first line, have %.40q", head)
	}
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		v, err := parseValue(line)
		if err != nil {
			return nil, fmt.Errorf("malformed line %.80q: %w", line, err)
		}
		args = append(args, v)
	}
	return args, nil
}

// parseValue reads a conversion of a literal: int(-3), []byte("a\x00"), float64(NaN).
func parseValue(line string) (any, error) {
	kind, literal, ok := strings.Cut(line, "(")
	literal, closed := strings.CutSuffix(literal, ")")
	if !ok || !closed {
		return nil, errors.New("want a conversion such as int(1)")
	}
	switch kind {
	case "string":
		return strconv.Unquote(literal)
	case "[]byte":
		s, err := strconv.Unquote(literal)
		return []byte(s), err
	case "bool":
		return strconv.ParseBool(literal)
	case "math.Float32frombits":
		n, err := strconv.ParseUint(literal, 0, 32)
		return math.Float32frombits(uint32(n)), err
	case "math.Float64frombits":
		n, err := strconv.ParseUint(literal, 0, 64)
		return math.Float64frombits(n), err
	case "float32":
		v, err := strconv.ParseFloat(literal, 32)
		return float32(v), err
	case "float64":
		return strconv.ParseFloat(literal, 64)
	}
	return parseNumber(kind, literal)
}

func parseNumber(kind, literal string) (any, error) {
	if strings.HasPrefix(literal, "'") {
		r, _, tail, err := strconv.UnquoteChar(strings.TrimPrefix(literal, "'"), '\'')
		if err != nil || tail != "'" {
			return nil, errors.New("want a character in single quotes")
		}
		literal = strconv.Itoa(int(r))
	}
	if bits, ok := map[string]int{"int": 0, "int8": 8, "int16": 16, "int32": 32, "rune": 32, "int64": 64}[kind]; ok {
		n, err := strconv.ParseInt(literal, 0, bits)
		switch kind {
		case "int":
			return int(n), err
		case "int8":
			return int8(n), err
		case "int16":
			return int16(n), err
		case "int64":
			return n, err
		}
		return int32(n), err
	}
	bits, ok := map[string]int{"uint": 0, "uint8": 8, "byte": 8, "uint16": 16, "uint32": 32, "uint64": 64}[kind]
	if !ok {
		return nil, fmt.Errorf("%q is no type that fuzz targets take", kind)
	}
	n, err := strconv.ParseUint(literal, 0, bits)
	switch kind {
	case "uint":
		return uint(n), err
	case "uint16":
		return uint16(n), err
	case "uint32":
		return uint32(n), err
	case "uint64":
		return n, err
	}
	return uint8(n), err
}
