package live

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// interval is how often a reader is told how far the run is.
const interval = time.Second

// serveEvents tells a reader what happens, as server-sent events (HTML Living Standard, section 9.2): run once, then property for each verdict that there
// is and that comes, progress each second, and finished.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	s.change(func() { s.streams++ })
	defer s.change(func() { s.streams-- })
	known, began := 0, false
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		run, state, all, over := s.snapshot()
		var err error
		send := func(event string, data any) {
			if err == nil {
				err = write(w, event, data)
			}
		}
		if run != nil && !began {
			began = true
			send("run", run)
		}
		for ; known < len(all); known++ {
			send("property", &all[known])
		}
		send("progress", toProgress(&state, status(all)))
		if over { // who is told has the report to come, or, as it turns out, has hung up
			reader := rand.Text()
			s.change(func() { s.owed[reader] = true })
			if send("finished", map[string]string{"reader": reader}); err != nil || out.Flush() != nil {
				s.change(func() { delete(s.owed, reader) })
			}
			return
		}
		if err == nil {
			err = out.Flush()
		}
		if err != nil {
			return
		}
		select {
		case <-ticker.C:
		case <-s.finished:
		case <-r.Context().Done():
			return
		}
	}
}

func write(w http.ResponseWriter, event string, data any) error {
	text, err := json.Marshal(data)
	if err == nil {
		_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, text)
	}
	return err
}
