package workload

import (
	"cmp"
	"slices"
	"strconv"

	"synchrony/models/history"
)

// micro is a value that an operation sends or polls.
type micro struct {
	poll       bool
	key, value string
	offset     int64
}

// microsOf are the values that an operation sends or polls, as its argument and its result have them: [[:send k v]], [[:send k [offset v]]] and
// [[:poll {k [[offset v] …]}]]; keys in their order.
func microsOf(x *history.Operation) (argument, result []micro) {
	if x.Name != "send" && x.Name != "poll" && x.Name != "txn" {
		return nil, nil
	}
	argument, result = microsIn(&x.Argument, false), microsIn(&x.Result, true)
	for i := range result {
		if r := &result[i]; !r.poll { // a text that is there twice is kept once
			if k := slices.IndexFunc(argument, func(a micro) bool { return a.value == r.value }); k >= 0 {
				r.value = argument[k].value
			}
		}
	}
	return argument, result
}

func microsIn(t *history.Tree, returned bool) []micro {
	var list []micro
	for i := range t.Items {
		op := &t.Items[i]
		name := ""
		if len(op.Items) > 0 {
			name = op.Items[0].Text()
		}
		switch {
		case len(op.Items) == 3 && (name == ":send" || name == `"send"`):
			list = append(list, sendOf(op, returned))
		case len(op.Items) == 2 && (name == ":poll" || name == `"poll"`):
			list = append(list, pollsOf(&op.Items[1])...)
		}
	}
	return slices.Clip(list)
}

// sendOf reads [:send k v], or of a result [:send k [offset v]].
func sendOf(op *history.Tree, returned bool) micro {
	value := &op.Items[2]
	if returned && isEntry(value) {
		return micro{key: keyOf(&op.Items[1]), value: value.Items[1].Text(), offset: value.Items[0].Value.Number}
	}
	return micro{key: keyOf(&op.Items[1]), value: value.Text(), offset: noOffset}
}

// keyOf is the name of a key. A text of digits is the number, for the names of a JSON object are texts, whatever they stand for.
func keyOf(t *history.Tree) string {
	if t.Kind == history.Leaf && t.Value.Kind == history.Text {
		if n, err := strconv.ParseInt(t.Value.Text, 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	}
	return t.Text()
}

// isEntry reports whether t is [offset v].
func isEntry(t *history.Tree) bool {
	return t.Kind == history.Sequence && len(t.Items) == 2 && t.Items[0].Value.Kind == history.Number && t.Items[0].Value.Number >= 0
}

func pollsOf(t *history.Tree) []micro {
	var list []micro
	if t.Kind != history.Mapping {
		return nil
	}
	pairs := slices.Collect(slices.Chunk(t.Items, 2))
	slices.SortStableFunc(pairs, func(x, y []history.Tree) int { return cmp.Compare(keyOf(&x[0]), keyOf(&y[0])) })
	for _, pair := range pairs {
		for i := range pair[1].Items {
			if e := &pair[1].Items[i]; isEntry(e) {
				list = append(list, micro{poll: true, key: keyOf(&pair[0]), value: e.Items[1].Text(), offset: e.Items[0].Value.Number})
			}
		}
	}
	return list
}
