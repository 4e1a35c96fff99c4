package checker

import (
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/properties"
)

// The files of a history in a counterexample.
const (
	historyFile = "history"
	plantedFile = "planted"
)

// codec is the text form of a history, and the name of what was planted in it.
var codec = properties.Codec[histories.History]{Format: format, Parse: parse}

func format(h histories.History) ([]txtar.File, error) {
	if err := h.Validate(); err != nil {
		return nil, err
	}
	return []txtar.File{
		{Name: historyFile, Data: []byte(history.FormatHistory(h.History))},
		{Name: plantedFile, Data: []byte(h.Planted + "\n")},
	}, nil
}

func parse(files []txtar.File) (histories.History, error) {
	h := histories.History{Planted: histories.Wild}
	for _, f := range files {
		switch f.Name {
		case historyFile:
			var err error
			if h.History, err = history.ParseHistory(f.Name, string(f.Data)); err != nil {
				return histories.History{}, err
			}
		case plantedFile:
			h.Planted = strings.TrimSpace(string(f.Data))
			if _, ok := anomaly(h.Planted); !ok && h.Planted != histories.Right && h.Planted != histories.Wild {
				return histories.History{}, fmt.Errorf("%s: there is no anomaly %q", f.Name, h.Planted)
			}
		default:
			return histories.History{}, fmt.Errorf("the file %q is not known: a history is %s and %s", f.Name, historyFile, plantedFile)
		}
	}
	if h.History == nil {
		return histories.History{}, fmt.Errorf("the file %q is missing", historyFile)
	}
	return h, nil
}

func anomaly(name string) (histories.Anomaly, bool) {
	for _, a := range histories.Anomalies() {
		if a.Name == name {
			return a, true
		}
	}
	return histories.Anomaly{}, false
}
