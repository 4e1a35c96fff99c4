// Package realtime has tests with real connections, files and certificates, whose time is not the virtual one. The comment of each test says
// what must come of it: pass, failed, or inconclusive, which a test is whose failure may be due to that.
package realtime

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// pair is the two ends of a connection on the loopback interface.
func pair(t *testing.T) (client, server net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// exchange writes a byte to one end, and reads it from the other.
func exchange(t *testing.T, from io.Writer, to io.Reader) byte {
	var b [1]byte
	if _, err := from.Write([]byte{7}); err != nil {
		t.Fatal(err)
	}
	if _, err := to.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	return b[0]
}

// TestEcho: pass
func TestEcho(t *testing.T) {
	client, server := pair(t)
	_ = client.SetWriteDeadline(time.Now().Add(time.Minute))
	set := server.SetReadDeadline
	_ = set(time.Now().Add(time.Minute))
	if exchange(t, client, server) != 7 {
		t.Error("another byte")
	}
}

// counted is a connection that embeds another.
type counted struct {
	net.Conn
	n int
}

func (c *counted) Write(p []byte) (int, error) {
	c.n += len(p)
	return c.Conn.Write(p)
}

// TestEmbedded: pass
func TestEmbedded(t *testing.T) {
	client, server := pair(t)
	var from net.Conn = &counted{Conn: client}
	_ = from.SetDeadline(time.Now().Add(time.Minute))
	_ = counted{Conn: server}.SetDeadline(time.Now().Add(time.Minute))
	exchange(t, from, server)
}

// own is a connection that keeps the time by itself.
type own struct {
	net.Conn
	until time.Time
}

func (o *own) SetReadDeadline(t time.Time) error {
	o.until = t
	return nil
}

// TestOwn: pass
func TestOwn(t *testing.T) {
	o := &own{}
	var c interface{ SetReadDeadline(time.Time) error } = o
	_ = c.SetReadDeadline(time.Now().Add(time.Second))
	if left := time.Until(o.until); left > time.Second || left < time.Second/2 {
		t.Errorf("%v are left of a second", left)
	}
}

// TestPast: failed
func TestPast(t *testing.T) {
	client, server := pair(t)
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			old := n
			mu.Unlock()
			mu.Lock()
			n = old + 1
			mu.Unlock()
		})
	}
	wg.Wait()
	_ = server.SetReadDeadline(time.Now().Add(-time.Second))
	if _, err := server.Read(make([]byte, 1)); err == nil {
		t.Error("the time is over, and something is read")
	}
	_ = client.SetDeadline(time.Time{})
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}

// TestLost: failed
func TestLost(t *testing.T) {
	client, server := pair(t)
	_ = client.SetDeadline(time.Now().Add(time.Minute))
	_ = server.SetDeadline(time.Now().Add(time.Minute))
	var mu sync.Mutex
	var n byte
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			old := n
			mu.Unlock()
			got := exchange(t, client, server)
			mu.Lock()
			n = old + got
			mu.Unlock()
		})
	}
	wg.Wait()
	if n != 14 {
		t.Errorf("%d, want 14", n)
	}
}

// TestKept: pass
func TestKept(t *testing.T) {
	client, server := pair(t)
	_ = client.SetDeadline(time.Now().Add(time.Minute))
	_ = server.SetDeadline(time.Now().Add(time.Minute))
	var mu sync.Mutex
	var n byte
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			n += exchange(t, client, server)
		})
	}
	wg.Wait()
	if n != 14 {
		t.Errorf("%d, want 14", n)
	}
}

// TestStarved: inconclusive
func TestStarved(t *testing.T) {
	client, server := pair(t)
	_ = server.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	go client.Write([]byte{7})
	if _, err := server.Read(make([]byte, 1)); err != nil {
		t.Error("nothing is read")
	}
}

// TestTimeout: inconclusive
func TestTimeout(t *testing.T) {
	client, _ := pair(t)
	moment := time.Unix(1, 0)
	_ = client.SetReadDeadline(moment)
	if _, err := client.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
}

// TestHandler: inconclusive
func TestHandler(t *testing.T) {
	done := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		time.Sleep(50 * time.Millisecond)
		close(done)
	}))
	defer s.Close()
	if r, err := http.Get(s.URL); err == nil {
		defer r.Body.Close()
	}
	select {
	case <-done:
		return
	case <-time.After(5 * time.Second):
	}
	t.Error("it was not handled")
}

// TestDialer: pass
func TestDialer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	later := &net.Dialer{}
	later.Deadline = time.Now().Add(time.Minute)
	for _, d := range []*net.Dialer{{Deadline: time.Now().Add(time.Minute)}, later} {
		c, err := d.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
}

// TestContext: pass
func TestContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	type key struct{}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ctx = context.WithValue(ctx, key{}, 1)
	c, err := new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if at, ok := ctx.Deadline(); !ok || time.Until(at) > time.Minute || time.Until(at) < time.Minute/2 {
		t.Errorf("%v are left of a minute", time.Until(at))
	}
}

// native is a context of the real clock: it was made before any run.
var native, _ = context.WithTimeout(context.Background(), time.Hour)

// TestNativeContext: pass
func TestNativeContext(t *testing.T) {
	if at, ok := native.Deadline(); !ok || time.Until(at) > 2*time.Hour || time.Until(at) < 0 {
		t.Errorf("%v are left of an hour", time.Until(at))
	}
	ctx, cancel := context.WithTimeout(native, time.Second)
	defer cancel()
	<-ctx.Done()
}

// TestPipe: pass
func TestPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	_ = r.SetReadDeadline(time.Now().Add(time.Minute))
	exchange(t, w, r)
}

// TestFresh: inconclusive
func TestFresh(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(info.ModTime()); age > time.Minute || age < -time.Minute {
		t.Errorf("it is %v old", age)
	}
}

// TestCertificate: inconclusive
func TestCertificate(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Minute), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(c)
	if _, err := c.Verify(x509.VerifyOptions{Roots: roots}); err != nil {
		t.Error("it is not valid")
	}
}
