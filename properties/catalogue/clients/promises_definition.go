package clients

import (
	"slices"

	"synchrony/models/history"
)

func has(x *history.Operation, element *history.Tree) bool {
	return slices.ContainsFunc(x.Result.Items, func(e history.Tree) bool { return e.Text() == element.Text() })
}

// noneTwice reports whether no element is in a read twice.
func noneTwice(x *history.Operation) bool {
	for i := range x.Result.Items {
		for k := range x.Result.Items[:i] {
			if x.Result.Items[i].Text() == x.Result.Items[k].Text() {
				return false
			}
		}
	}
	return true
}

// every reports whether something holds of all operations that certainly took effect and are called so.
func every(list []history.Operation, name string, holds func(x *history.Operation) bool) bool {
	for i := range list {
		if x := &list[i]; did(x, name) && !holds(x) {
			return false
		}
	}
	return true
}

// offered reports whether an element may have been put there before an operation returned; at any time, if that is nil.
func offered(list []history.Operation, put string, element *history.Tree, by *history.Operation) bool {
	return slices.ContainsFunc(list, func(x history.Operation) bool {
		return may(&x, put) && x.Argument.Text() == element.Text() && (by == nil || x.Invoked <= by.Returned)
	})
}

func allOffered(list []history.Operation, put string, r, by *history.Operation) bool {
	return !slices.ContainsFunc(r.Result.Items, func(e history.Tree) bool { return !offered(list, put, &e, by) })
}

// knownBefore reports whether an element was known before an operation began: its addition had returned, or a read that has it.
func knownBefore(list []history.Operation, element *history.Tree, before *history.Operation) bool {
	return slices.ContainsFunc(list, func(x history.Operation) bool {
		return x.Returned < before.Invoked && (did(&x, "add") && x.Argument.Text() == element.Text() || did(&x, "read") && has(&x, element))
	})
}

// lastRead is the last read, of a process or of all: the one that was invoked last, and of several that returned last.
func lastRead(list []history.Operation, of func(x *history.Operation) bool) (last *history.Operation) {
	for i := range list {
		x := &list[i]
		if did(x, "read") && of(x) && (last == nil || x.Invoked > last.Invoked || x.Invoked == last.Invoked && x.Returned >= last.Returned) {
			last = x
		}
	}
	return last
}

// promises are what workloads promise, executed as it is worded: by looking at all operations, or pairs of them, or at all sets of what may have
// taken effect. That of kafka is a list of anomalies, each of which is planted.
func promises() map[string]func(list []history.Operation) bool {
	return map[string]func(list []history.Operation) bool{
		"set": func(list []history.Operation) bool {
			last := lastRead(list, func(*history.Operation) bool { return true })
			return allOffered(list, "add", last, nil) && every(list, "add", func(x *history.Operation) bool { return x.Returned >= last.Invoked || has(last, &x.Argument) })
		},
		"set-full": func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool {
				return noneTwice(r) && allOffered(list, "add", r, r) && !slices.ContainsFunc(list, func(x history.Operation) bool {
					return may(&x, "add") && knownBefore(list, &x.Argument, r) && !has(r, &x.Argument)
				})
			})
		},
		"g-set": func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool {
				kept := every(list, "read", func(s *history.Operation) bool {
					return s.Process != r.Process || s.Line > r.Line || !slices.ContainsFunc(s.Result.Items, func(e history.Tree) bool { return !has(r, &e) })
				})
				after := every(list, "add", func(x *history.Operation) bool { return x.Returned < r.Invoked })
				last := r == lastRead(list, func(s *history.Operation) bool { return s.Process == r.Process })
				all := every(list, "add", func(x *history.Operation) bool { return has(r, &x.Argument) })
				return kept && allOffered(list, "add", r, r) && !(after && last && !all)
			})
		},
		"causal-reverse": func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool {
				return every(list, "write", func(w *history.Operation) bool {
					return has(r, &w.Argument) || !slices.ContainsFunc(list, func(v history.Operation) bool {
						return may(&v, "write") && w.Returned < v.Invoked && has(r, &v.Argument)
					})
				})
			})
		},
		"total-queue": queueExplained,
		"unique-ids": func(list []history.Operation) bool {
			return every(list, "generate", func(x *history.Operation) bool {
				return every(list, "generate", func(y *history.Operation) bool { return x == y || x.Result.Text() != y.Result.Text() })
			})
		},
		"bank-total": func(list []history.Operation) bool {
			balance := func(x *history.Operation, k int) int64 {
				if x.Result.Kind == history.Mapping {
					k = 2*k + 1
				}
				return x.Result.Items[k].Value.Number
			}
			return every(list, "read", func(x *history.Operation) bool {
				return balance(x, 0) >= 0 && balance(x, 1) >= 0 && every(list, "read", func(y *history.Operation) bool {
					return balance(x, 0)+balance(x, 1) == balance(y, 0)+balance(y, 1)
				})
			})
		},
		"monotonic": func(list []history.Operation) bool {
			return every(list, "read", func(x *history.Operation) bool {
				return every(list, "read", func(y *history.Operation) bool {
					return x.Returned >= y.Invoked || x.Result.Value.Number <= y.Result.Value.Number
				})
			})
		},
		"bounded-counter": func(list []history.Operation) bool {
			return every(list, "read", func(r *history.Operation) bool { return between(list, r) })
		},
		"long-fork": oneOrder,
	}
}

