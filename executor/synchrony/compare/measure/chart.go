package measure

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// chart is curves on two logarithmic axes, written as SVG.
type chart struct {
	title, x, y string
	curves      []curve
}

// curve is points in the order of x, all above 0.
type curve struct {
	name   string
	points []point
	dashed bool // it was not measured
}

type point struct{ x, y float64 }

// The picture's measures, in pixels.
const (
	chartWidth, chartHeight = 760, 420
	left, right             = 76, 190 // the legend is at the right
	top, bottom             = 44, 56
)

// colours can be told apart by all (Okabe and Ito, Color Universal Design, 2008).
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"}

// axis maps values to pixels.
type axis struct {
	low, high float64 // powers of ten, or of two if there would be few
	from, to  float64
	marks     []float64
}

func newAxis(values []float64, from, to float64) axis {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	base := 10.0
	if high/low < 30 {
		base = 2
	}
	a := axis{from: from, to: to}
	first, last := math.Floor(math.Log(low)/math.Log(base)+1e-9), math.Ceil(math.Log(high)/math.Log(base)-1e-9)
	if last == first {
		last++
	}
	for e := first; e <= last; e++ {
		a.marks = append(a.marks, math.Pow(base, e))
	}
	a.low, a.high = a.marks[0], a.marks[len(a.marks)-1]
	return a
}

func (a axis) at(v float64) float64 {
	return a.from + (a.to-a.from)*math.Log(v/a.low)/math.Log(a.high/a.low)
}

// svg draws the chart.
func (c *chart) svg() string {
	var xs, ys []float64
	for _, k := range c.curves {
		for _, p := range k.points {
			xs, ys = append(xs, p.x), append(ys, p.y)
		}
	}
	if len(xs) == 0 {
		xs, ys = []float64{1}, []float64{1}
	}
	h := newAxis(xs, left, chartWidth-right)
	v := newAxis(ys, chartHeight-bottom, top)
	var sb strings.Builder
	fmt.Fprintf(&sb, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="12">`+"\n", chartWidth, chartHeight)
	fmt.Fprintf(&sb, "<title>%s</title>\n", escape(c.title))
	fmt.Fprintf(&sb, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", chartWidth, chartHeight)
	text := func(x, y float64, anchor, s string) {
		fmt.Fprintf(&sb, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, escape(s))
	}
	fmt.Fprintf(&sb, `<text x="%d" y="22" font-size="15">%s</text>`+"\n", left, escape(c.title))
	line := func(x1, y1, x2, y2 float64) {
		fmt.Fprintf(&sb, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#ccc"/>`+"\n", x1, y1, x2, y2)
	}
	for _, m := range h.marks {
		line(h.at(m), top, h.at(m), chartHeight-bottom)
		text(h.at(m), chartHeight-bottom+18, "middle", mark(m))
	}
	for _, m := range v.marks {
		line(left, v.at(m), chartWidth-right, v.at(m))
		text(left-8, v.at(m)+4, "end", mark(m))
	}
	text((left+chartWidth-right)/2, chartHeight-14, "middle", c.x)
	fmt.Fprintf(&sb, `<text transform="translate(16 %.1f) rotate(-90)" text-anchor="middle">%s</text>`+"\n", float64(top+chartHeight-bottom)/2, escape(c.y))
	for i, k := range c.curves {
		c.draw(&sb, k, colours[i%len(colours)], h, v)
		y := float64(top + 8 + 20*i)
		fmt.Fprintf(&sb, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="%s" stroke-width="2"%s/>`+"\n",
			chartWidth-right+14, y, chartWidth-right+36, y, colours[i%len(colours)], dash(k))
		text(chartWidth-right+42, y+4, "start", k.name)
	}
	sb.WriteString("</svg>\n")
	return sb.String()
}

func (c *chart) draw(sb *strings.Builder, k curve, colour string, h, v axis) {
	var path []string
	for _, p := range k.points {
		path = append(path, fmt.Sprintf("%.1f,%.1f", h.at(p.x), v.at(p.y)))
	}
	fmt.Fprintf(sb, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"%s/>`+"\n", strings.Join(path, " "), colour, dash(k))
	for _, p := range k.points {
		if !k.dashed {
			fmt.Fprintf(sb, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", h.at(p.x), v.at(p.y), colour)
		}
	}
}

func dash(k curve) string {
	if k.dashed {
		return ` stroke-dasharray="5 4"`
	}
	return ""
}

// mark is a number at an axis.
func mark(x float64) string {
	if x < 1 {
		return fmt.Sprintf("%.3g", x)
	}
	return grouped(int64(x + 0.5))
}

func escape(s string) string {
	var sb strings.Builder
	if err := xml.EscapeText(&sb, []byte(s)); err != nil {
		panic(err) // a builder takes everything
	}
	return sb.String()
}
