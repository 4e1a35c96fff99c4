package reports

import "io"

// page writes an execution as text for a person.
type page struct {
	Printer
	paint Palette
}

func newPage(w io.Writer, colour bool) *page {
	return &page{Printer: NewPrinter(w), paint: Palette(colour)}
}