// did reports whether an operation of a name certainly took effect, and may whether it perhaps did.
func did(x *history.Operation, name string) bool {
	return x.Outcome == history.Committed && x.Name == name
}

func may(x *history.Operation, name string) bool {
	return x.Outcome != history.Aborted && x.Name == name
}

// queueExplained tries all sets of enqueuings that may have taken effect: what was taken out must be what one of them put there.
func queueExplained(list []history.Operation) bool {
	for set := range 1 << len(list) {
		left, fits := map[string]int{}, true
		for i := range list {
			in := set>>i&1 != 0
			switch x := &list[i]; {
			case in && !may(x, "enqueue"), !in && did(x, "enqueue"):
				fits = false
			case in:
				left[x.Argument.Text()]++
			case did(x, "dequeue"):
				left[x.Result.Text()]--
			case did(x, "drain"):
				for k := range x.Result.Items {
					left[x.Result.Items[k].Text()]--
				}
			}
		}
		for _, n := range left {
			fits = fits && n == 0
		}
		if fits {
			return true
		}
	}
	return false
}

// between reports whether a read of a counter lies between the least and the greatest sum of the additions of which none that had returned is
// missing, and none that was invoked later is there.
func between(list []history.Operation, r *history.Operation) bool {
	least, greatest := int64(1<<40), int64(-1<<40)
	for set := range 1 << len(list) {
		sum, ok := int64(0), true
		for i := range list {
			x, in := &list[i], set>>i&1 != 0
			switch {
			case !may(x, "add"):
				ok = ok && !in
			case in:
				sum += x.Argument.Value.Number
				ok = ok && x.Invoked <= r.Returned
			default:
				ok = ok && (x.Outcome != history.Committed || x.Returned >= r.Invoked)
			}
		}
		if ok {
			least, greatest = min(least, sum), max(greatest, sum)
		}
	}
	return r.Result.Value.Number >= least && r.Result.Value.Number <= greatest
}

// oneOrder reports whether all reads of three keys saw the beginning of one order of their writes, by trying all.
func oneOrder(list []history.Operation) bool {
	return each([]int32{0, 1, 2}, func(order []int32) bool {
		return every(list, "read", func(x *history.Operation) bool {
			written := [3]bool{}
			for _, op := range x.Result.Items {
				written[op.Items[1].Value.Number] = !op.Items[2].IsNil()
			}
			return (written[order[0]] || !written[order[1]]) && (written[order[1]] || !written[order[2]])
		})
	})
}
