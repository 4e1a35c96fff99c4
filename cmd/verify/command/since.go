package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/models/text"
	"synchrony/properties"
)

// reachedSince narrows the properties asked for down to those whose code, or whose known counterexamples, have changed since a revision. It reports
// whether there are any.
func (a *app) reachedSince(cmd *cobra.Command, o *runOptions) (any bool, err error) {
	checks, err := a.selected(cmd, o.words)
	if err != nil {
		return false, err
	}
	ids, err := a.changedSince(cmd.Context(), checks, o.since, o.corpus)
	if err != nil {
		return false, err
	}
	o.words = ids
	return len(ids) > 0, nil
}

// changedSince are the properties, by ID, whose code, or whose known counterexamples in a folder, have changed since a revision; it says how many.
func (a *app) changedSince(ctx context.Context, checks []properties.Testable, revision, corpus string) ([]string, error) {
	r, err := reachOf(ctx, checks)
	if err != nil {
		return nil, err
	}
	files, err := changedFiles(ctx, r.root, revision)
	if err != nil {
		return nil, fmt.Errorf("--since %s: %w", revision, err)
	}
	ids := r.reached(checks, files)
	for _, c := range checks {
		if id := c.Info().ID; ofCorpus(files, corpus, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	reach := "they reach"
	if len(files) == 1 {
		reach = "it reaches"
	}
	fmt.Fprintf(a.stderr, "verify: %s changed since %s; %s %d of %d properties\n", text.Plural(len(files), "file"), revision, reach, len(ids), len(checks))
	return ids, nil
}

// changedFiles are the files below root that differ from those of a revision, or that Git does not know yet, with absolute names.
func changedFiles(ctx context.Context, root, revision string) (files []string, err error) {
	if strings.HasPrefix(revision, "-") {
		return nil, errors.New("it is no revision")
	}
	for _, args := range [][]string{
		{"diff", "--name-only", "--no-renames", "--relative", "-z", revision, "--"},
		{"ls-files", "--others", "--exclude-standard", "-z"},
	} {
		out, err := output(ctx, root, "git", args...)
		if err != nil {
			return nil, err
		}
		for _, name := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
			if name != "" {
				files = append(files, filepath.Join(root, filepath.FromSlash(name)))
			}
		}
	}
	return files, nil
}

// ofCorpus reports whether one of the files is a known counterexample of a property.
func ofCorpus(files []string, corpus, id string) bool {
	folder, err := filepath.Abs(corpus)
	if err != nil {
		return false
	}
	for _, f := range files {
		if filepath.Dir(f) == folder && strings.HasPrefix(filepath.Base(f), id+"-") && filepath.Ext(f) == ".txtar" {
			return true
		}
	}
	return false
}
