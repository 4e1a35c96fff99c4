package command

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"synchrony/properties/catalogue"
	"testing"

	"github.com/goccy/go-yaml"
)

// samples are what variables in templates and documents stand for.
var samples = map[string]string{
	"PROPERTIES": "S1 batch", "ITERATIONS": "200", "TIME": "10m", "SEED": "17", "SHARD": "2/4", "CORPUS": "counterexamples",
	"CI_PIPELINE_ID": "17", "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "4", "JOB_COMPLETION_INDEX": "3", "KEEP_GOING": "true",
}

var (
	optional = regexp.MustCompile(`\$\{(\w+):\+([^}]*)\}`) // ${TIME:+--time "$TIME"}
	variable = regexp.MustCompile(`\$\{?(\w+)\}?`)
	goesOn   = regexp.MustCompile(`\\\n\s*`) // a line that goes on
	command  = regexp.MustCompile(`(?:^|&&|\|\||;|\|)\s*((?:[\w./-]*/)?verify\s[^;&|#>\n]*)`)
)

// commands are the command lines of verify in a shell script.
func commands(t *testing.T, script string) [][]string {
	t.Helper()
	var found [][]string
	script = goesOn.ReplaceAllString(script, " ")
	for line := range strings.Lines(script) {
		line = optional.ReplaceAllString(strings.TrimSpace(line), "$2")
		for _, m := range command.FindAllStringSubmatch(line, -1) {
			text := variable.ReplaceAllStringFunc(m[1], func(v string) string {
				sample, known := samples[strings.Trim(v, "${}")]
				if !known {
					t.Errorf("%q: no sample for %s", m[1], v)
				}
				return sample
			})
			found = append(found, strings.Fields(strings.NewReplacer(`"`, "", "'", "").Replace(text))[1:])
		}
	}
	return found
}

// checkCommand reports what is wrong with a command line, without running it.
func checkCommand(args []string) error {
	registry, err := catalogue.All()
	if err != nil {
		return err
	}
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, registry: registry}
	root := a.root()
	if args[0] == "help" { // asks for a command or a topic, and takes nothing else
		args = args[1:]
	}
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if !cmd.HasParent() {
		return fmt.Errorf("there is no command %q", args)
	}
	cmd.InitDefaultHelpFlag()
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if help, err := cmd.Flags().GetBool("help"); help {
		return err
	}
	words := cmd.Flags().Args()
	switch cmd.CommandPath() {
	case "verify run":
		_, err := a.selected(cmd, words)
		return err
	case "verify mutants run", "verify mutants strategies":
		_, err := (&mutantOptions{}).selected(cmd, words)
		return err
	}
	return cmd.ValidateArgs(words)
}

// texts are all texts in a YAML file.
func texts(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []string
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case []any:
			for _, e := range v {
				collect(e)
			}
		case yaml.MapSlice:
			for _, e := range v {
				if e.Key != "name" && e.Key != "description" { // for people
					collect(e.Value)
				}
			}
		}
	}
	d := yaml.NewDecoder(f, yaml.UseOrderedMap())
	for {
		var doc any
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		collect(doc)
	}
}

// arguments are the lists of words in a YAML value that are arguments of verify: they begin with one of its commands of the farm.
func arguments(v any) [][]string {
	var found [][]string
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			found = append(found, arguments(v[key])...)
		}
	case []any:
		var words []string
		for _, e := range v {
			if word, ok := e.(string); ok {
				words = append(words, word)
			}
			found = append(found, arguments(e)...)
		}
		if len(words) == len(v) && len(v) > 0 && (words[0] == "work" || words[0] == "farm") {
			found = append(found, words)
		}
	}
	return found
}

