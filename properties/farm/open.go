package farm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Identity is what tells a campaign from all others on a server: the same one, submitted again, goes on where it was.
type Identity struct {
	Build   string // of the program; workers must be of the same
	Command string // the line that repeats the campaign, and all else that its answers depend on
	// Requests says what its tasks are; nil if they test properties or explore cases.
	Requests *Requests
}

// Name is a short name of the campaign, for files and the server.
func (i Identity) Name() string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(format+"\x00"+i.Build+"\x00"+i.Command+"\x00"+i.Requests.text())))[:12]
}

// format is the version of what the messages say. It rises with each change.
const format = "2"

// What streams say of themselves.
const (
	metaFormat  = "verify-format"
	metaBuild   = "verify-build"
	metaCommand = "verify-command"
	metaRequest = "verify-requests"
)

func (i Identity) metadata() map[string]string {
	meta := map[string]string{metaFormat: format, metaBuild: i.Build, metaCommand: i.Command}
	if text := i.Requests.text(); text != "" {
		meta[metaRequest] = text
	}
	return meta
}

// difference says in what a stream is not of this campaign; empty if it is.
func (i Identity) difference(found map[string]string) string {
	for key, want := range i.metadata() {
		if found[key] == want {
			continue
		}
		if found[metaFormat] == "" {
			return "it was not made by verify farm"
		}
		return "it is of another campaign: " + found[metaCommand]
	}
	return ""
}

// Names on the server. Of a campaign there are a stream of work, a key-value bucket with the answers, and an object bucket with what is too large for messages;
// all have the same name.
const (
	prefix   = "VERIFY_"
	consumer = "workers"
)

func workSubject(id string) string { return "verify." + id + ".work." }

func liveSubject(id string) string { return "verify." + id + ".live" }

// Limits of a campaign on the server.
type Limits struct {
	Replicas int // of each stream, in a cluster; 0 is 1
	// Lease is how long a worker may be silent before its task goes to another one; 0 is [DefaultLease].
	Lease time.Duration
}

// DefaultLease is the lease that a campaign has unless it is told otherwise.
const DefaultLease = 15 * time.Second

// Deliveries is how many workers a task is given to, if those before end or fall silent.
const Deliveries = 3

// maxBusy is how many workers can be busy with one campaign.
const maxBusy = 10_000

// maxAge is how long a campaign that nobody takes up again stays on a server.
const maxAge = 30 * 24 * time.Hour

// store is a campaign's part of a server, for who submits and for workers.
type store struct {
	id       string
	requests *Requests // nil if the tasks are no requests
	work     jetstream.Stream
	tasks    jetstream.Consumer
	results  jetstream.KeyValue
	kept     jetstream.Stream // which holds the results
	objects  jetstream.ObjectStore
	lease    time.Duration
}

// openStore finds a campaign's part of the server.
func openStore(ctx context.Context, js jetstream.JetStream, id string) (*store, error) {
	s := &store{id: id}
	var err error
	if s.work, err = js.Stream(ctx, prefix+id); err == nil {
		if s.tasks, err = s.work.Consumer(ctx, consumer); err == nil {
			err = s.openBuckets(ctx, js)
		}
	}
	if err != nil {
		return nil, err
	}
	s.lease = s.tasks.CachedInfo().Config.AckWait
	s.requests, err = readRequests(s.work.CachedInfo().Config.Metadata[metaRequest])
	return s, err
}

func (s *store) openBuckets(ctx context.Context, js jetstream.JetStream) error {
	var err error
	if s.results, err = js.KeyValue(ctx, prefix+s.id); err != nil {
		return err
	}
	if s.kept, err = js.Stream(ctx, "KV_"+prefix+s.id); err != nil {
		return err
	}
	s.objects, err = js.ObjectStore(ctx, prefix+s.id)
	return err
}

