package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/mutants"
)

// How far each strategy searches for a mutant.
const (
	comparedCases     = 60
	comparedSchedules = 58 // of each case: as many as a run has by default
)

// compareStrategies prints how many schedules each strategy needs to find each mutant that
// the default schedule does not show, as a Markdown table.
func (a *app) compareStrategies(cmd *cobra.Command, o *mutantOptions) error {
	if o.seeds < 1 {
		return wrongUse(cmd, "--seeds is %d, and must be at least 1", o.seeds)
	}
	chosen, err := o.selectedMutants(cmd)
	if err != nil {
		return err
	}
	root, err := mutants.FindSource(o.source)
	if err != nil {
		return err
	}
	lab, err := mutants.NewLab(root)
	if err != nil {
		return err
	}
	defer lab.Close()
	strategies := properties.Strategies()
	fmt.Fprintf(a.stdout, "| mutant | %s |\n|---|%s\n", strings.Join(strategies, " | "), strings.Repeat("--:|", len(strategies)))
	c := mutants.Comparison{
		Child: []string{childName}, Lookup: a.registry.Lookup,
		Seeds: o.seeds, Cases: comparedCases, Schedules: comparedSchedules,
	}
	return mutants.EachFindings(cmd.Context(), lab, chosen, c, o.jobs, func(f mutants.Findings) {
		if f.ByDefault {
			fmt.Fprintf(a.stderr, "%s: the default schedules show it\n", f.Mutant.Name)
			return
		}
		row := []string{f.Mutant.Name}
		for _, s := range f.Strategies {
			row = append(row, foundWords(s, o.seeds))
		}
		fmt.Fprintf(a.stdout, "| %s |\n", strings.Join(row, " | "))
	})
}

// foundWords is "34", "120 (49 of 50)", or "- (3 of 50)" where less than half of the seeds found it.
func foundWords(f mutants.Finding, seeds int) string {
	median := "–"
	if f.Median >= 0 {
		median = strconv.Itoa(f.Median)
	}
	if f.Found == seeds {
		return median
	}
	return fmt.Sprintf("%s (%d of %d)", median, f.Found, seeds)
}
