// Package testreport has go test write an HTML report of what properties.Check shows. A test that imports it,
//
//	import _ "synchrony/reports/testreport"
//
// takes the flag -verify.html:
//
//	go test -verify.html report.html .
//
// The file is in the folder of the package under test. A name will do that leads elsewhere.
package testreport

import (
	"bytes"
	"context"
	"strings"
	"time"

	"synchrony/properties"
	"synchrony/reports/html"
	"synchrony/reports/results"
)

func init() { properties.ReportBy(write) }

// write writes a report of all properties to a file.
func write(path string, all []properties.Checked) error {
	lookup := func(id string) (properties.Testable, bool) {
		for _, c := range all {
			if strings.EqualFold(c.Property.Info().ID, id) {
				return c.Property, true
			}
		}
		return nil, false
	}
	page := &html.Page{Run: &results.Run{Tool: "go test", Command: "go test"}}
	run := page.Run
	for _, c := range all {
		p := results.Property{Info: c.Property.Info(), Result: c.Result}
		run.Seed, run.Iterations, run.Budget = c.Spec.Seed, c.Spec.Count, c.Spec.Budget
		run.Elapsed += time.Duration(c.Result.Seconds * float64(time.Second))
		run.Properties = append(run.Properties, p)
		for _, f := range c.Result.Failures {
			page.Failures = append(page.Failures, html.Gather(context.Background(), lookup, p.Info, f))
		}
		if c.Spec.Program != "" {
			run.Command = c.Spec.Program
		}
	}
	var b bytes.Buffer
	if err := html.Write(&b, page); err != nil {
		return err
	}
	return properties.WriteFile(path, b.Bytes())
}