// makeStore makes a campaign's part of the server, or finds what was made of it before. If it cannot be, nothing new stays.
func (c *Conn) makeStore(ctx context.Context, i Identity, l Limits) (s *store, err error) {
	id := i.Name()
	var made []func(context.Context) error
	defer func() {
		if err == nil {
			return
		}
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
		defer cancel()
		for _, remove := range made {
			_ = remove(undo) // why is in err
		}
	}()
	isNew, err := c.makeStream(ctx, i, l)
	if err != nil {
		return nil, err
	}
	if isNew {
		made = append(made, func(ctx context.Context) error { return c.js.DeleteStream(ctx, prefix+id) })
	}
	_, err = c.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: prefix + id, Description: i.Command, TTL: maxAge, Replicas: l.Replicas, Metadata: i.metadata(),
	})
	if err != nil {
		return nil, err
	}
	if isNew {
		made = append(made, func(ctx context.Context) error { return c.js.DeleteKeyValue(ctx, prefix+id) })
	}
	_, err = c.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
		Bucket: prefix + id, Description: i.Command, TTL: maxAge, Replicas: l.Replicas, Metadata: i.metadata(),
	})
	if err != nil {
		return nil, err
	}
	if isNew {
		made = append(made, func(ctx context.Context) error { return c.js.DeleteObjectStore(ctx, prefix+id) })
	}
	lease := l.Lease
	if lease == 0 {
		lease = DefaultLease
	}
	if _, err := c.js.CreateOrUpdateConsumer(ctx, prefix+id, jetstream.ConsumerConfig{
		Durable: consumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: lease, MaxDeliver: Deliveries, MaxAckPending: maxBusy,
	}); err != nil {
		return nil, err
	}
	return openStore(ctx, c.js, id)
}

// makeStream makes the stream of work, unless it was made before, for this campaign.
func (c *Conn) makeStream(ctx context.Context, i Identity, l Limits) (isNew bool, err error) {
	id := i.Name()
	// With one message a subject, a task is in the queue once, however often it is submitted. Message identifiers would not do: the
	// server forgets them, and drops what has to be submitted again while it does not.
	_, err = c.js.CreateStream(ctx, jetstream.StreamConfig{
		Name: prefix + id, Description: i.Command, Subjects: []string{workSubject(id) + ">"}, Metadata: i.metadata(),
		Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxMsgsPerSubject: 1,
		MaxAge: maxAge, Replicas: l.Replicas,
	})
	if err != nil && !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return false, err
	}
	stream, found := c.js.Stream(ctx, prefix+id)
	if found != nil {
		return false, found
	}
	if what := i.difference(stream.CachedInfo().Config.Metadata); what != "" {
		return false, fmt.Errorf("the stream %s%s stands in the way: %s; remove it with nats stream rm, if nobody needs it", prefix, id, what)
	}
	return err == nil && stream.CachedInfo().State.LastSeq == 0, nil
}

// removeStore removes all that there is of a campaign on the server.
func (c *Conn) removeStore(ctx context.Context, id string) error {
	var failed []error
	for _, remove := range []func() error{
		func() error { return c.js.DeleteStream(ctx, prefix+id) }, // first: without it no worker goes on
		func() error { return c.js.DeleteKeyValue(ctx, prefix+id) },
		func() error { return c.js.DeleteObjectStore(ctx, prefix+id) },
	} {
		if err := remove(); err != nil && !gone(err) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// campaigns are those on the server: their names, and what their streams say of them.
func (c *Conn) campaigns(ctx context.Context) (map[string]Identity, error) {
	list := c.js.ListStreams(ctx, jetstream.WithStreamListSubject("verify.*.work.>"))
	found := map[string]Identity{}
	for info := range list.Info() {
		meta := info.Config.Metadata
		if id, ok := strings.CutPrefix(info.Config.Name, prefix); ok && meta[metaFormat] != "" {
			found[id] = Identity{Build: meta[metaBuild], Command: meta[metaCommand]}
		}
	}
	return found, list.Err()
}
