package workload

import (
	"synchrony/checkers"
	"synchrony/models/history"
)

// checkTotalQueue compares what went in with what came out (jepsen.checker/total-queue): every element whose enqueueing was acknowledged must
// be dequeued, and nothing that nobody tried to enqueue. A drain returns a list of elements that it dequeued. That an element
// comes out twice is told, too, since queues that deliver at least once may do it, but others may not.
func checkTotalQueue(list []history.Operation, _ Options, f *findings) checkers.Verdict {
	in, out, acknowledged := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range list {
		x := &list[i]
		switch {
		case x.Name == "enqueue":
			if may(x, "enqueue") {
				in[x.Argument.Text()]++
			}
			if did(x, "enqueue") {
				acknowledged[x.Argument.Text()]++
			}
		case did(x, "dequeue") && !x.Result.IsNil():
			out[x.Result.Text()]++
		case did(x, "drain"):
			for k := range x.Result.Items {
				out[x.Result.Items[k].Text()]++
			}
		}
	}
	if len(out) == 0 {
		return checkers.Undecided("nothing was dequeued, so it is not known what the queue has: a drain at the end would tell")
	}
	told := map[string]bool{}
	for i := range list {
		x := &list[i]
		for _, e := range elementsOf(x) {
			switch {
			case told[e]:
				continue
			case out[e] < acknowledged[e]:
				f.add("lost element", "%s was enqueued (line %d) and never dequeued", e, at(x))
			case out[e] > 0 && in[e] == 0:
				f.add("unexpected element", "%s was dequeued (line %d), and nobody enqueued it", e, at(x))
			case out[e] > in[e]:
				f.add("duplicate element", "%s was enqueued %d times and dequeued %d times (line %d)", e, in[e], out[e], at(x))
			}
			told[e] = true
		}
	}
	return f.verdict()
}

// elementsOf are the elements that an operation is about.
func elementsOf(x *history.Operation) []string {
	var list []string
	switch {
	case may(x, "enqueue"):
		list = append(list, x.Argument.Text())
	case did(x, "dequeue") && !x.Result.IsNil():
		list = append(list, x.Result.Text())
	case did(x, "drain"):
		for k := range x.Result.Items {
			list = append(list, x.Result.Items[k].Text())
		}
	}
	return list
}

// checkUniqueIDs looks for an identifier that was generated twice.
func checkUniqueIDs(list []history.Operation, _ Options, f *findings) checkers.Verdict {
	first := map[string]*history.Operation{}
	for i := range list {
		x := &list[i]
		if !did(x, "generate") || x.Result.IsNil() {
			continue
		}
		id := x.Result.Text()
		if other, ok := first[id]; ok {
			f.add("duplicate identifier", "%s was generated on line %d, and again on line %d", id, at(other), at(x))
			continue
		}
		first[id] = x
	}
	return f.judged(len(first), "generate")
}
