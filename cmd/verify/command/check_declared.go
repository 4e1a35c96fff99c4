package command

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"synchrony/checkers/linearizability"
	"synchrony/models/declared"
	"synchrony/models/history"
	"synchrony/models/recording"
)

// readModel reads the model in a file.
func readModel(path string) (*declared.Model, error) {
	info, err := os.Stat(path)
	if err == nil && (info.IsDir() || info.Size() > declared.MaxFile) {
		return nil, fmt.Errorf("--model-file: %s is no text of up to %d bytes", path, declared.MaxFile)
	}
	var src []byte
	if err == nil {
		src, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("--model-file: %w", err)
	}
	return declared.Parse(path, string(src))
}

// judgeDeclared judges a history by a model of somebody's own.
func (a *app) judgeDeclared(o *checkOptions, path string, began time.Time) (*checkReport, error) {
	m, err := readModel(o.modelFile)
	if err != nil {
		return nil, err
	}
	h, err := recording.ReadOperations(path, a.stdin, o.options())
	if err != nil {
		return nil, err
	}
	if err := admitDeclared(m, h); err != nil {
		return nil, err
	}
	r := &checkReport{File: path, Model: m.Name, Operations: len(h.List) - h.Failed, Pending: h.Pending, Failed: h.Failed}
	r.told(h.Skipped, h.Notes)
	if r.Operations == r.Pending {
		r.nothing()
		return r, a.writePage(r, o, operationsPage(h, nil, nil), nil)
	}
	result := linearizability.CheckDeclared(m, h.List, !h.Timed, o.limits(began))
	r.searched(result, func(i int) int { return h.List[i].Line }, func(i int) string {
		x := &h.List[i]
		return shown(h.Clients.Name(x.Process)+": "+x.Text(), h.Timed, x.Invoked, x.Returned)
	})
	r.Seconds = time.Since(began).Seconds()
	return r, a.writePage(r, o, operationsPage(h, result.Core, result.Longest), nil)
}

// admitDeclared refuses operations that a model does not have.
func admitDeclared(m *declared.Model, h *recording.Operations) error {
	names := m.Operations()
	for i := range h.List {
		x := &h.List[i]
		if !slices.Contains(names, x.Name) {
			return fmt.Errorf("%s:%d: the model %s has no %s: it has %s%s", h.File, x.Line, m.Name, x.Name, strings.Join(names, ", "), didYouMean(x.Name, names))
		}
		if m.Keyed && (x.Argument.Kind != history.Sequence || len(x.Argument.Items) != 2) {
			return fmt.Errorf("%s:%d: the value of %s is %s, and the model %s is keyed: want [key value]", h.File, x.Line, x.Name, x.Argument.Text(), m.Name)
		}
	}
	return nil
}
