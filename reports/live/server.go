package live

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"synchrony/reports"
	"synchrony/reports/results"
)

// Server shows one run. Its methods may be called from several goroutines; those of a nil Server do nothing.
type Server struct {
	listener net.Listener
	http     *http.Server
	token    string // empty if none is asked for
	page     []byte
	policy   string

	mu       sync.Mutex
	run      *heading
	state    func() State
	verdicts []verdict       // in the order in which they came
	report   []byte          // the final one; nil until then
	finished chan struct{}   // closed with it
	streams  int             // readers that are told what happens
	owed     map[string]bool // readers that were told that the run is over, and have no report yet
	changed  chan struct{}   // has room for one: streams or owed is another
}

// State is how a run is going.
type State struct {
	results.Progress
	Farm *Farm // nil without one
}

// Farm is how a farm is doing: what package farm says of it, which reports do not import.
type Farm struct {
	Workers     []Worker `json:"workers"`
	Tasks       int      `json:"tasks"`       // handed out
	Answered    int      `json:"answered"`    // of them
	Queued      int      `json:"queued"`      // of them, which no worker has
	Held        int      `json:"held"`        // of them, which workers have
	Redelivered int      `json:"redelivered"` // of them, to a second worker or a third
	Lost        int      `json:"lost"`        // of the answered, which ended all workers that had them
	Trouble     string   `json:"trouble,omitempty"`
}

// Worker is one that gave a sign of life lately.
type Worker struct {
	Name string `json:"name"`
	Room int    `json:"room"` // tasks that it does at once
	Busy int    `json:"busy"` // of them, those under way
	Done int    `json:"done"`
}

// Check says what is wrong with an address to listen on.
func Check(address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("%q is no address to listen on: it must be HOST:PORT, as 127.0.0.1:8080", address)
	}
	return nil
}

// Listen begins to listen on "host:port". A port of 0 is any that is free; without a host it listens on loopback alone.
func Listen(address string) (*Server, error) {
	if err := Check(address); err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(address)
	if host == "" {
		host = "127.0.0.1"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	s := &Server{listener: l, state: func() State { return State{} }, finished: make(chan struct{}), changed: make(chan struct{}, 1), owed: map[string]bool{}}
	if s.page, s.policy, err = render(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if ip := l.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		s.token = rand.Text()
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.servePage)
	mux.HandleFunc("GET /events", s.serveEvents)
	mux.HandleFunc("GET /metrics", s.serveMetrics)
	mux.HandleFunc("GET /report", s.serveReport)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s.http = &http.Server{
		Handler: s.guard(mux), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		ErrorLog: log.New(io.Discard, "", 0), // of readers that hang up, beside the run's progress
	}
	go func() { _ = s.http.Serve(l) }()
	return s, nil
}

// URL is where the page is, with the token if one is asked for.
func (s *Server) URL() string {
	at := s.listener.Addr().(*net.TCPAddr)
	u := url.URL{Scheme: "http", Host: at.String(), Path: "/"}
	if name, err := os.Hostname(); err == nil && at.IP.IsUnspecified() { // it is at all addresses of the machine
		u.Host = net.JoinHostPort(name, strconv.Itoa(at.Port))
	}
	if s.token != "" {
		u.RawQuery = url.Values{"token": {s.token}}.Encode()
	}
	return u.String()
}

// Begin says what is run, and where to ask how it is going.
func (s *Server) Begin(run *results.Run, state func() State) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.run, s.state = toHeading(run), state
}

// Property says what became of one.
func (s *Server) Property(p *results.Property) {
	if s == nil {
		return
	}
	v := toVerdict(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verdicts = append(s.verdicts, v)
}

// Finish says that the run is over, and what its report is. It waits until those who look have it, but for so long at most.
func (s *Server) Finish(report []byte, patience time.Duration) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.report = report
	close(s.finished)
	s.mu.Unlock()
	over := time.After(patience)
	for {
		s.mu.Lock()
		waited := s.streams > 0 || len(s.owed) > 0
		s.mu.Unlock()
		if !waited {
			return
		}
		select {
		case <-s.changed:
		case <-over:
			return
		}
	}
}

// Watched reports whether anybody looks.
func (s *Server) Watched() bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams > 0
}

// change changes what the server knows of its readers.
func (s *Server) change(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default: // it was told
	}
}

// Close ends the server, and what it serves.
func (s *Server) Close() {
	if s == nil {
		return
	}
	_ = s.http.Close()
}

// guard refuses who does not know the token, or comes by a name that is not this machine's: another site's page in the reader's browser could else read
// what is here by a name of its own that it lets lead here.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		given := r.URL.Query().Get("token")
		if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			given = bearer
		}
		switch {
		case s.token == "" && !local(r.Host):
			http.Error(w, "this page is there for this machine alone, as 127.0.0.1 or localhost", http.StatusForbidden)
		case s.token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(s.token)) != 1:
			http.Error(w, "the token is missing, or wrong: verify has printed the address with it", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// local reports whether a request's host is this machine by a name that nobody else can give it.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s *Server) servePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", s.policy)
	_, _ = w.Write(s.page)
}

func (s *Server) serveReport(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	report := s.report
	s.mu.Unlock()
	if report == nil {
		http.Error(w, "the run is not over yet", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(report))) // so that a reader has all of it once it is flushed
	if _, err := w.Write(report); err == nil {
		_ = http.NewResponseController(w).Flush()
	}
	if r.Method == http.MethodGet { // HEAD has nothing of it
		s.change(func() { delete(s.owed, r.URL.Query().Get("reader")) })
	}
}

// snapshot is what there is to tell: all verdicts until now among it.
func (s *Server) snapshot() (run *heading, state State, all []verdict, over bool) {
	s.mu.Lock()
	run, ask, all, over := s.run, s.state, s.verdicts, s.report != nil
	s.mu.Unlock()
	return run, ask(), all, over
}

// status is how the run is going in a word: what is worst until now; empty without a verdict.
func status(list []verdict) reports.Status {
	for _, s := range reports.WorstFirst {
		if slices.ContainsFunc(list, func(v verdict) bool { return v.Status == s }) {
			return s
		}
	}
	return ""
}
