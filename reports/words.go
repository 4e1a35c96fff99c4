package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"synchrony/properties"
)

// ByKind orders labels by kind, which is what stands before a colon, and within
// a kind from the most frequent to the rarest.
func ByKind(labels []properties.Count) []properties.Count {
	kind := func(c properties.Count) string {
		before, _, _ := strings.Cut(c.Name, ":")
		return before
	}
	labels = slices.Clone(labels)
	slices.SortStableFunc(labels, func(a, b properties.Count) int {
		return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Name, b.Name))
	})
	return labels
}

// Plural is "1 case", "2 cases", "12,345 cases".
func Plural(n int, singular string) string { return Thousands(n) + " " + Noun(n, singular) }

// Noun is the form of a noun that goes with a number.
func Noun(n int, singular string) string {
	if n == 1 {
		return singular
	}
	return singular + "s"
}

// PluralOf is Plural for a noun whose plural is irregular.
func PluralOf(n int, singular, Plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return Thousands(n) + " " + Plural
}

// Thousands is n with a comma between groups of three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Percent is n of total as "12.3 %"; a share that is not 0 never shows as 0, nor
// one short of all as all.
func Percent(n, total int) string {
	if total == 0 {
		return "-"
	}
	share := 100 * float64(n) / float64(total)
	switch {
	case n > 0 && share < 0.05:
		return "< 0.1 %"
	case n < total && share >= 99.95:
		return "> 99.9 %"
	}
	return fmt.Sprintf("%.1f %%", share)
}

// Seconds is a duration as "1.25 s".
func Seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
