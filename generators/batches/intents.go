package batches

import (
	_ "embed"
	"fmt"
	"sync"

	"synchrony/models/batch"
)

//go:embed intents.ae
var intentsSource []byte

// library is the intents that generated batches call, in the order of the file.
// It is never changed: batches share the intents.
type library struct {
	all    []*batch.Intent
	byName map[string]*batch.Intent // the prelude's transfer included
}

// intents parses the library once.
var intents = sync.OnceValue(func() library {
	b, err := batch.Parse("intents.ae", intentsSource)
	if err != nil {
		panic(fmt.Sprintf("generators: the embedded intents are wrong: %v", err))
	}
	l := library{all: b.Intents, byName: map[string]*batch.Intent{batch.TransferName: batch.Transfer()}}
	for _, in := range b.Intents {
		l.byName[in.Name] = in
	}
	return l
})

// call returns the draft as a call, with its accounts by number.
func (l library) call(d draft) *batch.Call {
	in := l.byName[d.intent]
	return &batch.Call{Intent: in, Args: d.args(func(k int) batch.AccountID { return batch.AccountID(k) })}
}

// args returns the draft's arguments, with its accounts named by id.
func (d draft) args(id func(int) batch.AccountID) []batch.Arg {
	args := make([]batch.Arg, 0, len(d.accounts)+len(d.amounts))
	for _, k := range d.accounts {
		args = append(args, batch.AccountArg(id(k)))
	}
	for _, n := range d.amounts {
		args = append(args, batch.AmountArg(n))
	}
	return args
}
