package synchrony

import (
	"synchrony/models/batch"
	"synchrony/models/schedule"
)

// The objects announced to the runtime. Objects of one class and different indices
// are independent, so each word that is shared has an index of its own.

func cellObject(a batch.AccountID) schedule.Object {
	return schedule.Object{Class: schedule.ClassCell, Index: int32(a)}
}

// counterObject is the count of tx's unfinished predecessors.
func counterObject(tx int32) schedule.Object {
	return schedule.Object{Class: schedule.ClassCounter, Index: tx}
}

// queueObject is the length of queue q.
func queueObject(q int32) schedule.Object {
	return schedule.Object{Class: schedule.ClassQueue, Index: q}
}

func storeObject(a batch.AccountID) schedule.Object {
	return schedule.Object{Class: schedule.ClassStore, Index: int32(a)}
}

// slotObject says which transaction a worker is in.
func slotObject(worker int32) schedule.Object {
	return schedule.Object{Class: schedule.ClassCancel, Index: 1 + 2*worker}
}

// logObject is the published length of a worker's event log, with its seal.
func logObject(worker int32) schedule.Object {
	return schedule.Object{Class: schedule.ClassCancel, Index: 2 + 2*worker}
}

var (
	controlObject = schedule.Object{Class: schedule.ClassCancel, Index: 0}   // the batch's fate
	commitObject  = schedule.Object{Class: schedule.ClassCommit, Index: 0}   // the published vector
	spareObject   = schedule.Object{Class: schedule.ClassCommit, Index: 1}   // the store's spare scratch
	cursorObject  = schedule.Object{Class: schedule.ClassQueue, Index: -1}   // how many roots were claimed
	parkedObject  = schedule.Object{Class: schedule.ClassQueue, Index: -2}   // how many workers are parked
	remainsObject = schedule.Object{Class: schedule.ClassCounter, Index: -1} // nodes not yet finished
	tallyObject   = schedule.Object{Class: schedule.ClassCounter, Index: -2} // transactions executed
)

// ObjectName names a count that workers share and that belongs to no account, transaction or worker; it is empty for any other object.
func ObjectName(o schedule.Object) string {
	switch o {
	case cursorObject:
		return "the number of claimed roots"
	case parkedObject:
		return "the number of parked workers"
	case remainsObject:
		return "the number of unfinished transactions"
	case tallyObject:
		return "the number of executed transactions"
	}
	return ""
}
