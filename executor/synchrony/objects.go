package synchrony

import (
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// The objects announced to the runtime. Objects of one class and different indices
// are independent, so each word that is shared has an index of its own.

func cellObject(a batch.AccountID) trace.Object {
	return trace.Object{Class: trace.ClassCell, Index: int32(a)}
}

// counterObject is the count of tx's unfinished predecessors.
func counterObject(tx int32) trace.Object {
	return trace.Object{Class: trace.ClassCounter, Index: tx}
}

// queueObject is the length of queue q.
func queueObject(q int32) trace.Object {
	return trace.Object{Class: trace.ClassQueue, Index: q}
}

func storeObject(a batch.AccountID) trace.Object {
	return trace.Object{Class: trace.ClassStore, Index: int32(a)}
}

// slotObject says which transaction a worker is in.
func slotObject(worker int32) trace.Object {
	return trace.Object{Class: trace.ClassCancel, Index: 1 + 2*worker}
}

// logObject is the published length of a worker's event log, with its seal.
func logObject(worker int32) trace.Object {
	return trace.Object{Class: trace.ClassCancel, Index: 2 + 2*worker}
}

var (
	controlObject = trace.Object{Class: trace.ClassCancel, Index: 0}   // the batch's fate
	commitObject  = trace.Object{Class: trace.ClassCommit, Index: 0}   // the published vector
	spareObject   = trace.Object{Class: trace.ClassCommit, Index: 1}   // the store's spare scratch
	cursorObject  = trace.Object{Class: trace.ClassQueue, Index: -1}   // how many roots were claimed
	parkedObject  = trace.Object{Class: trace.ClassQueue, Index: -2}   // how many workers are parked
	remainsObject = trace.Object{Class: trace.ClassCounter, Index: -1} // nodes not yet finished
	tallyObject   = trace.Object{Class: trace.ClassCounter, Index: -2} // transactions executed
)
