//go:build ignore

// Package goblockstm runs workloads on go-block-stm of Crypto.org Chain.
package goblockstm

import (
	"context"
	"encoding/binary"

	stm "peers/goblockstm/stm"
	storetypes "peers/standin/types"

	"synchrony/executor/synchrony/compare/measure"
)

// Peer is the executor.
var Peer = measure.Peer{Name: "go-block-stm", New: func(w *measure.Workload, workers int) measure.Engine {
	key := storetypes.NewKVStoreKey("balances")
	e := &engine{w: w, workers: workers, key: key, stores: map[storetypes.StoreKey]int{key: 0}}
	e.storage = stm.NewMultiMemDB(e.stores)
	for a, n := range w.Initial {
		e.keys = append(e.keys, measure.Key(a))
		e.storage.GetKVStore(key).Set(e.keys[a], encode(n))
	}
	return e
}}

type engine struct {
	w       *measure.Workload
	workers int
	key     storetypes.StoreKey
	stores  map[storetypes.StoreKey]int
	storage *stm.MultiMemDB
	keys    [][]byte
}

func encode(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
func decode(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }

func (e *engine) Run() error {
	return stm.ExecuteBlock(context.Background(), len(e.w.Transfers), e.stores, e.storage, e.workers, func(i stm.TxnIndex, ms stm.MultiStore) {
		store, t := ms.GetKVStore(e.key), e.w.Transfers[i]
		x, y := decode(store.Get(e.keys[t.From])), decode(store.Get(e.keys[t.To]))
		e.w.Work()
		store.Set(e.keys[t.From], encode(x-1))
		store.Set(e.keys[t.To], encode(y+1))
	})
}

func (e *engine) Balances() []int64 {
	balances := make([]int64, len(e.keys))
	for a, k := range e.keys {
		balances[a] = decode(e.storage.GetKVStore(e.key).Get(k))
	}
	return balances
}
