package execution

import (
	"io"

	"synchrony/reports"
)

// page writes an execution as text for a person.
type page struct {
	reports.Printer
	paint reports.Palette
}

func newPage(w io.Writer, colour bool) *page {
	return &page{Printer: reports.NewPrinter(w), paint: reports.Palette(colour)}
}
