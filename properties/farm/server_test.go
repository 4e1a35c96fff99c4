package farm

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

// serve starts a server on a port, with what it has kept in a folder.
func serve(t testing.TB, port, folder string, cluster ...string) *program {
	t.Helper()
	return start(t, "server", nil, append([]string{port, folder}, cluster...)...)
}

// TestServerKilled: a server that is killed and started on its folder again has lost nothing that it has promised to keep; workers and submitter
// wait for it.
func TestServerKilled(t *testing.T) {
	at, folder := port(t), t.TempDir()
	s := serve(t, at, folder)
	url := "nats://127.0.0.1:" + at
	g := newGate(t, nil)
	seen := 0
	g.hold = func(passage) bool { seen++; return seen == 6 }
	o := sixteen(t)
	run := o.begin(t, connect(t, url))
	worker(t, url, g)
	p := <-g.held
	s.kill()
	p.release()
	serve(t, at, folder)
	run.equals(t, o)
	if n := g.total(); n > 17 { // a task that was held may be done again
		t.Errorf("%d runs of 16 numbers: what was answered was run again", n)
	}
}

// TestSubmitterKilled: a submitter that is killed, with its server, leaves no workers behind; the same one goes on where it was.
func TestSubmitterKilled(t *testing.T) {
	g := newGate(t, nil)
	seen := 0
	g.hold = func(passage) bool { seen++; return seen == 9 }
	o := sixteen(t)
	o.Folder, o.Workers = t.TempDir(), 1
	order, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	environment := []string{gateVariable + "=" + g.path}
	a := start(t, "submitter", environment, string(order))
	p := <-g.held
	a.kill() // it returns when its worker has ended, too, which writes where it does
	p.release()
	b := start(t, "submitter", environment, string(order))
	<-b.ended
	if !b.ProcessState.Success() {
		t.Fatalf("%v: %s", b.ProcessState, b.err)
	}
	reference := sixteen(t)
	compare(t, text(shown(t.Context(), reference.campaign())), b.out.String())
	if n := g.total(); n != 17 {
		t.Errorf("%d runs of 16 numbers, of which one was interrupted", n)
	}
}

// proxy forwards connections to a server, until the network is cut, or loses all packets.
type proxy struct {
	url string
	to  string

	lost sync.RWMutex // for writing while packets are lost

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	p := &proxy{url: "nats://" + l.Addr().String(), to: to}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.forward(c)
		}
	}()
	return p
}

func (p *proxy) forward(c net.Conn) {
	p.mu.Lock()
	server, err := net.Dial("tcp", p.to)
	if p.cut || err != nil {
		p.mu.Unlock()
		_ = c.Close()
		return
	}
	p.conns = append(p.conns, c, server)
	p.mu.Unlock()
	go p.copy(server, c)
	p.copy(c, server)
}

// copy forwards what comes from one side to the other. What comes while packets are lost is sent again and again, as TCP does, and arrives when they are not any more.
func (p *proxy) copy(to, from net.Conn) {
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		p.lost.RLock()
		_, failed := to.Write(b[:n])
		p.lost.RUnlock()
		if err != nil || failed != nil {
			_ = to.Close()
			return
		}
	}
}

// set cuts the network, or mends it.
func (p *proxy) set(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	if cut {
		for _, c := range p.conns {
			_ = c.Close()
		}
		p.conns = nil
	}
}

// TestNetworkCut: the task of a worker that is cut off goes to another one; when it is connected again, it goes on working.
func TestNetworkCut(t *testing.T) {
	cutOff(t, func(p *proxy) { p.set(true) }, func(p *proxy) { p.set(false) })
}

// TestPacketsLost: so does that of a worker whose packets are lost for longer than a lease, while its connection is not ended.
func TestPacketsLost(t *testing.T) {
	cutOff(t, func(p *proxy) { p.lost.Lock() }, func(p *proxy) { p.lost.Unlock() })
}

// cutOff cuts a worker off from the server, until another one has done all but the last task.
func cutOff(t *testing.T, begin, end func(*proxy)) {
	t.Helper()
	at := port(t)
	serve(t, at, t.TempDir())
	conn := connect(t, "nats://127.0.0.1:"+at)
	cut := newProxy(t, "127.0.0.1:"+at)
	g := newGate(t, nil)
	away, seen := 0, 0
	g.hold = func(p passage) bool {
		seen++
		if seen == 1 {
			away = p.worker
		}
		return seen == 1 || p.worker == away || seen == 17
	}
	o := sixteen(t)
	run := o.begin(t, conn)
	worker(t, cut.url, g)
	p := <-g.held
	begin(cut)
	p.release() // it has its answer, and cannot give it
	worker(t, "nats://127.0.0.1:"+at, g)
	last := <-g.held // the other one has done all but the last, the task of the first one among them
	g.open()
	end(cut)
	last.release()
	run.equals(t, o)
	if n := g.total(); n != 17 {
		t.Errorf("%d runs of 16 numbers, want one more", n)
	}
}

