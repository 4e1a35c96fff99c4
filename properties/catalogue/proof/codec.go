package proof

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/models/batch"
)

// The files of a counterexample.
const (
	batchFile = "batch.ae"
	planFile  = "plan"  // a line "FROM TO" for each edge
	orderFile = "order" // a transaction's ID in each line
)

func formatBatch(b *batch.Batch) ([]txtar.File, error) {
	text, err := batch.Format(b)
	if err != nil {
		return nil, err
	}
	return []txtar.File{{Name: batchFile, Data: text}}, nil
}

func parseBatch(files []txtar.File) (*batch.Batch, error) {
	f, err := only(files, batchFile)
	if err != nil {
		return nil, err
	}
	return batch.Parse(batchFile, f[batchFile])
}

func formatOrdering(w ordering) ([]txtar.File, error) {
	files, err := formatBatch(w.Batch)
	if err != nil {
		return nil, err
	}
	var plan, order bytes.Buffer
	id := func(i int) string { return w.Batch.Transactions[i].ID }
	for _, e := range w.Plan {
		fmt.Fprintln(&plan, id(e.From), id(e.To))
	}
	for _, i := range w.Order {
		fmt.Fprintln(&order, id(i))
	}
	return append(files, txtar.File{Name: planFile, Data: plan.Bytes()}, txtar.File{Name: orderFile, Data: order.Bytes()}), nil
}

func parseOrdering(files []txtar.File) (ordering, error) {
	f, err := only(files, batchFile, planFile, orderFile)
	if err != nil {
		return ordering{}, err
	}
	b, err := batch.Parse(batchFile, f[batchFile])
	if err != nil {
		return ordering{}, err
	}
	w := ordering{Batch: b}
	index := map[string]int{}
	for i := range b.Transactions {
		index[b.Transactions[i].ID] = i
	}
	err = eachLine(planFile, f[planFile], 2, index, func(txs []int) error {
		w.Plan = append(w.Plan, edge{txs[0], txs[1]})
		return nil
	})
	if err != nil {
		return ordering{}, err
	}
	position := make([]int, len(b.Transactions)) // from 1; 0 is none yet
	err = eachLine(orderFile, f[orderFile], 1, index, func(txs []int) error {
		if position[txs[0]] > 0 {
			return fmt.Errorf("%q is here twice", b.Transactions[txs[0]].ID)
		}
		w.Order = append(w.Order, txs[0])
		position[txs[0]] = len(w.Order)
		return nil
	})
	if err != nil {
		return ordering{}, err
	}
	return w, allowed(w, position)
}

// allowed checks that the order is one of all transactions, and that the plan allows it.
func allowed(w ordering, position []int) error {
	for i, p := range position {
		if p == 0 {
			return fmt.Errorf("%s: transaction %q is missing", orderFile, w.Batch.Transactions[i].ID)
		}
	}
	for _, e := range w.Plan {
		if position[e.From] >= position[e.To] {
			return fmt.Errorf("%s: the plan has %q before %q, and the order has not",
				orderFile, w.Batch.Transactions[e.From].ID, w.Batch.Transactions[e.To].ID)
		}
	}
	return nil
}

// eachLine reads lines of so many transactions' IDs each.
func eachLine(file string, data []byte, words int, index map[string]int, add func(txs []int) error) error {
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		ids := strings.Fields(line)
		if len(ids) == 0 {
			continue
		}
		if len(ids) != words {
			return fmt.Errorf("%s:%d: %d words in place of %d", file, number, len(ids), words)
		}
		txs := make([]int, words)
		for k, id := range ids {
			i, known := index[id]
			if !known {
				return fmt.Errorf("%s:%d: the batch has no transaction %q", file, number, id)
			}
			txs[k] = i
		}
		if err := add(txs); err != nil {
			return fmt.Errorf("%s:%d: %w", file, number, err)
		}
	}
	return nil
}

// only returns the named files' content; each must be there, and no other.
func only(files []txtar.File, names ...string) (map[string][]byte, error) {
	content := map[string][]byte{}
	for _, f := range files {
		known := false
		for _, name := range names {
			known = known || name == f.Name
		}
		if !known {
			return nil, fmt.Errorf("the file %q is not known: the workload is %s", f.Name, strings.Join(names, ", "))
		}
		content[f.Name] = f.Data
	}
	for _, name := range names {
		if _, found := content[name]; !found {
			return nil, fmt.Errorf("the file %q is missing", name)
		}
	}
	return content, nil
}
