package batch

import (
	"fmt"
	"slices"

	"github.com/rogpeppe/go-internal/txtar"
)

// The files of a workload's text form.
const (
	BatchFile = "batch.ae"
	SetupFile = "setup"
)

// FormatWorkload prints a workload as a txtar archive of two files: BatchFile, by
// Format, and SetupFile, by FormatSetup. Its errors are those of Format.
func FormatWorkload(w Workload) ([]byte, error) {
	text, err := Format(w.Batch)
	if err != nil {
		return nil, err
	}
	return txtar.Format(&txtar.Archive{Files: []txtar.File{
		{Name: BatchFile, Data: text},
		{Name: SetupFile, Data: FormatSetup(w.Setup)},
	}}), nil
}

// ParseWorkload parses what FormatWorkload prints. An error has the position in
// the file of the archive, named file/batch.ae or file/setup.
func ParseWorkload(file string, src []byte) (Workload, error) {
	files := map[string][]byte{}
	for _, f := range txtar.Parse(src).Files {
		if _, ok := files[f.Name]; ok || f.Name != BatchFile && f.Name != SetupFile {
			return Workload{}, fmt.Errorf("%s: unexpected file %s; a workload is one %s and one %s", file, quote(f.Name), BatchFile, SetupFile)
		}
		files[f.Name] = f.Data
	}
	for _, name := range []string{BatchFile, SetupFile} {
		if _, ok := files[name]; !ok {
			return Workload{}, fmt.Errorf("%s: no file %q; a workload is one %s and one %s", file, name, BatchFile, SetupFile)
		}
	}
	b, err := Parse(file+"/"+BatchFile, files[BatchFile])
	if err != nil {
		return Workload{}, err
	}
	s, err := ParseSetup(file+"/"+SetupFile, files[SetupFile])
	if err != nil {
		return Workload{}, err
	}
	w := Workload{Batch: b, Setup: s}
	if err := w.checkPanics(); err != nil {
		return Workload{}, fmt.Errorf("%s/%s: %w", file, SetupFile, err)
	}
	return w, nil
}

// checkPanics reports a transaction to panic that is not in the batch: a fault that
// would silently not be injected.
func (w Workload) checkPanics() error {
	for _, id := range w.Setup.Panics {
		if !slices.ContainsFunc(w.Batch.Transactions, func(t Transaction) bool { return t.ID == id }) {
			return fmt.Errorf("panic %s: there is no such transaction in the batch", quote(id))
		}
	}
	return nil
}
