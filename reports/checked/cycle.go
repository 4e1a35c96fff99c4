package checked

import (
	"fmt"
	"html/template"
	"math"
)

// edgeKinds are the kinds of edges that occur, and what each means.
func edgeKinds(cycle []Step) [][2]string {
	var list [][2]string
	for _, kind := range [][2]string{
		{"ww", "the second replaced a version that the first wrote"},
		{"wr", "the second read a version that the first wrote"},
		{"rw", "the second replaced a version that the first read"},
		{"process", "one process made the first and then the second"},
		{"rt", "the first had returned before the second was invoked"},
	} {
		for i := range cycle {
			if cycle[i].Kind == kind[0] {
				list = append(list, kind)
				break
			}
		}
	}
	return list
}

// cycleFigure is the cycle on a circle, clockwise from the top. Lengths are in pixels.
type cycleFigure struct {
	Size  float64 // of its sides
	Nodes []figureNode
	Edges []figureEdge
	Left  int // so many transactions are not drawn, between the last node and the first
}

type figureNode struct {
	X, Y float64
	Name string
}

type figureEdge struct {
	Path   template.HTMLAttr // d="…", of numbers alone
	X, Y   float64           // of its kind
	Kind   string
	Dashed bool
}

const (
	maxCircle  = 24
	nodeRadius = 30.0
)

// drawCycle places the nodes; nil without any.
func drawCycle(cycle []Step) *cycleFigure {
	if len(cycle) == 0 {
		return nil
	}
	n := min(len(cycle), maxCircle)
	radius := math.Max(90, 18*float64(n))
	f := &cycleFigure{Size: 2 * (radius + 3*nodeRadius), Left: len(cycle) - n}
	center := f.Size / 2
	at := func(position, radius float64) (x, y float64) {
		angle := 2*math.Pi*position/float64(n) - math.Pi/2
		return center + radius*math.Cos(angle), center + radius*math.Sin(angle)
	}
	gap := float64(n) * (nodeRadius + 4) / (2 * math.Pi * radius) // what a node takes of the circle, in positions
	for i := range n {
		x, y := at(float64(i), radius)
		f.Nodes = append(f.Nodes, figureNode{x, y, shortName(cycle[i].Name, 8)})
		fromX, fromY := at(float64(i)+gap, radius)
		toX, toY := at(float64(i+1)-gap, radius)
		labelX, labelY := at(float64(i)+0.5, radius+22)
		f.Edges = append(f.Edges, figureEdge{
			Path: template.HTMLAttr(fmt.Sprintf(`d="M%.1f %.1f A%.1f %.1f 0 0 1 %.1f %.1f"`, fromX, fromY, radius, radius, toX, toY)),
			X:    labelX, Y: labelY, Kind: cycle[i].Kind, Dashed: i == n-1 && f.Left > 0,
		})
	}
	return f
}

// shortName is the first letters of a name.
func shortName(name string, most int) string {
	letters := []rune(name)
	if len(letters) <= most {
		return name
	}
	return string(letters[:most-1]) + "…"
}
