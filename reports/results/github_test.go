package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"synchrony/properties"
	"synchrony/reports"
)

func TestGitHubAnnotations(t *testing.T) {
	golden.Check(t, "run.annotations.txt", func(w io.Writer) error { return GitHubAnnotations(w, sample()) })
}

func TestGitHubSummary(t *testing.T) {
	golden.Check(t, "run.summary.md", func(w io.Writer) error { return GitHubSummary(w, sample(), MaxGitHubSummary) })
}

// command is what the runner takes for a workflow command.
var command = regexp.MustCompile(`^::(error|warning) (?:file=([^:,]+),line=(\d+),)?title=([^:,]+)::(.+)$`)

// TestAnnotationsStayCommands: no text, however it is made, adds a command, takes
// one away, or passes GitHub's limits.
func TestAnnotationsStayCommands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkAnnotations(t, drawRun(t)) })
	checkAnnotations(t, hostile())
	checkAnnotations(t, crowd(500))
}

func checkAnnotations(t interface{ Errorf(string, ...any) }, run *Run) {
	var b bytes.Buffer
	if err := GitHubAnnotations(&b, run); err != nil {
		t.Errorf("%v", err)
	}
	want := map[string]int{"warning": run.Count(reports.Inconclusive), "error": run.Count(reports.Broken)}
	for i := range run.Properties {
		if p := &run.Properties[i]; p.Status() == reports.Fail {
			want["error"] += len(p.Result.Failures)
		}
		if run.Properties[i].Result.Lost() != "" {
			want["warning"]++
		}
	}
	got := map[string]int{}
	for line := range strings.Lines(b.String()) {
		m := command.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil || strings.ContainsAny(line[:len(line)-1], "\r\n\x00\x1b") {
			t.Errorf("not a command: %q", line)
			continue
		}
		got[m[1]]++
		if n := utf8.RuneCountInString(strings.NewReplacer("%0A", "\n", "%0D", "\r", "%25", "%").Replace(m[5])); n > 4096 {
			t.Errorf("a message of %d characters", n)
		}
	}
	for kind, n := range want {
		if got[kind] != min(n, 10) {
			t.Errorf("%d %ss for %d", got[kind], kind, n)
		}
	}
}

// crowd is a run of n properties that all failed, with long counterexamples.
func crowd(n int) *Run {
	run := sample()
	long := strings.Repeat("tx t1 { a -= 10 } // some words\n", 1000)
	for range n {
		run.Properties = append(run.Properties, Property{
			Info: properties.Info{ID: "C", Group: "crowd", Statement: "one of many", Source: "c.go:1"},
			Result: properties.Result{Failures: []properties.Failure{{
				Checker: "order", Rule: "late", Reason: "it was late", File: "c/C.txtar", Text: long,
			}}},
		})
	}
	return run
}

func TestTheLastAnnotationSaysHowManyMore(t *testing.T) {
	var b bytes.Buffer
	if err := GitHubAnnotations(&b, crowd(20)); err != nil {
		t.Fatal(err)
	}
	// 24 errors: two violations of S2, one of V1, S4 broke the harness, 20 more.
	if want := "::error title=and 15 more::There are 15 more errors than GitHub shows; the job summary has them.\n"; !strings.Contains(b.String(), want) {
		t.Errorf("lacks %q:\n%s", want, &b)
	}
}

// TestSummaryKeepsItsLimit: GitHub drops a summary that is too long altogether.
func TestSummaryKeepsItsLimit(t *testing.T) {
	for _, limit := range []int{400, 2000, 50_000, MaxGitHubSummary} {
		for name, run := range map[string]*Run{"sample": sample(), "hostile": hostile(), "crowd": crowd(500)} {
			var b bytes.Buffer
			if err := GitHubSummary(&b, run, limit); err != nil {
				t.Fatal(err)
			}
			if b.Len() > limit || b.Len() == 0 {
				t.Errorf("%s: %d bytes, want at most %d", name, b.Len(), limit)
			}
			if name == "crowd" && limit > 400 && !strings.Contains(b.String(), "for which there is no room here") {
				t.Errorf("%s, at most %d: does not say that something is missing", name, limit)
			}
			if n := strings.Count(b.String(), "<details>") - strings.Count(b.String(), "</details>"); name != "hostile" && n != 0 {
				t.Errorf("%s, at most %d: %d details are not closed", name, limit, n)
			}
		}
	}
}

// TestFence: text in a block of code cannot end it.
func TestFence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("`\na "))).Draw(t, "text")
		lines := strings.Split(strings.TrimSuffix(fenced(text), "\n\n"), "\n")
		fence := lines[0]
		for _, line := range lines[1 : len(lines)-1] {
			if strings.HasPrefix(strings.TrimSpace(line), fence) {
				t.Fatalf("the block ends early:\n%s", fenced(text))
			}
		}
		if lines[len(lines)-1] != fence || len(fence) < 3 {
			t.Fatalf("the block does not end:\n%s", fenced(text))
		}
	})
}
