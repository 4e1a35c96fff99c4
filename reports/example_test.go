package reports_test

import (
	"fmt"

	"synchrony/reports"
)

// How all reports count.
func Example() {
	fmt.Println(reports.Plural(1, "case"), reports.Plural(12345, "case"), reports.Percent(1, 8))
	// Output: 1 case 12,345 cases 12.5 %
}
