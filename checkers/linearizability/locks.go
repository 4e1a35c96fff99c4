package linearizability

import "synchrony/models/history"

// The state of a lock is a number, or absent while it is free and was never fenced. A lock without an owner is 1 while it
// is held; one with an owner is twice the process, and one more when that has it twice; a fenced one is twice the last
// token, and one more while it is held. Of a semaphore, it is how many permits are there.

// lock executes an action on a lock or a semaphore.
func lock(state *array[cell], x *step) (bool, *array[cell]) {
	now := state.at(x.key)
	free := now == absent
	owner := cell{history.Number, 2 * int64(x.process)}
	twice := cell{history.Number, owner.number + 1}
	become := func(ok bool, next cell) (bool, *array[cell]) {
		if !ok {
			return false, state
		}
		return true, state.with(x.key, next)
	}
	switch x.kind {
	case history.Lock:
		return become(free, cell{history.Number, 1})
	case history.LockOwned:
		return become(free, owner)
	case history.UnlockOwned:
		return become(now == owner, absent)
	case history.LockAgain:
		if now == owner {
			return become(true, twice)
		}
		return become(free, owner)
	case history.UnlockAgain:
		if now == twice {
			return become(true, owner)
		}
		return become(now == owner, absent)
	case history.LockFenced:
		return lockFenced(now, x, become)
	case history.TakePermits:
		return become(now.number >= x.delta && x.delta > 0, cell{history.Number, now.number - x.delta})
	case history.GivePermits:
		sum, ok := add(now, x.delta)
		return become(ok && x.delta > 0, sum)
	default: // Unlock
		if now.kind == history.Number && now.number%2 == 1 && now.number > 1 {
			return become(true, cell{history.Number, now.number - 1})
		}
		return become(now == cell{history.Number, 1}, absent)
	}
}

// lockFenced takes a lock with a token; one that is not told may be any.
func lockFenced(now cell, x *step, become func(bool, cell) (bool, *array[cell])) (bool, *array[cell]) {
	held := now != absent && now.number%2 == 1
	token := x.value.number
	if x.value == absent {
		token = now.number/2 + 1
	}
	return become(!held && token > 0 && (now == absent || token > now.number/2), cell{history.Number, 2*token + 1})
}
