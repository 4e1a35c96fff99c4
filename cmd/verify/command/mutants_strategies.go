package command

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/mutants"
	"synchrony/reports/results"
)

// How far each strategy searches for a mutant.
const (
	comparedDefault = 60    // cases whose default schedules must not show it: about what one more case costs
	comparedPerCase = 58    // schedules for each case beside the default one
	comparedInAll   = 2_000 // for each seed
)

// comparedStrategies are the strategies, each by itself, and last the mixture of a run, but for its real
// goroutines, of which nobody knows what they will find.
func comparedStrategies() []properties.NamedBudget {
	b := properties.DefaultBudget
	b.Real, b.Shrink = 0, 0
	return append(properties.Strategies(comparedPerCase), properties.NamedBudget{Name: "verify run", Budget: b})
}

// mutantsStrategiesOptions is the command line of verify mutants strategies.
type mutantsStrategiesOptions struct {
	mutantOptions

	seeds int
}

// mutantsStrategiesCommand compares strategies by how soon they find mutants.
func (a *app) mutantsStrategiesCommand() *cobra.Command {
	var o mutantsStrategiesOptions
	cmd := &cobra.Command{
		Use:   "strategies [NAME…]",
		Short: "Compare by mutants how soon strategies find what is broken",
		Long: `Compare by mutants how soon strategies find what is broken: how many schedules
each way to choose them has to run until it has found a mutant, as the median over
--seeds seeds. Unless named, the mutants are those whose patches say that they need
schedules; one that the default schedules show is left out. The table is Markdown.

The source, which is not changed, is found at or above the working directory, or
named by --source; the go command must be there to build it.

The numbers do not depend on --jobs.

Exit codes: 0 the strategies were compared; 2 wrong use, or the harness itself
failed.`,
		Example: `  verify mutants strategies > table.md          50 seeds of each: some minutes
  verify mutants strategies --seeds 9 lock-order   one mutant`,
		ValidArgsFunction: mutantNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			if o.seeds < 1 {
				return wrongUse(cmd, "--seeds is %d, and must be at least 1", o.seeds)
			}
			return a.compareStrategies(cmd, &o, args)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	o.jobsFlag(f)
	f.Lookup("seed").Usage = "seed of the sample"
	f.IntVar(&o.seeds, "seeds", 50, "seeds of each strategy: the median is printed")
	return cmd
}

// comparison is what verify mutants strategies writes as JSON.
type comparison struct {
	Seeds     int             `json:"seeds"`     // each strategy ran with
	Default   int             `json:"default"`   // cases for each seed whose default schedules must not show a mutant
	PerCase   int             `json:"perCase"`   // schedules of each strategy, beside the default one
	Schedules int             `json:"schedules"` // at most, for each seed
	Mutants   []mutantFinding `json:"mutants"`
}

// mutantFinding is how soon each strategy found a mutant.
type mutantFinding struct {
	Name       string            `json:"name"`
	Property   string            `json:"property"` // that finds it
	Default    mutants.Finding   `json:"default"`  // by the default schedules of the first cases
	Strategies []mutants.Finding `json:"strategies"`
}

// compareStrategies prints how many schedules each strategy needs to find each mutant that
// the default schedules do not show, as a Markdown table.
func (a *app) compareStrategies(cmd *cobra.Command, o *mutantsStrategiesOptions, words []string) error {
	chosen, err := o.selected(cmd, words)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		chosen = slices.DeleteFunc(chosen, func(m *mutants.Mutant) bool { return !m.NeedsSchedules })
	}
	if err := checkOutput(o.json); err != nil {
		return err
	}
	workspace, err := o.workspace()
	if err != nil {
		return err
	}
	out := a.stdout
	if o.json == "-" {
		out = a.stderr
	}
	c := mutants.Comparison{
		Child: []string{childName}, Lookup: a.registry.Lookup,
		Strategies: comparedStrategies(), Seeds: o.seeds, Default: comparedDefault, Schedules: comparedInAll,
	}
	result := comparison{Seeds: c.Seeds, Default: c.Default, PerCase: comparedPerCase, Schedules: c.Schedules}
	tableHead(out, c.Strategies)
	err = mutants.EachFindings(cmd.Context(), workspace, chosen, c, o.jobs, func(f mutants.Findings) {
		result.Mutants = append(result.Mutants, mutantFinding{f.Mutant.Name, f.Mutant.KilledBy, f.Default, f.Strategies})
		if f.Default.Enough() {
			fmt.Fprintf(a.stderr, "%s: the default schedule shows it, within %s\n", f.Mutant.Name, text.Plural(f.Default.Median, "case"))
			return
		}
		tableRow(out, f, o.seeds)
	})
	if err = errors.Join(err, workspace.Close()); err != nil || o.json == "" {
		return err
	}
	return a.writeOutput(o.json, func(w io.Writer) error { return results.WriteJSON(w, result) })
}

func tableHead(w io.Writer, all []properties.NamedBudget) {
	names := []string{"mutant"}
	for _, c := range all {
		names = append(names, c.Name)
	}
	fmt.Fprintf(w, "| %s |\n|---|%s\n", strings.Join(names, " | "), strings.Repeat("--:|", len(all)))
}

// tableRow writes a row; the least of its medians is bold.
func tableRow(w io.Writer, f mutants.Findings, seeds int) {
	least := 0
	for _, c := range f.Strategies {
		if c.Enough() && (least == 0 || c.Median < least) {
			least = c.Median
		}
	}
	row := []string{"`" + f.Mutant.Name + "`"}
	for _, c := range f.Strategies {
		row = append(row, foundWords(c, seeds, c.Enough() && c.Median == least))
	}
	fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
}

// foundWords is "34", "120 (49 of 50)", or "– (3 of 50)" where less than half of the seeds found it.
func foundWords(f mutants.Finding, seeds int, bold bool) string {
	median := "–"
	if f.Enough() {
		median = strconv.Itoa(f.Median)
	}
	if bold {
		median = "**" + median + "**"
	}
	if f.Found == seeds {
		return median
	}
	return fmt.Sprintf("%s (%d of %d)", median, f.Found, seeds)
}
