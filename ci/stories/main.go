// Command stories writes a page of what failures look like: systems that are broken in known ways, and what verify says of each.
//
//	go run ./ci/stories -page docs/stories.md
//
// It builds the program as it is, and with one mechanism removed for each mutant among the stories, and keeps what the command prints.
//
// Exit codes: 0 the page is written; 1 something that should fail did not; 2 the page could not be made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"synchrony/ci/internal/page"
	"synchrony/properties/mutants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitWritten = iota
	exitNoFailure
	exitError
)

// options are the command line.
type options struct {
	root string // of the module
	page string // file whose stories are written; empty is the standard output
	html string // folder for a report of each; empty is none
}

// part is where the stories are.
var part = page.Part{Begin: "<!-- stories: written by go run ./ci/stories -->\n", End: "<!-- end of the stories -->\n"}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{}
	f := flag.NewFlagSet("stories", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.root, "C", ".", "`folder` of the module")
	f.StringVar(&o.page, "page", "", "Markdown `file` whose stories are written (default: the standard output)")
	f.StringVar(&o.html, "html", "", "`folder` for the report of each as an HTML page")
	if err := f.Parse(args); err != nil {
		return exitError
	}
	text, err := o.tell(ctx, stderr)
	switch {
	case err == nil && o.page == "":
		_, err = io.WriteString(stdout, text)
	case err == nil:
		err = part.Write(o.page, text)
	}
	if err != nil {
		fmt.Fprintf(stderr, "stories: %v\n", err)
		if noFailure := (*noFailureError)(nil); errors.As(err, &noFailure) {
			return exitNoFailure
		}
		return exitError
	}
	return exitWritten
}

// tell runs the stories, one after the other.
func (o *options) tell(ctx context.Context, stderr io.Writer) (string, error) {
	root, err := mutants.FindSource(o.root)
	if err != nil {
		return "", err
	}
	w, err := mutants.NewWorkspace(root)
	if err != nil {
		return "", err
	}
	defer w.Close()
	all, err := mutants.All()
	if err != nil {
		return "", err
	}
	t := teller{workspace: w, mutants: all, binaries: map[string]string{}}
	if t.folder, err = os.MkdirTemp("", "stories-"); err != nil {
		return "", err
	}
	defer os.RemoveAll(t.folder)
	if err := os.WriteFile(filepath.Join(t.folder, "skew.edn"), skew, 0o666); err != nil {
		return "", err
	}
	if o.html != "" {
		if t.html, err = filepath.Abs(o.html); err != nil {
			return "", err
		}
		if err := os.MkdirAll(t.html, 0o777); err != nil {
			return "", err
		}
	}
	var b strings.Builder
	for _, s := range stories {
		fmt.Fprintln(stderr, s.title)
		said, err := t.run(ctx, &s)
		if err != nil {
			return "", fmt.Errorf("%s: %w", s.title, err)
		}
		b.WriteString(said)
	}
	return b.String(), nil
}
