package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synchrony/models/text"
)

// readList reads the list of unreached blocks: by key, the reason; and as it is written.
func (o *options) readList() (list map[string]string, content string, err error) {
	data, err := os.ReadFile(filepath.Join(o.root, o.list))
	if err != nil {
		return nil, "", err
	}
	list, err = text.ParseReasons(o.list, string(data))
	return list, string(data), err
}

// prune is the list without the keys that are not kept, and without the reasons that are for nothing then.
func prune(content string, kept func(key string) bool) string {
	var out, entry strings.Builder
	keys, explained := 0, false // of the entry
	end := func() {
		if keys > 0 {
			out.WriteString(entry.String())
		}
		entry.Reset()
		keys, explained = 0, false
	}
	for line := range strings.Lines(content) {
		word := strings.TrimSpace(line)
		switch indented := line[0] == ' ' || line[0] == '\t'; {
		case word == "" || line[0] == '#':
			end()
			out.WriteString(line)
		case indented:
			explained = true
			entry.WriteString(line)
		default:
			if explained {
				end()
			}
			if kept(word) {
				keys++
				entry.WriteString(line)
			}
		}
	}
	end()
	return out.String()
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

// has reports whether one of the gaps has this key.
func has(gaps []gap, key string) bool {
	return slices.ContainsFunc(gaps, func(g gap) bool { return g.key == key })
}

// report writes the findings, and returns how many there are.
func report(w io.Writer, gaps []gap, list map[string]string) int {
	found := 0
	for i := range gaps {
		if g := &gaps[i]; list[g.key] == "" {
			found++
			fmt.Fprintf(w, "not reached, and not listed: %s\n%s\n", g.place(), g.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(list)) {
		if !has(gaps, key) {
			found++
			fmt.Fprintf(w, "listed, and reached or gone:\n%s\n", key)
		}
	}
	return found
}