// TestCluster: a campaign with three copies in a cluster of three outlives one server, waits when two are gone, and goes on with two.
func TestCluster(t *testing.T) {
	var clients, routes []string
	for range 3 {
		clients, routes = append(clients, port(t)), append(routes, port(t))
	}
	folders := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	all := "nats://127.0.0.1:" + strings.Join(routes, ",nats://127.0.0.1:")
	var servers []*program
	for i := range 3 {
		servers = append(servers, serve(t, clients[i], folders[i], routes[i], all))
	}
	url := "nats://127.0.0.1:" + strings.Join(clients, ",nats://127.0.0.1:")
	conn := connect(t, url)
	g := newGate(t, nil)
	seen := 0
	g.hold = func(passage) bool { seen++; return seen == 3 || seen == 6 }
	o := sixteen(t)
	o.Replicas = 3
	run := o.begin(t, conn)
	worker(t, url, g)
	one := <-g.held
	servers[0].kill()
	one.release()
	two := <-g.held
	servers[1].kill()
	two.release()
	serve(t, clients[0], folders[0], routes[0], all)
	run.equals(t, o)
}

// TestRefused: what cannot be used is refused in one line, and nothing is left behind.
func TestRefused(t *testing.T) {
	at, plain := port(t), port(t)
	serve(t, at, t.TempDir())
	serve(t, plain, "")
	conn := connect(t, "nats://127.0.0.1:"+at)
	foreign := order{IDs: []string{"pass"}, Cases: 3}
	if _, err := conn.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: prefix + foreign.identity().Name(), Subjects: []string{"orders.>"}}); err != nil {
		t.Fatal(err)
	}
	before := standing(t, conn)
	e, _ := embedded(t)
	address, err := os.ReadFile(filepath.Join(e.options.StoreDir, addressFile))
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(strings.TrimSpace(string(address)), "verify:", "verify:x", 1)
	for name, c := range map[string]struct {
		server Server
		order  order
		limits Limits
		want   string
	}{
		"nobody there":       {Server{URL: "nats://127.0.0.1:1"}, foreign, Limits{}, "nobody answers at nats://127.0.0.1:1 (nats: no servers available for connection); start nats-server there with --jetstream"},
		"wrong credentials":  {Server{URL: wrong}, foreign, Limits{}, "refuses these credentials (nats: Authorization Violation); give its user and password in --server"},
		"no JetStream":       {Server{URL: "nats://127.0.0.1:" + plain}, foreign, Limits{}, "has no JetStream for this user"},
		"a foreign stream":   {Server{URL: "nats://127.0.0.1:" + at}, foreign, Limits{}, "stands in the way: it was not made by verify farm; remove it with nats stream rm"},
		"too many copies":    {Server{URL: "nats://127.0.0.1:" + at}, order{IDs: []string{"pass"}, Cases: 4}, Limits{Replicas: 3}, "cannot keep so many copies"},
		"not an address":     {Server{URL: "nats://user:secret@[::1"}, foreign, Limits{}, "the server's address must be such as nats://host:4222: missing ']' in host"},
		"no address file":    {Server{URL: "@" + t.TempDir() + "/none"}, foreign, Limits{}, "the server's address cannot be read: open "},
		"no credential file": {Server{URL: "nats://127.0.0.1:" + at, NKey: t.TempDir() + "/none"}, foreign, Limits{}, "the seed in "},
	} {
		conn, err := Connect(t.Context(), c.server, "test")
		if err == nil {
			_, err = Submit(t.Context(), conn, c.order.identity(), c.limits, func(string) {})
			conn.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want one line with %q", name, err, c.want)
		}
	}
	if after := standing(t, conn); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("left on the server: %q, before %q", after, before)
	}
}

// TestOtherBuild: a worker of another build than the campaign's leaves at once, and says which is needed.
func TestOtherBuild(t *testing.T) {
	e, conn := embedded(t)
	o := sixteen(t)
	st, err := conn.makeStore(t.Context(), o.identity(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, "worker", nil, e.Server().URL, "another")
	<-w.ended
	want := "campaign VERIFY_" + st.id + " is of another build of verify (" + build + "; this is another)"
	if w.ProcessState.ExitCode() != 2 || !strings.Contains(w.err.String(), want) || strings.Count(w.err.String(), "\n") != 1 {
		t.Errorf("%v: %q, want exit status 2 and one line with %q", w.ProcessState, w.err, want)
	}
}

// TestFolderInUse: two servers never use one folder.
func TestFolderInUse(t *testing.T) {
	folder := t.TempDir()
	e, err := Embed(folder, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Embed(folder, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "another verify farm uses it") {
		t.Errorf("the error is %v", err)
	}
	if info, err := os.Stat(filepath.Join(folder, addressFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file with the password: %v, %v", info, err)
	}
	if err := e.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder stays: %v", err)
	}
}

// TestLargeAnswers: what is too large for a message goes as an object.
func TestLargeAnswers(t *testing.T) {
	_, conn := embedded(t)
	o := sixteen(t)
	st, err := conn.makeStore(t.Context(), o.identity(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{10, 3 << 20} {
		content := []byte(`"` + strings.Repeat("x", size) + `"`)
		message, err := st.pack(t.Context(), conn.nc.MaxPayload(), content)
		if err != nil {
			t.Fatal(err)
		}
		back, err := st.unpack(t.Context(), message)
		if err != nil || string(back) != string(content) || int64(len(message)) > conn.nc.MaxPayload() {
			t.Errorf("%d bytes: a message of %d, and %d back (%v)", size, len(message), len(back), err)
		}
	}
}
