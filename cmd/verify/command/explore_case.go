package command

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/campaign"
	batchprops "synchrony/properties/catalogue/batch"
	"synchrony/properties/catalogue/vm"
)

// subjectOf is the case in a file.
func (a *app) subjectOf(cmd *cobra.Command, o *exploreOptions, path string) (campaign.Subject, error) {
	content, err := properties.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return campaign.Subject{}, fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	if err != nil {
		return campaign.Subject{}, err
	}
	var files []txtar.File
	var property, what string
	of := &properties.Counterexample{}
	switch {
	case isProgram(path, content):
		property, of.Property = "V", "V"
		files, what, err = o.programCase(path, content)
	case isBatch(path, content):
		property, of.Property = "S", "S"
		files, what, err = o.batchCase(path, content)
	case filepath.Ext(path) == ".txtar":
		for _, flag := range []string{"workers", "timeout"} {
			if o.given(flag) {
				return campaign.Subject{}, wrongUse(cmd, "--%s is for a batch or a program; %s says itself how it is run", flag, path)
			}
		}
		if of, err = properties.ParseCounterexample(path, content); err == nil {
			property, files, what = of.Property, of.Workload, "the case that violated "+of.Property
		}
	default:
		err = fmt.Errorf("%s: a file to explore must be a batch (*.ae), a program (*.zxasm) or a counterexample (*.txtar), not %q",
			path, filepath.Ext(path))
	}
	if err != nil {
		return campaign.Subject{}, err
	}
	if o.property != "" {
		if err := a.fits(cmd, path, o.property, property); err != nil {
			return campaign.Subject{}, err
		}
		property = o.property
	} else if _, ok := a.registry.Lookup(property); !ok {
		return campaign.Subject{}, a.undefined(path, of)
	}
	return campaign.Subject{
		Title: path + ": " + what, Property: property, Cases: 1,
		Texts: func(int, int) ([][]txtar.File, error) { return [][]txtar.File{files}, nil },
	}, nil
}

// fits refuses a property that there is not, and one of programs for a batch, or the other way round: usual is what
// the file is held to otherwise.
func (a *app) fits(cmd *cobra.Command, path, property, usual string) error {
	check, ok := a.registry.Lookup(property)
	if !ok {
		return wrongUse(cmd, "there is no property %q%s", property, didYouMean(property, names(a.registry)))
	}
	for _, kind := range []struct{ is, other, of, noun string }{{"S", "V", "programs", "batch"}, {"V", "S", "batches", "program"}} {
		other, ok := a.registry.Lookup(kind.other)
		if ok && usual == kind.is && strings.HasPrefix(check.Info().System, other.Info().System) {
			return wrongUse(cmd, "property %s is for %s, and %s is a %s", property, kind.of, path, kind.noun)
		}
	}
	return nil
}

// batchCase is a batch as a case: on the worker pool, and with the timeout that verify exec would give it.
func (o *exploreOptions) batchCase(path string, content []byte) ([]txtar.File, string, error) {
	b, err := batch.Parse(path, content)
	if err != nil {
		return nil, "", err
	}
	w := batch.Workload{Batch: b, Setup: o.batchSetup()}
	if len(b.Attestations) > 0 {
		w.Setup.Now = o.began // the same in every schedule, and in the file of a counterexample
	}
	files, err := batchprops.Files(w)
	return files, fmt.Sprintf("%s, %s", text.Plural(len(b.Transactions), "transaction"), text.Plural(o.workers, "worker")), err
}

func (o *exploreOptions) batchSetup() batch.Setup {
	return batch.Setup{Workers: o.workers, Mode: batch.Parallel, Timeout: o.timeout}
}

// programCase is a program as a case: in parallel, unless its text says otherwise.
func (o *exploreOptions) programCase(path string, content []byte) ([]txtar.File, string, error) {
	w, err := program.Load(path, content)
	if err != nil {
		return nil, "", placed(path, content, err)
	}
	if w.Setup.Mode == program.Auto {
		w.Setup.Mode = program.Parallel
	}
	if w.Setup.Workers == 0 || o.given("workers") {
		w.Setup.Workers = o.workers
	}
	switch {
	case o.timeout > 0:
		w.Setup.Timeout = o.timeout
	case o.timeout == batch.NoTimeout:
		return nil, "", fmt.Errorf("--timeout none is for a batch, and %s is a program", path)
	}
	files, err := vm.Files(*w)
	return files, fmt.Sprintf("%s, %s", text.Plural(len(w.Program.Functions[0].Code), "instruction"), text.Plural(w.Setup.Workers, "worker")), err
}
