package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"synchrony/ci/internal/page"
)

// generated is the part of the page that is written.
var generated = page.Part{Begin: "<!-- table: written by go run ./ci/coverage -page FILE -->\n", End: "<!-- end of table -->\n"}

// figures are what was counted of a package.
type figures struct{ blocks, reached, statements, executed int }

func (f *figures) add(b *block) {
	f.blocks++
	f.statements += b.Statements
	if b.Reached {
		f.reached++
		f.executed += b.Statements
	}
}

func (f *figures) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %.1f %% | %d | %.1f %% |\n", name, f.blocks, f.blocks-f.reached,
		percent(f.reached, f.blocks), f.statements, percent(f.executed, f.statements))
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// table shows the figures of each package, and then, for each reason, what is not reached for it.
func table(blocks []block, gaps []gap, list map[string]string) string {
	var out strings.Builder
	out.WriteString("\n| package | blocks | not reached | blocks reached | statements | executed |\n|---|--:|--:|--:|--:|--:|\n")
	packages, all := map[string]*figures{}, figures{}
	for i := range blocks {
		b := &blocks[i]
		if packages[b.Package] == nil {
			packages[b.Package] = &figures{}
		}
		packages[b.Package].add(b)
		all.add(b)
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		out.WriteString(packages[name].row("`" + name + "`"))
	}
	out.WriteString(all.row("all"))
	out.WriteString("\n| why no case reaches it | blocks | where |\n|---|--:|---|\n")
	for _, r := range byReason(gaps, list) {
		fmt.Fprintf(&out, "| %s | %d | %s |\n", strings.ReplaceAll(r.why, "|", `\|`), r.blocks, strings.Join(r.where, ", "))
	}
	return out.String() + "\n"
}

// reason is why some blocks are not reached, and where they are.
type reason struct {
	why    string
	blocks int
	where  []string // the packages, each once
}

// byReason are the reasons in the order of the source.
func byReason(gaps []gap, list map[string]string) (all []reason) {
	for i := range gaps {
		why := list[gaps[i].key]
		k := slices.IndexFunc(all, func(r reason) bool { return r.why == why })
		if k < 0 {
			k, all = len(all), append(all, reason{why: why})
		}
		all[k].blocks += len(gaps[i].blocks)
		if where := "`" + gaps[i].blocks[0].Package + "`"; !slices.Contains(all[k].where, where) {
			all[k].where = append(all[k].where, where)
		}
	}
	return all
}
