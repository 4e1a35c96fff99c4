package histories

import (
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/generators"
	"synchrony/models/history"
	"synchrony/properties"
)

// The files of a history in a counterexample.
const (
	historyFile = "history"
	plantedFile = "planted"
)

// codec is the text form of a history, and the name of what was planted in it.
var codec = properties.Codec[generators.History]{Format: format, Parse: parse}

func format(h generators.History) ([]txtar.File, error) {
	if err := h.Validate(); err != nil {
		return nil, err
	}
	return []txtar.File{
		{Name: historyFile, Data: []byte(history.FormatHistory(h.History))},
		{Name: plantedFile, Data: []byte(h.Planted + "\n")},
	}, nil
}

func parse(files []txtar.File) (generators.History, error) {
	h := generators.History{Planted: generators.Wild}
	for _, f := range files {
		switch f.Name {
		case historyFile:
			var err error
			if h.History, err = history.ParseHistory(f.Name, string(f.Data)); err != nil {
				return generators.History{}, err
			}
		case plantedFile:
			h.Planted = strings.TrimSpace(string(f.Data))
			if _, ok := anomaly(h.Planted); !ok && h.Planted != generators.Right && h.Planted != generators.Wild {
				return generators.History{}, fmt.Errorf("%s: there is no anomaly %q", f.Name, h.Planted)
			}
		default:
			return generators.History{}, fmt.Errorf("the file %q is not known: a history is %s and %s", f.Name, historyFile, plantedFile)
		}
	}
	if h.History == nil {
		return generators.History{}, fmt.Errorf("the file %q is missing", historyFile)
	}
	return h, nil
}

func anomaly(name string) (generators.Anomaly, bool) {
	for _, a := range generators.Anomalies() {
		if a.Name == name {
			return a, true
		}
	}
	return generators.Anomaly{}, false
}
