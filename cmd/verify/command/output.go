package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"synchrony/properties"
)

// checkOutput reports whether writeOutput will be able to write path, as far as
// can be known before. It is asked before anything runs, so that no result is lost.
func checkOutput(path string) error {
	if path == "" || path == "-" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("cannot write %s: it is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	if err := properties.CheckFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// writeOutput writes what render renders to path: "-" is standard output, and a
// regular file appears whole or not at all.
func (a *app) writeOutput(path string, render func(io.Writer) error) error {
	if path == "-" {
		return render(a.stdout)
	}
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return err
	}
	return properties.WriteFile(path, b.Bytes())
}
