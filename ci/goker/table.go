package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// table is what was measured.
type table struct {
	options *options
	kernels []kernel
}

// count is how many kernels something holds of.
func (t *table) count(holds func(*kernel) bool) (n int) {
	for i := range t.kernels {
		if holds(&t.kernels[i]) {
			n++
		}
	}
	return n
}

func (t *table) found() int { return t.count(func(k *kernel) bool { return k.failure != nil }) }

// few is how many deviations are few.
const few = 3

// markdown is the table as text.
func (t *table) markdown() string {
	var b strings.Builder
	n := len(t.kernels)
	fmt.Fprintf(&b, "`verify test ./... %s --seed %d`, %s, %s/%s, %d processors.\n\n", strings.Join(settings, " "), t.options.seed,
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	t.summary(&b, n)
	b.WriteString("\n| kernel | found as | schedules | deviations | replay | function | named by the README | search |\n|---|---|--:|--:|--:|---|---|--:|\n")
	for i := range t.kernels {
		k := &t.kernels[i]
		if k.failure == nil {
			fmt.Fprintf(&b, "| %s | **not found** | %d | | | | | %.2f s |\n", k.name, k.searched, k.seconds)
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d/%d | %s | %s | %.2f s |\n", k.name, k.failure.Rule, k.failure.Schedules, k.failure.Deviations, k.replayed,
			t.options.times, k.where(), k.named(), k.seconds)
	}
	return b.String()
}

func (t *table) summary(b *strings.Builder, n int) {
	var schedules []int
	seconds := 0.0
	for _, k := range t.kernels {
		if seconds += k.seconds; k.failure != nil {
			schedules = append(schedules, k.failure.Schedules)
		}
	}
	slices.Sort(schedules)
	fmt.Fprintf(b, "- found: %d of %d, of these %d as the kind of bug that they are filed under\n", t.found(), n,
		t.count(func(k *kernel) bool { return k.failure != nil && k.fits(k.failure) }))
	if len(schedules) > 0 {
		fmt.Fprintf(b, "- schedules until then: median %d, 90 %% at most %d, at most %d\n", schedules[len(schedules)/2], schedules[len(schedules)*9/10],
			schedules[len(schedules)-1])
	}
	fmt.Fprintf(b, "- at most %d deviations, minimised: %d of %d\n", few, t.count(func(k *kernel) bool { return k.failure != nil && k.failure.Deviations <= few }), n)
	fmt.Fprintf(b, "- replayed %d of %d times, always as the same execution: %d of %d\n", t.options.times, t.options.times,
		t.count(func(k *kernel) bool { return k.failure != nil && k.replayed == t.options.times }), n)
	fmt.Fprintf(b, "- in a function that the README names, where it names one: %d of %d\n",
		t.count(func(k *kernel) bool { return k.named() == "yes" }), t.count(func(k *kernel) bool { return !k.names.empty() }))
	fmt.Fprintf(b, "- search: %.0f s, the tests' times added up\n", seconds)
}

// where is the functions that the finding is about.
func (k *kernel) where() string {
	var words []string
	for _, fn := range k.failure.functions() {
		word := "`" + fn + "`"
		if strings.HasPrefix(fn, "Test") {
			word = "the test"
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

// named says whether the README names the place.
func (k *kernel) named() string {
	switch {
	case k.names.empty() || k.failure == nil:
		return "–"
	case k.names.has(k.failure):
		return "yes"
	}
	return "no"
}
