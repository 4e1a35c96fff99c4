package farm

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// parcel is the content of a message: what is sent, or the name of the object that has it, because it is too large.
type parcel struct {
	Content json.RawMessage `json:"content,omitempty"`
	Object  string          `json:"object,omitempty"` // the SHA-256 of what it has, in hex
}

// room is how many bytes of a message's limit are for what the server and the client add.
const room = 4 << 10

// pack makes a message of content. An object is stored before the message that names it.
func (s *store) pack(ctx context.Context, limit int64, content []byte) ([]byte, error) {
	p := parcel{Content: content}
	if int64(len(content))+room > limit {
		p = parcel{Object: fmt.Sprintf("%x", sha256.Sum256(content))}
		// Two that store the same one store the same bytes: the later replaces the earlier.
		if _, err := s.objects.PutBytes(ctx, p.Object, content); err != nil {
			return nil, err
		}
	}
	return json.Marshal(p)
}

// unpack returns what a message has.
func (s *store) unpack(ctx context.Context, message []byte) ([]byte, error) {
	var p parcel
	if err := json.Unmarshal(message, &p); err != nil {
		return nil, fmt.Errorf("the message is not understood: %w", err)
	}
	if p.Object == "" {
		return p.Content, nil
	}
	return s.objects.GetBytes(ctx, p.Object)
}
