package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"synchrony/models/text"
)

// readList reads the list of unreached blocks: by key, the reason.
func readList(root, file string) (map[string]string, error) {
	content, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil, err
	}
	return text.ParseReasons(file, string(content))
}

// gap is what no case reaches, as the list names it: a block, or a function or a package of which none is reached.
type gap struct {
	key    string
	blocks []block
}

// place is where it begins, and what is there.
func (g *gap) place() string {
	if len(g.blocks) == 1 {
		return g.blocks[0].place()
	}
	return fmt.Sprintf("%s, %d blocks", g.blocks[0].place(), len(g.blocks))
}

// unreached are the gaps, in the order of the source.
func unreached(blocks []block) []gap {
	reached := map[string]bool{} // packages and functions of which a block is
	for i := range blocks {
		if b := &blocks[i]; b.Reached {
			reached[b.Package], reached[b.function()] = true, true
		}
	}
	var gaps []gap
	at := map[string]int{}
	for i := range blocks {
		b := &blocks[i]
		if b.Reached {
			continue
		}
		key := b.key()
		switch {
		case !reached[b.Package]:
			key = b.Package
		case !reached[b.function()]:
			key = b.function()
		}
		k, ok := at[key]
		if !ok {
			k = len(gaps)
			at[key] = k
			gaps = append(gaps, gap{key: key})
		}
		gaps[k].blocks = append(gaps[k].blocks, *b)
	}
	return gaps
}

// report writes the findings, and returns how many there are.
func report(w io.Writer, gaps []gap, list map[string]string) int {
	found, open := 0, map[string]bool{}
	for i := range gaps {
		g := &gaps[i]
		if open[g.key] = true; list[g.key] == "" {
			found++
			fmt.Fprintf(w, "not reached, and not listed: %s\n%s\n", g.place(), g.key)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(list), cmp.Compare) {
		if !open[key] {
			found++
			fmt.Fprintf(w, "listed, and reached or gone:\n%s\n", key)
		}
	}
	return found
}
