package farm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Fetch writes the file that was attached under a name into a file of the worker's.
type Fetch func(ctx context.Context, name, file string) error

// fetchTime bounds one attempt to fetch an attached file.
const fetchTime = 10 * time.Minute

// Digest is the name that a file is attached under: the SHA-256 of its content, in hex.
func Digest(content io.Reader) (string, error) {
	sum := sha256.New()
	_, err := io.Copy(sum, content)
	return fmt.Sprintf("%x", sum.Sum(nil)), err
}

// Attach keeps a file on the server as long as the campaign is there, for requests to name: the name is its [Digest], and open opens it. What is
// there already is not sent again. The error is that of open, or of reading, or says that the content is another one now.
func (s *Submitter) Attach(ctx context.Context, name string, open func() (io.ReadCloser, error)) error {
	return patiently(ctx, s.trouble, func(context.Context) error { // a large file takes longer than a call
		_, err := s.store.objects.GetInfo(ctx, name)
		if err == nil {
			return nil
		}
		if !errors.Is(err, jetstream.ErrObjectNotFound) {
			return s.final(err)
		}
		content, err := open()
		if err != nil {
			return &finalError{err}
		}
		sent := &digested{content: content, sum: sha256.New(), want: name}
		_, err = s.store.objects.Put(ctx, jetstream.ObjectMeta{Name: name}, sent)
		_ = content.Close() // it was only read
		if sent.err != nil {
			return &finalError{sent.err}
		}
		return s.final(err)
	})
}

// digested is content that must have a digest: if it has another one, its end is an error, so that it is not stored.
type digested struct {
	content io.Reader
	sum     hash.Hash
	want    string
	err     error // of reading
}

func (d *digested) Read(p []byte) (int, error) {
	n, err := d.content.Read(p)
	d.sum.Write(p[:n])
	switch {
	case errors.Is(err, io.EOF) && fmt.Sprintf("%x", d.sum.Sum(nil)) != d.want:
		d.err = errors.New("its content has changed while it was sent")
	case err != nil && !errors.Is(err, io.EOF):
		d.err = err
	}
	if d.err != nil {
		return n, d.err
	}
	return n, err
}

// fetch is the task's Fetch. It tries until the server answers.
func (j *job) fetch(ctx context.Context, name, file string) error {
	return patiently(ctx, j.trouble, func(context.Context) error {
		limited, cancel := context.WithTimeout(ctx, fetchTime)
		defer cancel()
		err := j.store.objects.GetFile(limited, name, file)
		var disk *fs.PathError
		if errors.Is(err, jetstream.ErrObjectNotFound) || gone(err) || errors.As(err, &disk) {
			return &finalError{fmt.Errorf("what is attached to the campaign cannot be had: %w", err)}
		}
		return err
	})
}
