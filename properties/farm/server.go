package farm

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"synchrony/properties/isolate/process"
)

// startTime is how long an embedded server may take until it answers.
const startTime = 30 * time.Second

// syncInterval is how often an embedded server makes sure that what it holds is on the disk.
const syncInterval = time.Second

// Files of a state folder, beside the server's own.
const (
	lockFile    = "lock"    // held by the process whose server uses the folder
	addressFile = "address" // of the server, with its password: for workers on this machine
)

// How often an embedded server is looked after, and for how long it has kept messages when all is well again: one that is started again
// while its disk is full stops with the first message.
const (
	careInterval = 2 * time.Second
	wellTime     = 10 * time.Second
)

// storeSize is how many bytes a server may store: all that there is room for. Left to itself, a server takes a share of what is free when it is
// started, for good.
const storeSize = 1 << 50

// leastRoom is how many bytes of a disk must be free before a server that could not write is started again.
const leastRoom = 1 << 20

// Embedded is a server inside this process, for this machine alone. Its user has a random password. When its disk is full it stops to keep
// messages, for good: it is then started again on its folder, until it can.
type Embedded struct {
	options server.Options
	lock    *os.File
	trouble teller
	closing chan struct{} // closed when it is to end
	kept    chan struct{} // closed when nobody looks after it any more; server is Close's from then on
	server  *server.Server
	log     *serverLog // of that server
	down    bool       // it was stopped, and is to be started again
}

// Embed starts a server that keeps what it holds in a folder, which is made if need be. Two servers never use one folder. What is wrong with it
// later is told in a line.
func Embed(folder string, tell func(string)) (*Embedded, error) {
	e, err := embed(folder, tell)
	if err != nil {
		return nil, fmt.Errorf("the farm's server cannot be started in %s: %w", folder, err)
	}
	go e.keep()
	return e, nil
}

func embed(folder string, tell func(string)) (*Embedded, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	e := &Embedded{
		lock: lock, trouble: teller{tell: tell}, closing: make(chan struct{}), kept: make(chan struct{}),
		options: server.Options{
			ServerName: "verify", Host: "127.0.0.1", Port: server.RANDOM_PORT, Username: user, Password: rand.Text(),
			JetStream: true, JetStreamMaxStore: storeSize, StoreDir: folder, SyncInterval: syncInterval, NoSigs: true, NoLog: true,
		},
	}
	if err := e.start(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	address, err := url.Parse(e.server.ClientURL())
	if err == nil {
		e.options.Port, err = strconv.Atoi(address.Port()) // its port for good: clients come back to it
	}
	if err == nil {
		address.User = url.UserPassword(user, e.options.Password)
		err = os.WriteFile(e.address(), []byte(address.String()+"\n"), 0o600)
	}
	if err != nil {
		e.end()
		return nil, err
	}
	return e, nil
}

// start starts the server, and waits until it answers.
func (e *Embedded) start() error {
	log := &serverLog{}
	options := e.options // the server changes its own
	s, err := server.NewServer(&options)
	if err != nil {
		return err
	}
	e.server, e.log = s, log
	e.server.SetLoggerV2(log, false, false, false)
	go e.server.Start()
	if !e.server.ReadyForConnections(startTime) {
		e.stop()
		return log.why()
	}
	return nil
}

// stop ends the server.
func (e *Embedded) stop() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
}

// keep looks after the server until it is to end.
func (e *Embedded) keep() {
	defer close(e.kept)
	for began := time.Now(); ; {
		select {
		case <-e.closing:
			return
		case <-time.After(careInterval):
		}
		wrong := e.log.unwritten()
		switch {
		case e.down:
			e.again()
			began = time.Now()
		case wrong != "" || !e.server.JetStreamEnabled():
			e.trouble.trouble(fmt.Sprintf("the farm's server cannot write in %s (%s); the campaign waits, and goes on when it can: make room on that disk",
				e.options.StoreDir, cmp.Or(wrong, "it has turned JetStream off")))
			e.stop()
			e.down = true
			e.again()
			began = time.Now()
		case time.Since(began) > wellTime:
			e.trouble.trouble("")
		}
	}
}

// again starts a server that is down, if there is room: with less, it would be down with the next message.
func (e *Embedded) again() {
	if freeBytes(e.options.StoreDir) < leastRoom {
		return
	}
	if err := e.start(); err != nil {
		e.trouble.trouble(fmt.Sprintf("the farm's server cannot be started again in %s: %v", e.options.StoreDir, err))
		return
	}
	e.down = false
}

// user is the name that an embedded server knows.
const user = "verify"

// address is the file with the server's address.
func (e *Embedded) address() string { return filepath.Join(e.options.StoreDir, addressFile) }

// Server says how to connect.
func (e *Embedded) Server() Server { return Server{URL: "@" + e.address()} }

// Close ends the server; what it holds stays in its folder.
func (e *Embedded) Close() {
	close(e.closing)
	<-e.kept
	e.end()
}

func (e *Embedded) end() {
	e.stop()
	_ = os.Remove(e.address()) // of a server that is no more
	_ = e.lock.Close()
}

// Remove ends the server, and removes its folder with all that it holds.
func (e *Embedded) Remove() error {
	e.Close()
	return os.RemoveAll(e.options.StoreDir)
}

// lockFolder makes sure that no other process uses a folder: two servers on one lose what they have promised to keep.
func lockFolder(folder string) (*os.File, error) {
	f, err := process.Lock(filepath.Join(folder, lockFile))
	if errors.Is(err, process.ErrLocked) {
		return nil, errors.New("another verify farm uses it; wait for that one, or name another folder with --state")
	}
	return f, err
}

// freeBytes is how many bytes of a folder's disk are free; 0 if nobody can say.
func freeBytes(folder string) uint64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0
	}
	return s.Bavail * uint64(s.Bsize)
}

// serverLog keeps the first error that a server tells of: it returns none when it does not start, nor when it cannot write. It implements
// server.Logger.
type serverLog struct {
	mu      sync.Mutex
	said    string
	unwrote string // the first error of a write: the stream whose message it was keeps nothing until the server is started again
}

func (l *serverLog) why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.said == "" {
		return fmt.Errorf("it does not answer within %v", startTime)
	}
	return errors.New(l.said)
}

// unwritten is why the server could not write; empty if it could.
func (l *serverLog) unwritten() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unwrote
}

// Fatalf keeps what ends the server.
func (l *serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

// Errorf keeps what goes wrong.
func (l *serverLog) Errorf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := fmt.Sprintf(format, v...)
	l.said = cmp.Or(l.said, text)
	if strings.Contains(text, "Critical write error") || strings.Contains(text, syscall.ENOSPC.Error()) {
		l.unwrote = cmp.Or(l.unwrote, text)
	}
}

// Noticef drops what is in order.
func (l *serverLog) Noticef(string, ...any) {}

// Warnf drops what may be in order.
func (l *serverLog) Warnf(string, ...any) {}

// Debugf drops what is for the server's authors.
func (l *serverLog) Debugf(string, ...any) {}

// Tracef drops what is for the server's authors.
func (l *serverLog) Tracef(string, ...any) {}
