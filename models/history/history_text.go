package history

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/text"
)

// FormatHistory writes h, which must be valid: the keys with their initial values,
// and each transaction with its outcome, when it was invoked and returned, and its
// accesses. [ParseHistory] gives the same history back if its names are unique.
//
//	initial x 0 y 0
//	tx T1 committed 1ns 4ns
//	read x 0 from init
//	write x 1 over init
//	write x 2 over T1 write 1
//	tx T2 unknown 5ns
//	read x 2 from T1
//
// A version is the last write of the key by a transaction, or its n-th.
func FormatHistory(h *History) string {
	var sb strings.Builder
	sb.WriteString("initial")
	for k, v := range h.Initial {
		fmt.Fprintf(&sb, " %s %d", h.KeyName(int32(k)), v)
	}
	sb.WriteByte('\n')
	versions := versionNames(h)
	for tx := range int32(h.Len()) {
		fmt.Fprintf(&sb, "tx %s %s", h.TxName(tx), outcomeOrUnknown(h.Outcomes[tx]))
		if h.Invoked[tx] != 0 || h.Returned[tx] != 0 {
			fmt.Fprintf(&sb, " %v", h.Invoked[tx])
			if h.Returned[tx] != Forever {
				fmt.Fprintf(&sb, " %v", h.Returned[tx])
			}
		}
		sb.WriteByte('\n')
		for _, a := range h.Of(tx) {
			verb, link := "read", "from"
			if a.IsWrite() {
				verb, link = "write", "over"
			}
			version := text.InitName
			if a.Version != InitialVersion {
				version = versions[a.Version]
			}
			fmt.Fprintf(&sb, "%s %s %d %s %s\n", verb, h.KeyName(a.Key()), a.Value, link, version)
		}
	}
	return sb.String()
}

// unknownWord is that of no outcome.
const unknownWord = "unknown"

func outcomeOrUnknown(o Outcome) string {
	if o == 0 {
		return unknownWord
	}
	return o.String()
}

// versionNames is what each write is called as a version: "T1", or "T1 write 1" if
// a later write of T1 replaces it.
func versionNames(h *History) []string {
	names := make([]string, len(h.Accesses))
	for tx := range int32(h.Len()) {
		count := map[int32]int{}
		last := map[int32]int32{}
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			if !a.IsWrite() {
				continue
			}
			count[a.Key()]++
			last[a.Key()] = i
			names[i] = fmt.Sprintf("%s write %d", h.TxName(tx), count[a.Key()])
		}
		for _, i := range last {
			names[i] = h.TxName(tx)
		}
	}
	return names
}

// ParseHistory reads the text form of a history; see [FormatHistory]. # begins a
// comment. The error is a [*text.Error], or a [*text.MalformedError] if the history is
// none.
func ParseHistory(file, src string) (*History, error) {
	p := &historyParser{h: &History{}, keys: map[string]int32{}, txs: map[string]int32{}}
	if err := text.ReadLines(file, src, p.line); err != nil {
		return nil, err
	}
	for _, later := range p.later {
		if err := later(); err != nil {
			return nil, err
		}
	}
	return p.h, p.h.Validate()
}

// historyParser resolves versions at the end: a read may see a write of a
// transaction that comes later.
type historyParser struct {
	h         *History
	keys, txs map[string]int32
	later     []func() error
}

func (p *historyParser) line(a *text.Line) error {
	switch verb := a.Next("a line"); verb {
	case "initial":
		for a.More() {
			name := a.Name("a key")
			if _, ok := p.keys[name]; ok {
				a.Fail("a second key %q", name)
			}
			p.keys[name] = int32(len(p.h.Initial))
			p.h.Keys = append(p.h.Keys, name)
			p.h.Initial = append(p.h.Initial, a.Int64("a value"))
		}
	case "tx":
		p.tx(a)
	case "read", "write":
		if p.h.Len() == 0 {
			a.Fail("a %s before any tx line", verb)
		}
		p.access(verb == "write", a)
	default:
		a.Fail("unknown line %q: want initial, tx, read or write", verb)
	}
	return a.End()
}

func (p *historyParser) tx(a *text.Line) {
	name := a.Name("a transaction")
	if _, ok := p.txs[name]; ok {
		a.Fail("a second transaction %q", name)
	}
	var outcome Outcome
	switch word := a.Next("an outcome"); word {
	case "committed":
		outcome = Committed
	case "aborted":
		outcome = Aborted
	case unknownWord:
	default:
		a.Fail("unknown outcome %q: want committed, aborted or unknown", word)
	}
	tx := p.h.Begin(name, outcome, 0, 0)
	p.txs[name] = tx
	if a.More() {
		p.h.Invoked[tx], p.h.Returned[tx] = a.Duration("a time"), Forever
	}
	if a.More() {
		p.h.Returned[tx] = a.Duration("a time")
	}
}

func (p *historyParser) access(write bool, a *text.Line) {
	name := a.Name("a key")
	key, ok := p.keys[name]
	if !ok {
		a.Fail("no initial line has a key %q", name)
	}
	value := a.Int64("a value")
	link, access := "from", ReadOf
	if write {
		link, access = "over", WriteOf
	}
	a.Literal(link)
	version := a.Next("a version")
	nth := 0
	if a.More() {
		a.Literal("write")
		nth = int(a.Int64("a number"))
	}
	if a.Failed() {
		return
	}
	i := p.h.Add(access(key, InitialVersion, value))
	if version == text.InitName {
		return
	}
	p.later = append(p.later, func() error {
		v, err := p.version(key, version, nth)
		if err != nil {
			return a.Wrong(err)
		}
		p.h.Accesses[i].Version = v
		return nil
	})
}

// version finds a transaction's nth write of a key, or its last.
func (p *historyParser) version(key int32, name string, nth int) (int32, error) {
	if unquoted, err := strconv.Unquote(name); err == nil {
		name = unquoted
	}
	tx, ok := p.txs[name]
	if !ok {
		return 0, fmt.Errorf("no transaction %q", name)
	}
	const none int32 = -1
	last, count := none, 0
	for i := p.h.Starts[tx]; i < p.h.Starts[tx+1]; i++ {
		if a := &p.h.Accesses[i]; a.IsWrite() && a.Key() == key {
			last = i
			if count++; count == nth {
				return i, nil
			}
		}
	}
	if last == none || nth != 0 {
		return 0, fmt.Errorf("%s has no such write of %s", name, p.h.KeyName(key))
	}
	return last, nil
}
