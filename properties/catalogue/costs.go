package catalogue

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed costs.txt
var costs string

// parseCosts reads how many seconds a case takes, by the property's ID, from lines of an ID and milliseconds. Those that begin with # are comments.
func parseCosts(text string) (map[string]float64, error) {
	costs := map[string]float64{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		id, cost, _ := strings.Cut(strings.TrimSpace(line), " ")
		ms, err := strconv.ParseFloat(cost, 64)
		if err != nil || ms < 0 {
			return nil, fmt.Errorf("costs.txt: %q is no ID with a number of milliseconds", line)
		}
		costs[id] = ms / 1000
	}
	return costs, nil
}
