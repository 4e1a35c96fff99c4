package farm

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Server says which server to use, and who one is to it.
type Server struct {
	// URL is one address or several of a cluster, separated by commas: nats://HOST:PORT or tls://HOST:PORT. After an @ it is a file
	// that has them, so that a password is not seen in a list of processes.
	URL         string
	Credentials string // file of a user's JWT and seed
	NKey        string // file of a user's seed
	CA          string // file of the certificates of who has signed the server's, in PEM
	Certificate string // file of one's own certificate, in PEM
	Key         string // file of its key
}

// callTime bounds one call of the server.
const callTime = 5 * time.Second

// reconnectTime is how long after a lost connection a new one is tried, again and again.
const reconnectTime = 250 * time.Millisecond

// Conn is a connection to a server with JetStream.
type Conn struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	where  string // the addresses, without passwords
	mu     sync.Mutex
	denied error // the last error that came beside a call: what was not permitted
}

// addresses are the addresses that s.URL stands for.
func (s *Server) addresses() (string, error) {
	file, ok := strings.CutPrefix(s.URL, "@")
	if !ok {
		return s.URL, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("the server's address cannot be read: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// Connect connects to a server, and makes sure that it has JetStream. The name is what the server's tools show.
func Connect(ctx context.Context, s Server, name string) (*Conn, error) {
	urls, err := s.addresses()
	if err != nil {
		return nil, err
	}
	c := &Conn{}
	if c.where, err = redacted(urls); err != nil {
		return nil, err
	}
	options := []nats.Option{
		nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectTime), nats.Timeout(callTime),
		// What cannot be sent fails at once: sent later, it would come when nobody waits for it.
		nats.ReconnectBufSize(-1),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.denied = err
		}),
	}
	if s.Credentials != "" {
		options = append(options, nats.UserCredentials(s.Credentials))
	}
	if s.NKey != "" {
		key, err := nats.NkeyOptionFromSeed(s.NKey)
		if err != nil {
			return nil, fmt.Errorf("the seed in %s cannot be used: %w", s.NKey, err)
		}
		options = append(options, key)
	}
	if s.CA != "" {
		options = append(options, nats.RootCAs(s.CA))
	}
	if s.Certificate != "" {
		options = append(options, nats.ClientCert(s.Certificate, s.Key))
	}
	if c.nc, err = nats.Connect(urls, options...); err != nil {
		return nil, c.explain(err)
	}
	if c.js, err = jetstream.New(c.nc, jetstream.WithDefaultTimeout(callTime)); err == nil {
		_, err = c.js.AccountInfo(ctx)
	}
	if err != nil {
		c.nc.Close()
		return nil, c.explain(err)
	}
	return c, nil
}

// Close ends the connection.
func (c *Conn) Close() { c.nc.Close() }

// redacted are addresses without passwords.
func redacted(urls string) (string, error) {
	var list []string
	for text := range strings.SplitSeq(urls, ",") {
		text = strings.TrimSpace(text)
		if !strings.Contains(text, "://") {
			text = "nats://" + text
		}
		u, err := url.Parse(text)
		if err != nil {
			var wrong *url.Error
			if errors.As(err, &wrong) {
				err = wrong.Err // its text has the address, and a password that may be in it
			}
			return "", fmt.Errorf("the server's address must be such as nats://host:4222: %w", err)
		}
		if u.Host == "" {
			return "", errors.New("the server's address must be such as nats://host:4222")
		}
		u.User = nil
		list = append(list, u.String())
	}
	return strings.Join(list, ","), nil
}

// Codes of the server's errors that the client has no names for.
const (
	codeMemory   jetstream.ErrorCode = 10028 // insufficient memory
	codeNoSpace  jetstream.ErrorCode = 10023 // insufficient resources
	codeStorage  jetstream.ErrorCode = 10047 // insufficient storage
	codeLimit    jetstream.ErrorCode = 10002 // resource limits of the account
	codeReplicas jetstream.ErrorCode = 10074 // more replicas than servers
	codePeers    jetstream.ErrorCode = 10005 // no suitable peers
	codeOverlap  jetstream.ErrorCode = 10065 // subjects of another stream
	codeStore    jetstream.ErrorCode = 10077 // the message cannot be stored
)

// code is the code of a server's error; 0 if err is none.
func code(err error) jetstream.ErrorCode {
	var e *jetstream.APIError
	if errors.As(err, &e) {
		return e.ErrorCode
	}
	return 0
}

// queued reports whether a task was not stored because it is in the queue already.
func queued(err error) bool {
	return code(err) == codeStore && strings.Contains(err.Error(), "per subject")
}

// full reports whether the server has no room.
func full(err error) bool {
	switch code(err) {
	case codeMemory, codeNoSpace, codeStorage, codeLimit, codeStore:
		return !queued(err)
	}
	return false
}

// gone reports whether what was asked about is not on the server.
func gone(err error) bool {
	return errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound)
}

// Away reports whether an error of this package says that no server answers, which may pass.
func Away(err error) bool {
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrNoResponders) || errors.Is(err, context.DeadlineExceeded) || temporary(err)
}

// explain says in one line what is wrong, and what to do.
func (c *Conn) explain(err error) error {
	at := "the server at " + c.where
	c.mu.Lock()
	denied := c.denied
	c.mu.Unlock()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || strings.Contains(err.Error(), "authentication error"):
		return fmt.Errorf("%s refuses these credentials (%w); give its user and password in --server, or a file with --creds or --nkey", at, err)
	case errors.Is(err, nats.ErrNoServers):
		return fmt.Errorf("nobody answers at %s (%w); start nats-server there with --jetstream, or name another one with --server", c.where, err)
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return fmt.Errorf("%s has no JetStream for this user (%w); start it with --jetstream", at, err)
	case errors.Is(err, context.DeadlineExceeded) && errors.Is(denied, nats.ErrPermissionViolation):
		return fmt.Errorf("%s does not permit what the farm needs (%w); docs/farm.md lists the subjects", at, denied)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s does not answer (%w); a server whose disk was full keeps nothing until it is started again", at, err)
	case full(err):
		return fmt.Errorf("%s has too little space (%w); give its JetStream more, or remove streams that nobody needs", at, err)
	case code(err) == codeReplicas, code(err) == codePeers:
		return fmt.Errorf("%s cannot keep so many copies (%w); name fewer with --replicas", at, err)
	case errors.Is(err, jetstream.ErrBucketExists):
		return fmt.Errorf("%s has a bucket of the campaign's name that is not of it (%w); remove it with nats stream rm, if nobody needs it", at, err)
	case code(err) == codeOverlap:
		return fmt.Errorf("%s has a stream that takes the farm's subjects (%w); remove it, or use another account", at, err)
	}
	return fmt.Errorf("%s: %w", at, err)
}
