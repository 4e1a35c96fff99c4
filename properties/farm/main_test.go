package farm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
)

// roleVariable tells this test's binary that it is another process: one of those below.
const roleVariable = "FARM_TEST_ROLE"

func TestMain(m *testing.M) {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var err error
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "child":
		err = isolate.Serve(ctx, lookup)
	case "worker":
		err = workerMain(ctx, flag.Arg(0), flag.Arg(1))
	case "server":
		err = serverMain(ctx, flag.Args())
	case "submitter":
		err = submitterMain(ctx, flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// build is that of all processes that are to work together.
const build = "0123456789abcdef"

// runner runs properties in children of this process.
func runner() *isolate.Runner {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return &isolate.Runner{Executable: self, Environment: []string{roleVariable + "=child"}, Patience: time.Minute, Lookup: lookup}
}

// workerMain is a worker of the given build for a server. It ends with its standard input, too.
func workerMain(ctx context.Context, url, build string) error {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	conn, err := Connect(ctx, Server{URL: url}, "worker")
	if err != nil {
		return err
	}
	defer conn.Close()
	c := &Crew{
		Conn: conn, Build: build, Name: fmt.Sprint(os.Getpid()), Jobs: 1, Tell: func(text string) { fmt.Fprintln(os.Stderr, text) },
		Executor: func(patience time.Duration, memory int64) Executor { return runner().Limited(patience, memory) },
		Open:     openDoubling,
	}
	return c.Work(ctx)
}

// limitVariable says how many bytes a server may store; without it, it is as many as there is room for.
const limitVariable = "FARM_TEST_LIMIT"

// serverMain is a server on a port of its own that keeps what it holds in a folder; of a cluster, if routes are given. An empty folder is one without JetStream.
func serverMain(ctx context.Context, args []string) error {
	port, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	o := &server.Options{
		ServerName: "server-" + args[0], Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true,
		JetStream: args[1] != "", StoreDir: args[1], SyncInterval: time.Second,
	}
	if limit := os.Getenv(limitVariable); limit != "" {
		if o.JetStreamMaxStore, err = strconv.ParseInt(limit, 10, 64); err != nil {
			return err
		}
	}
	if len(args) > 3 {
		o.Cluster = server.ClusterOpts{Name: "farm", Host: "127.0.0.1"}
		if o.Cluster.Port, err = strconv.Atoi(args[2]); err != nil {
			return err
		}
		o.Routes = server.RoutesFromStr(args[3])
	}
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	go s.Start()
	<-ctx.Done()
	s.Shutdown()
	return nil
}

// order is a campaign that a test wants.
type order struct {
	IDs      []string
	Cases    int
	Seed     uint64
	Corpus   string
	Replicas int
	Lease    time.Duration // 0 is a second
	Folder   string        // of the server inside a submitting process
	Workers  int           // that such a process starts
}

// campaign is it, on one machine.
func (o *order) campaign() *campaign.Campaign {
	c := &campaign.Campaign{
		Runner: runner(), Jobs: 2,
		Spec: properties.Spec{Seed: o.Seed, Count: o.Cases, Budget: properties.DefaultBudget, Corpus: o.Corpus},
	}
	for _, id := range o.IDs {
		p, _ := lookup(id)
		c.Properties = append(c.Properties, p.Info())
	}
	return c
}

func (o *order) identity() Identity {
	return Identity{Build: build, Command: fmt.Sprint("test ", o.IDs, o.Cases, o.Seed)}
}

// shown is what a campaign shows, but for times and places.
func shown(ctx context.Context, c *campaign.Campaign) []campaign.Outcome {
	var list []campaign.Outcome
	c.Run(ctx, func(_ int, o campaign.Outcome) {
		o.Result.Seconds = 0
		for i := range o.Result.Failures {
			f := &o.Result.Failures[i]
			f.Found, f.Shrunk, f.Output = 0, 0, nil
			f.File = strings.TrimPrefix(f.File, c.Spec.Corpus)
		}
		list = append(list, o)
	})
	return list
}

// text is a list of outcomes as text.
func text(list []campaign.Outcome) string {
	b, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		panic(err)
	}
	return string(b)
}

// submit runs it on a farm. Each case is a task, so that a test can say what becomes of which.
func (o *order) submit(ctx context.Context, conn *Conn, tell func(string)) (list []campaign.Outcome, last Status, err error) {
	s, err := Submit(ctx, conn, o.identity(), Limits{Replicas: o.Replicas, Lease: cmp.Or(o.Lease, time.Second)}, tell)
	if err != nil {
		return nil, last, err
	}
	c := o.campaign()
	c.Runner = &Runner{
		Submitter: s, Local: runner(), Replays: make(chan struct{}, 1), Properties: len(c.Properties), Patience: time.Minute, Lookup: lookup,
		first: time.Nanosecond,
	}
	c.Jobs = len(c.Properties)
	list = shown(ctx, c)
	last = s.Status()
	return list, last, s.Close(context.WithoutCancel(ctx), ctx.Err() == nil)
}

// submitterMain is a process that submits an order, with a server and workers of its own, and prints what it shows.
func submitterMain(ctx context.Context, text1 string) error {
	var o order
	if err := json.Unmarshal([]byte(text1), &o); err != nil {
		return err
	}
	if err := ownDisk(o.Folder); err != nil {
		return fmt.Errorf("a disk of its own: %w", err)
	}
	e, err := Embed(o.Folder, func(text string) { fmt.Fprintln(os.Stderr, text) })
	if err != nil {
		return err
	}
	defer e.Close()
	conn, err := Connect(ctx, e.Server(), "submitter")
	if err != nil {
		return err
	}
	defer conn.Close()
	for range o.Workers {
		cmd := exec.Command(os.Args[0], e.Server().URL, build)
		cmd.Env = append(os.Environ(), roleVariable+"=worker")
		cmd.Stderr = os.Stderr
		if _, err := cmd.StdinPipe(); err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		defer func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() }()
	}
	list, _, err := o.submit(ctx, conn, func(text string) { fmt.Fprintln(os.Stderr, text) })
	fmt.Print(text(list))
	return err
}

