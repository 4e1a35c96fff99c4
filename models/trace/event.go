package trace

import (
	"time"

	"synchrony/models/batch"
)

// EventKind is what a transaction did.
type EventKind uint8

// The events of an execution.
const (
	Start EventKind = iota
	Read
	Write
	Commit   // the transaction's writes are visible to its successors
	Rollback // the transaction's effects are undone
)

// Event is one thing a transaction did during an execution.
type Event struct {
	Time    time.Duration // monotonic, since the execution began
	Kind    EventKind
	Worker  int32           // the worker that did it
	Tx      int32           // index of the transaction in the batch
	Account batch.AccountID // for Read and Write
	Old     int64           // Read: the value read. Write: the value replaced.
	New     int64           // Write: the value written
	Version int32           // Read, Write: the transaction that wrote Old, or InitialVersion
}
