package batch

import (
	"fmt"

	"golang.org/x/tools/txtar"

	"synchrony/models/batch"
	"synchrony/properties"
)

// codec is the text form of a batch workload: the batch in its language, and the
// setup in lines of "key value".
var codec = properties.Codec[batch.Workload]{Format: formatWorkload, Parse: parseWorkload}

func formatWorkload(w batch.Workload) ([]txtar.File, error) {
	text, err := batch.Format(w.Batch)
	if err != nil {
		return nil, err
	}
	return []txtar.File{
		{Name: batch.BatchFile, Data: text},
		{Name: batch.SetupFile, Data: batch.FormatSetup(w.Setup)},
	}, nil
}

func parseWorkload(files []txtar.File) (batch.Workload, error) {
	var w batch.Workload
	for _, f := range files {
		var err error
		switch f.Name {
		case batch.BatchFile:
			w.Batch, err = batch.Parse(f.Name, f.Data)
		case batch.SetupFile:
			w.Setup, err = batch.ParseSetup(f.Name, f.Data)
		default:
			err = fmt.Errorf("the file %q is not known: a batch workload is %s and %s", f.Name, batch.BatchFile, batch.SetupFile)
		}
		if err != nil {
			return batch.Workload{}, err
		}
	}
	if w.Batch == nil {
		return batch.Workload{}, fmt.Errorf("the file %q is missing", batch.BatchFile)
	}
	return w, nil
}

// Files returns the text form of a workload, for [properties.ExploreSpec].
func Files(w batch.Workload) ([]txtar.File, error) { return formatWorkload(w) }

// Codec returns the text form of a batch workload.
func Codec() properties.Codec[batch.Workload] { return codec }
