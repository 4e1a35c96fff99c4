package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rule says which changes are regressions.
type rule struct {
	units     []string // that decide; of all of them less is better
	threshold float64  // in percent
	alpha     float64  // of the significance test
}

// change is what benchstat says of one benchmark in one unit.
type change struct {
	pkg, name, unit string
	base, head      float64
	p               float64 // that a difference so large is chance
}

// percent is how much more head is than base.
func (c change) percent() float64 {
	if c.base == 0 {
		if c.head == 0 {
			return 0
		}
		return math.Inf(1)
	}
	return 100 * (c.head - c.base) / c.base
}

func (c change) id() string { return c.pkg + " " + c.name + " " + c.unit }

func (c change) String() string {
	return fmt.Sprintf("%s %s: %+.1f %% %s (%.4g, was %.4g; p=%.3f)", c.pkg, c.name, c.percent(), c.unit, c.head, c.base, c.p)
}

// worse are the changes that are regressions.
func (r rule) worse(changes []change) []change {
	return slices.DeleteFunc(slices.Clone(changes), func(c change) bool {
		return !slices.Contains(r.units, c.unit) || c.percent() <= r.threshold || c.p >= r.alpha
	})
}

// probability is how benchstat writes it: "p=0.002 n=10".
var probability = regexp.MustCompile(`^p=([0-9.]+)`)

// changes reads what benchstat -format csv writes: lines that say the package and the
// like, and for each unit a header and a row for each benchmark. A benchmark that
// only one revision has is none.
func changes(r io.Reader) ([]change, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	var list []change
	pkg, unit := "", ""
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("benchstat: %w", err)
		}
		switch {
		case len(row) == 1:
			if p, ok := strings.CutPrefix(row[0], "pkg: "); ok {
				pkg = p
			}
		case len(row) == 7 && row[0] == "" && row[6] == "P":
			unit = row[1]
		case len(row) == 7 && row[0] != "" && row[0] != "geomean":
			p := probability.FindStringSubmatch(row[6])
			if p == nil {
				continue
			}
			c := change{pkg: pkg, name: row[0], unit: unit}
			for text, value := range map[string]*float64{row[1]: &c.base, row[3]: &c.head, p[1]: &c.p} {
				if *value, err = strconv.ParseFloat(text, 64); err != nil {
					return nil, fmt.Errorf("benchstat: %s, %s: %w", c.name, unit, err)
				}
			}
			list = append(list, c)
		}
	}
}

// expression is a regular expression of the functions of benchmarks: "Plan/big-4" is of
// BenchmarkPlan on four processors, as is "Plan-4".
func expression(list []change) string {
	var names []string
	for _, c := range list {
		name, _, isSub := strings.Cut(c.name, "/")
		if i := strings.LastIndexByte(name, '-'); i > 0 && !isSub {
			name = name[:i]
		}
		names = append(names, "Benchmark"+name)
	}
	slices.Sort(names)
	return "^(" + strings.Join(slices.Compact(names), "|") + ")$"
}
