package farm

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
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

// Embedded is a server inside this process, for this machine alone. Its user has a random password.
type Embedded struct {
	server *server.Server
	lock   *os.File
	folder string
}

// Embed starts a server that keeps what it holds in a folder, which is made if need be. Two servers never use one folder.
func Embed(folder string) (*Embedded, error) {
	e, err := embed(folder)
	if err != nil {
		return nil, fmt.Errorf("the farm's server cannot be started in %s: %w", folder, err)
	}
	return e, nil
}

func embed(folder string) (*Embedded, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	e := &Embedded{lock: lock, folder: folder}
	var log startLog
	password := rand.Text()
	e.server, err = server.NewServer(&server.Options{
		ServerName: "verify", Host: "127.0.0.1", Port: -1, Username: user, Password: password,
		JetStream: true, StoreDir: folder, SyncInterval: syncInterval, NoSigs: true, NoLog: true,
	})
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	e.server.SetLoggerV2(&log, false, false, false)
	go e.server.Start()
	if !e.server.ReadyForConnections(startTime) {
		e.Close()
		return nil, log.why()
	}
	address, err := url.Parse(e.server.ClientURL())
	if err == nil {
		address.User = url.UserPassword(user, password)
		err = os.WriteFile(e.address(), []byte(address.String()+"\n"), 0o600)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// user is the name that an embedded server knows.
const user = "verify"

// address is the file with the server's address.
func (e *Embedded) address() string { return filepath.Join(e.folder, addressFile) }

// Server says how to connect.
func (e *Embedded) Server() Server { return Server{URL: "@" + e.address()} }

// Close ends the server; what it holds stays in its folder.
func (e *Embedded) Close() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
	_ = os.Remove(e.address()) // of a server that is no more
	_ = e.lock.Close()
}

// Remove ends the server, and removes its folder with all that it holds.
func (e *Embedded) Remove() error {
	e.Close()
	return os.RemoveAll(e.folder)
}

// lockFolder makes sure that no other process uses a folder: two servers on one lose what they have promised to keep. The lock ends
// with the process, however that ends.
func lockFolder(folder string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(folder, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.New("another verify farm uses it; wait for that one, or name another folder with --state")
		}
		return nil, err
	}
	return f, nil
}

// startLog keeps what a server says when it does not start: it returns no error. It implements server.Logger.
type startLog struct {
	mu   sync.Mutex
	said string
}

func (l *startLog) why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.said == "" {
		return fmt.Errorf("it does not answer within %v", startTime)
	}
	return errors.New(l.said)
}

func (l *startLog) keep(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.said == "" {
		l.said = fmt.Sprintf(format, v...)
	}
}

// Fatalf keeps what ends the server.
func (l *startLog) Fatalf(format string, v ...any) { l.keep(format, v...) }

// Errorf keeps what goes wrong.
func (l *startLog) Errorf(format string, v ...any) { l.keep(format, v...) }

// Noticef drops what is in order.
func (l *startLog) Noticef(string, ...any) {}

// Warnf drops what may be in order.
func (l *startLog) Warnf(string, ...any) {}

// Debugf drops what is for the server's authors.
func (l *startLog) Debugf(string, ...any) {}

// Tracef drops what is for the server's authors.
func (l *startLog) Tracef(string, ...any) {}
