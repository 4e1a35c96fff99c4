//go:build ignore

// Package types stands in for the types of stores of the Cosmos SDK: interfaces, which the executors implement, and the names of stores.
package types

// StoreType is the kind of a store.
type StoreType int

// The kinds that are named.
const (
	StoreTypeMulti StoreType = iota
	StoreTypeDB
	StoreTypeIAVL
	StoreTypeObject
)

// StoreKey names a store.
type StoreKey interface {
	Name() string
	String() string
}

// KVStoreKey names a store of bytes.
type KVStoreKey struct{ name string }

// NewKVStoreKey makes one.
func NewKVStoreKey(name string) *KVStoreKey { return &KVStoreKey{name} }

// Name is its name.
func (k *KVStoreKey) Name() string { return k.name }

// String is its name.
func (k *KVStoreKey) String() string { return k.name }

// ObjectStoreKey names a store of objects.
type ObjectStoreKey struct{ name string }

// NewObjectStoreKey makes one.
func NewObjectStoreKey(name string) *ObjectStoreKey { return &ObjectStoreKey{name} }

// Name is its name.
func (k *ObjectStoreKey) Name() string { return k.name }

// String is its name.
func (k *ObjectStoreKey) String() string { return k.name }

// CacheWrap is a store on top of another.
type CacheWrap interface{ Write() }

// TraceContext is what a trace says in each line.
type TraceContext map[string]any

// CacheWrapper makes a store on top of another.
type CacheWrapper interface{ CacheWrap() CacheWrap }

// Store is any store.
type Store interface {
	GetStoreType() StoreType
	CacheWrapper
}

// GIterator goes over a store's keys.
type GIterator[V any] interface {
	Domain() (start, end []byte)
	Valid() bool
	Next()
	Key() []byte
	Value() V
	Error() error
	Close() error
}

// GBasicKVStore is a store by keys.
type GBasicKVStore[V any] interface {
	Get(key []byte) V
	Has(key []byte) bool
	Set(key []byte, value V)
	Delete(key []byte)
}

// GKVStore is a store by keys that can be gone over.
type GKVStore[V any] interface {
	Store
	GBasicKVStore[V]
	Iterator(start, end []byte) GIterator[V]
	ReverseIterator(start, end []byte) GIterator[V]
}

// Those of bytes and of objects.
type (
	Iterator   = GIterator[[]byte]
	KVStore    = GKVStore[[]byte]
	ObjKVStore = GKVStore[any]
)

// BytesIsZero reports whether there is no value.
func BytesIsZero(v []byte) bool { return v == nil }

// BytesValueLen is a value's size.
func BytesValueLen(v []byte) int { return len(v) }

// AnyIsZero reports whether there is no value.
func AnyIsZero(v any) bool { return v == nil }

// AnyValueLen is 1: objects have no size.
func AnyValueLen(any) int { return 1 }
