package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"synchrony/reports/mutation"
	"synchrony/reports/results"
)

// Page is what a report is about.
type Page struct {
	// Run is what the page sums up; nil if it is about failures only.
	Run *results.Run
	// Failures are shown in this order, each with what is known of it.
	Failures []Failure
	// Mutants is what became of deliberately broken systems; nil if nobody asked.
	Mutants *mutation.Mutants
	// Trends is how properties did in earlier runs; nil if that is not known.
	Trends []Trend
	// Tool is the program and its version; of Run, if there is one.
	Tool string
}

//go:embed assets page.html.tmpl runs.html.tmpl
var files embed.FS

// elements are the scripts that all of this project's pages may use, in the order in which they need each other; and scripts those of the report.
var (
	elements = []string{"dom.js", "story.js"}
	scripts  = slices.Concat(elements, []string{"data.js", "chart.js", "graph.js", "batch.js", "program.js", "schedule.js", "failure.js", "page.js"})
)

// Write writes the report as one HTML document.
func Write(w io.Writer, p *Page) error {
	v, err := toView(p)
	if err != nil {
		return err
	}
	return execute(w, "page.html.tmpl", v)
}

// execute writes a template of that name, which sets v.
func execute(w io.Writer, name string, v any) error {
	t := template.New("").Funcs(template.FuncMap{"dict": dict})
	for _, file := range []string{"page.html.tmpl", "runs.html.tmpl"} { // each uses parts of the other
		text, err := files.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := t.New(file).Parse(lean(string(text))); err != nil {
			return err
		}
	}
	return t.ExecuteTemplate(w, name, v)
}

// lean is a source without what is there for who reads the source: indentation, empty lines, and comments on lines of their own. A page has it once, and
// some of it for each failure.
func lean(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") && strings.HasSuffix(line, "*/") {
			continue
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// dict makes a map of pairs, to hand several values to a part of the template.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no key", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// assets are the style sheet and the script, and the policy that allows these and nothing else:
// no request, no other script, whatever a workload is called.
type assets struct {
	Style  template.CSS
	Script template.JS
	Policy template.HTMLAttr
}

// Elements is the script that makes elements for this project's pages, and tells stories: see assets/dom.js and assets/story.js.
func Elements() (string, error) {
	return readScripts(elements)
}

// readScripts is scripts, one behind the other.
func readScripts(names []string) (string, error) {
	var b strings.Builder
	for _, name := range names {
		text, err := files.ReadFile("assets/" + name)
		if err != nil {
			return "", err
		}
		b.WriteString(lean(string(text)))
	}
	return b.String(), nil
}

// Style is the style sheet of this project's pages.
func Style() (template.CSS, error) {
	style, err := files.ReadFile("assets/style.css")
	return template.CSS(lean(string(style))), err
}

func readAssets() (assets, error) {
	style, err := Style()
	if err != nil {
		return assets{}, err
	}
	script, err := readScripts(scripts)
	if err != nil {
		return assets{}, err
	}
	script = "(() => {\n\"use strict\";\n" + script + "})();\n"
	sum := sha256.Sum256([]byte(script))
	policy := fmt.Sprintf(`content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'"`,
		base64.StdEncoding.EncodeToString(sum[:]))
	return assets{style, template.JS(script), template.HTMLAttr(policy)}, nil
}