// program is another process of a test.
type program struct {
	*exec.Cmd
	out, err *output
	ended    chan struct{} // closed when it has
}

// output is what a program writes, while it does.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// start starts a process in a role. It is killed when the test ends.
func start(t testing.TB, role string, environment []string, args ...string) *program {
	t.Helper()
	return startWith(t, func(*exec.Cmd) {}, role, environment, args...)
}

// startWith starts one that is given something else, too.
func startWith(t testing.TB, give func(*exec.Cmd), role string, environment []string, args ...string) *program {
	t.Helper()
	p := &program{Cmd: exec.Command(os.Args[0], args...), out: &output{}, err: &output{}, ended: make(chan struct{})}
	p.Env = append(append(os.Environ(), roleVariable+"="+role), environment...)
	p.Stdout, p.Stderr = p.out, p.err
	give(p.Cmd)
	if _, err := p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.Wait() // the test asks how
		close(p.ended)
	}()
	t.Cleanup(func() { p.kill() })
	return p
}

// kill ends a process as a crash does, and waits until it has.
func (p *program) kill() {
	_ = p.Process.Kill()
	<-p.ended
}

// worker starts a worker that asks the gate.
func worker(t *testing.T, url string, g *gate) *program {
	t.Helper()
	return start(t, "worker", []string{gateVariable + "=" + g.path}, url, build)
}

// port is one that was free just now.
func port(t testing.TB) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, p, err := net.SplitHostPort(l.Addr().String())
		l.Close()
		if err != nil {
			t.Fatal(err)
		}
		if _, before := ports.LoadOrStore(p, true); !before {
			return p
		}
	}
}

// ports are those that this process has drawn: the system gives one again on which nobody listens yet.
var ports sync.Map

// embedded is a server inside the test, and a connection to it.
func embedded(t *testing.T) (*Embedded, *Conn) {
	t.Helper()
	e, err := Embed(t.TempDir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e, connect(t, e.Server().URL)
}

// connect connects to a server, as soon as it answers.
func connect(t testing.TB, url string) *Conn {
	t.Helper()
	var conn *Conn
	if err := patiently(t.Context(), func(error) {}, func(ctx context.Context) (err error) {
		conn, err = Connect(ctx, Server{URL: url}, "test")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// submission is an order that is under way.
type submission struct {
	list []campaign.Outcome
	last Status
	err  error
	said output
	done chan struct{}
}

// begin submits an order.
func (o *order) begin(t *testing.T, conn *Conn) *submission {
	t.Helper()
	s := &submission{done: make(chan struct{})}
	go func() {
		defer close(s.done)
		s.list, s.last, s.err = o.submit(t.Context(), conn, func(text string) { fmt.Fprintln(&s.said, text) })
	}()
	return s
}

// equals waits for its end, and compares what it shows with one machine's.
func (s *submission) equals(t *testing.T, o order) {
	t.Helper()
	<-s.done
	if s.err != nil {
		t.Fatal(s.err)
	}
	o.Corpus = t.TempDir()
	compare(t, text(shown(t.Context(), o.campaign())), text(s.list))
	if t.Failed() {
		t.Logf("it said:\n%s", s.said.String())
	}
}
