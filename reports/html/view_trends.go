package html

import (
	"fmt"
	"strings"
	"time"

	"synchrony/reports"
)

// Trend is how one property did in earlier runs, the oldest first.
type Trend struct {
	Property string
	Runs     []TrendRun
	More     bool // there may be earlier ones
}

// TrendRun is what a property showed in one run.
type TrendRun struct {
	ID        int64  // its number in the history
	Page      string // where its own page is, relative to this one; empty if there is none
	Began     time.Time
	Status    reports.Status
	Cases     int
	Schedules int
	Seconds   float64
}

// Rate is schedules per second; 0 if the run took no time.
func (r TrendRun) Rate() float64 {
	if r.Seconds <= 0 {
		return 0
	}
	return float64(r.Schedules) / r.Seconds
}

// The size of a trend's drawing, in pixels, and what is left free around it.
const (
	sparkWidth  = 240
	sparkHeight = 44
	sparkInset  = 6
)

// trendView is a property's trend, drawn.
type trendView struct {
	ID     string
	Last   string // the rate of the last run, in words
	Range  string // of all runs
	Runs   string // how many, in words
	Failed string // how many of them failed; empty if none
	Line   string // points of the line, as SVG writes them
	Dots   []trendDot
	Width  int
	Height int
	Text   string // all of it, for those who do not see the drawing
}

// trendDot is one run.
type trendDot struct {
	X, Y   float64
	Status reports.Status
	Title  string
}

// toTrendViews draws schedules per second over the runs of each property.
func toTrendViews(trends []Trend) []trendView {
	var out []trendView
	for _, t := range trends {
		if len(t.Runs) > 0 {
			out = append(out, toTrendView(t))
		}
	}
	return out
}

func toTrendView(t Trend) trendView {
	least, most := t.Runs[0].Rate(), t.Runs[0].Rate()
	failed := 0
	for _, r := range t.Runs {
		least, most = min(least, r.Rate()), max(most, r.Rate())
		if r.Status == reports.Fail {
			failed++
		}
	}
	v := trendView{
		ID: t.Property, Runs: reports.Plural(len(t.Runs), "run"), Width: sparkWidth, Height: sparkHeight,
		Last: rate(t.Runs[len(t.Runs)-1].Rate()), Range: reports.Thousands(rounded(least)) + " to " + reports.Thousands(rounded(most)),
	}
	if failed > 0 {
		v.Failed = fmt.Sprintf("%s failed", reports.Thousands(failed))
	}
	var line, text []string
	for i, r := range t.Runs {
		x := sparkWidth / 2.0
		if n := len(t.Runs) - 1; n > 0 {
			x = sparkInset + float64(i)*(sparkWidth-2*sparkInset)/float64(n)
		}
		y := sparkHeight - sparkInset - r.Rate()/max(most, 1)*(sparkHeight-2*sparkInset) // from zero
		title := r.title() + ", " + rate(r.Rate())
		v.Dots = append(v.Dots, trendDot{x, y, r.Status, title})
		line = append(line, fmt.Sprintf("%.1f,%.1f", x, y))
		text = append(text, title)
	}
	v.Line, v.Text = strings.Join(line, " "), strings.Join(text, "; ")
	return v
}

func rate(r float64) string { return reports.Thousands(rounded(r)) + " schedules/s" }

func rounded(r float64) int { return int(r + 0.5) }
