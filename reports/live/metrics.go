package live

import (
	"fmt"
	"net/http"
	"strings"

	"synchrony/reports"
)

// serveMetrics answers in the text format of Prometheus, version 0.0.4.
func (s *Server) serveMetrics(w http.ResponseWriter, _ *http.Request) {
	_, state, all, over := s.snapshot()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write([]byte(metrics(&state, all, over)))
}

func metrics(s *State, all []verdict, over bool) string {
	var b strings.Builder
	family := func(name, kind, help string) {
		fmt.Fprintf(&b, "# HELP verify_%s %s\n# TYPE verify_%s %s\n", name, help, name, kind)
	}
	one := func(name, kind, help string, value float64) {
		family(name, kind, help)
		fmt.Fprintf(&b, "verify_%s %v\n", name, value)
	}
	one("properties", "gauge", "Properties that are to be tested.", float64(s.Parts))
	family("verdicts", "gauge", "Properties with each verdict until now.")
	count := map[reports.Status]int{}
	for i := range all {
		count[all[i].Status]++
	}
	for _, status := range []reports.Status{reports.Pass, reports.Fail, reports.Inconclusive, reports.Broken} {
		fmt.Fprintf(&b, "verify_verdicts{status=%q} %d\n", string(status), count[status])
	}
	one("running", "gauge", "Properties that are under way.", float64(len(s.Running)))
	one("cases", "gauge", "Cases that were tested.", float64(s.Cases))
	one("schedules", "gauge", "Schedules that were run.", float64(s.Schedules))
	one("done_ratio", "gauge", "How much of the run is done, from 0 to 1; 0 if that is not known.", s.Fraction)
	one("elapsed_seconds", "gauge", "Since the run began.", s.Elapsed.Seconds())
	one("left_seconds", "gauge", "Until the run is over, estimated; 0 if that is not known.", s.Left.Seconds())
	one("finished", "gauge", "1 if the run is over.", map[bool]float64{true: 1}[over])
	if f := s.Farm; f != nil {
		one("farm_tasks", "gauge", "Tasks that were handed out.", float64(f.Tasks))
		one("farm_answered", "gauge", "Tasks that were answered.", float64(f.Answered))
		one("farm_queued", "gauge", "Tasks that no worker has.", float64(f.Queued))
		one("farm_held", "gauge", "Tasks that workers have.", float64(f.Held))
		one("farm_redelivered", "gauge", "Tasks that went to another worker.", float64(f.Redelivered))
		one("farm_lost", "gauge", "Tasks that ended all workers that had them.", float64(f.Lost))
		one("farm_workers", "gauge", "Workers that gave a sign of life lately.", float64(len(f.Workers)))
		room := 0
		for _, w := range f.Workers {
			room += w.Room
		}
		one("farm_room", "gauge", "Tasks that these do at once.", float64(room))
	}
	return b.String()
}