// TestFarmTemplates: the templates of a farm are YAML, a worker and a submitter in each have the arguments of commands that there are, and the unit of systemd, too.
func TestFarmTemplates(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "ci", "templates", "farm")
	for _, file := range []string{"compose.yaml", "kubernetes.yaml"} {
		f, err := os.Open(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		n := 0
		for d := yaml.NewDecoder(f); ; {
			var doc map[string]any
			err := d.Decode(&doc)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, args := range arguments(doc) {
				n++
				if err := checkCommand(args); err != nil {
					t.Errorf("%s: verify %s: %v", file, strings.Join(args, " "), err)
				}
			}
		}
		if n != 2 {
			t.Errorf("%s has %d commands, want a worker and a submitter", file, n)
		}
	}
	unit, err := os.ReadFile(filepath.Join(folder, "verify-work.service"))
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(unit), "\nExecStart=/usr/local/bin/verify ")
	line, _, _ = strings.Cut(line, "\n")
	if err := checkCommand(strings.Fields(line)); line == "" || err != nil {
		t.Errorf("the unit starts verify %q: %v", line, err)
	}
}

// TestTemplates: the templates are YAML, and every command of verify in them is one
// that there is, with flags that it has.
func TestTemplates(t *testing.T) {
	ci := filepath.Join("..", "..", "..", "ci")
	for file, want := range map[string]int{
		"action/action.yml": 1, "templates/github-nightly.yml": 1, "templates/gitlab.yml": 3, "templates/kubernetes.yaml": 2,
	} {
		n := 0
		for _, text := range texts(t, filepath.Join(ci, filepath.FromSlash(file))) {
			for _, args := range commands(t, text) {
				n++
				if err := checkCommand(args); err != nil {
					t.Errorf("%s: verify %s: %v", file, strings.Join(args, " "), err)
				}
			}
		}
		if n != want {
			t.Errorf("%s has %d commands, want %d", file, n, want)
		}
	}
}

// fenced is a block of shell commands in a document, quoted any block, and inline a command in its text.
var (
	fenced = regexp.MustCompile("(?ms)^```(sh|console)\n(.*?)^```")
	quoted = regexp.MustCompile("(?ms)^```.*?^```")
	inline = regexp.MustCompile("`((?:bin/)?verify [a-z][^`]*)`")
)

// placeholders are what documents say for any property, and any mutant.
var placeholders = strings.NewReplacer("[PROPERTY…]", "S1", " NAME", " graph-no-war")

// TestDocumentedCommands: so are those in the documents, in blocks and in the text.
func TestDocumentedCommands(t *testing.T) {
	n := 0
	for _, file := range documents(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		check := func(line string, check func([]string) error) {
			line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "$ "), " # ")
			for _, args := range commands(t, placeholders.Replace(line)) {
				n++
				if err := check(args); err != nil {
					t.Errorf("%s: %s: %v", file, line, err)
				}
			}
		}
		for _, m := range fenced.FindAllStringSubmatch(string(content), -1) {
			for line := range strings.Lines(m[2]) {
				if m[1] == "sh" || strings.HasPrefix(line, "$ ") { // else what a command prints
					check(line, checkCommand)
				}
			}
		}
		for _, m := range inline.FindAllStringSubmatch(quoted.ReplaceAllString(string(content), ""), -1) {
			check(strings.ReplaceAll(m[1], "\n", " "), checkMention)
		}
	}
	if n < 15 {
		t.Errorf("only %d commands in the documents", n)
	}
}

// checkMention is checkCommand for a command that is only named: it may lack arguments.
func checkMention(args []string) error {
	if len(args) == 1 {
		args = append(args, "--help")
	}
	return checkCommand(args)
}

// documents are the project's texts for people.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "..", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// TestTemplateMistakesAreSeen: the tests above can fail.
func TestTemplateMistakesAreSeen(t *testing.T) {
	script := "make build\nbin/verify run $PROPERTIES --seed \"$SEED\" \\\n  ${TIME:+--time \"$TIME\"} --json a.json || exit 1; verify merge a.json && echo verify"
	want := [][]string{
		{"run", "S1", "batch", "--seed", "17", "--time", "10m", "--json", "a.json"},
		{"merge", "a.json"},
	}
	if got := commands(t, script); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("commands are %q, want %q", got, want)
	}
	for _, line := range []string{"run --itertions 3", "run --time soon", "rnu", "run S99", "merge --github", "history S1 --limit x"} {
		if checkCommand(strings.Fields(line)) == nil {
			t.Errorf("verify %s passes", line)
		}
	}
	if checkCommand([]string{"run", "S1", "-n", "3"}) != nil {
		t.Error("what is right does not pass")
	}
}
