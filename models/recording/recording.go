package recording

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"synchrony/models/history"
)

// HistoryFormat is a notation of recorded histories.
type HistoryFormat string

// The formats; docs/histories.md describes them.
const (
	AutoFormat HistoryFormat = "auto"  // found out from the beginning of the text
	EDNFormat  HistoryFormat = "edn"   // operations of Jepsen, Knossos and Elle
	EtcdFormat HistoryFormat = "etcd"  // the log of Jepsen's test of etcd
	KVFormat   HistoryFormat = "kv"    // operations with a :key, as porcupine's logs are
	JSONFormat HistoryFormat = "jsonl" // a JSON object a line
	TextFormat HistoryFormat = "text"  // what FormatCalls writes
)

// HistoryFormats lists the formats.
func HistoryFormats() []HistoryFormat {
	return []HistoryFormat{AutoFormat, EDNFormat, EtcdFormat, KVFormat, JSONFormat, TextFormat}
}

// Recording is a recorded history with what its file says of it.
type Recording struct {
	history.Calls
	File  string
	Lines []int // by call: the line of its invocation
	// Failed are operations that certainly had no effect.
	Failed      []history.Call
	FailedLines []int // by failed operation: the line of its invocation
}

// ReadRecording reads a recorded history. An operation that never returned, or whose
// return says :info, is pending: it may take effect at any later time, or never. One
// that failed is none, and only kept apart. The error for a text that no recorder can
// have written is a [*text.Error], or in the text format
// a [*text.MalformedError]; it never means that a system is wrong. Memory is linear in the
// number of operations.
func ReadRecording(file string, in io.Reader, format HistoryFormat) (*Recording, error) {
	r := bufio.NewReaderSize(in, 64<<10)
	if format == AutoFormat || format == "" {
		head, err := r.Peek(4096)
		if len(head) == 0 && err != io.EOF {
			return nil, err
		}
		format = detect(head)
	}
	p := &pairing{recording: &Recording{File: file}, open: map[int32]int{}, ended: map[int32]int{}, indices: map[int64]int{}}
	var source interface{ next() (datum, error) }
	switch format {
	case EDNFormat, KVFormat:
		source = newEDNReader(file, r)
	case EtcdFormat:
		source = &lineReader{r: r, file: file, parse: parseLogLine}
	case JSONFormat:
		source = &lineReader{r: r, file: file, parse: parseJSONLine}
	case TextFormat:
		return readText(file, r)
	default:
		return nil, fmt.Errorf("no format %q: there are %v", format, HistoryFormats())
	}
	for {
		d, err := source.next()
		if err == io.EOF {
			return p.finish()
		}
		if err != nil {
			return nil, err
		}
		if err := p.record(&d); err != nil {
			return nil, badRecord(file, d.line, err.Error())
		}
	}
}

// detect finds out the format of a text by its beginning.
func detect(head []byte) HistoryFormat {
	text := strings.TrimLeft(string(head), " \t\r\n")
	word, _, _ := strings.Cut(text, " ")
	switch {
	case isLog(head):
		return EtcdFormat
	case strings.HasPrefix(text, "{") && strings.HasPrefix(strings.TrimLeft(text[1:], " \t"), `"`):
		return JSONFormat
	case word == "call" || word == "initial" || strings.HasPrefix(text, "# "):
		return TextFormat
	default:
		return EDNFormat
	}
}

func readText(file string, r io.Reader) (*Recording, error) {
	src, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	h, err := history.ParseCalls(file, string(src))
	if err != nil {
		return nil, err
	}
	rec := &Recording{Calls: *h, File: file}
	line := 0
	for text := range strings.SplitSeq(string(src), "\n") {
		if line++; strings.HasPrefix(strings.TrimSpace(text), "call") {
			rec.Lines = append(rec.Lines, line)
		}
	}
	return rec, nil
}

// pairing makes calls of records, of which most are an invocation or a return. The
// order of the records is the order in real time.
type pairing struct {
	recording *Recording
	open      map[int32]int // by process: its call that has not returned
	ended     map[int32]int // by process: the line of its :info, after which it can do no more
	indices   map[int64]int // by index of a record: its line
	records   int64
	failed    []bool // by call
	complete  bool   // records are whole calls, with times of their own
}

func (p *pairing) record(d *datum) error {
	if d.kind != mapDatum {
		return fmt.Errorf("%v is no operation: want a map", d)
	}
	for _, name := range []string{"index", "id"} {
		if index := d.get(name); index.kind == integerDatum {
			if line, ok := p.indices[index.number]; ok {
				return fmt.Errorf("a second record %s %d: line %d has the first", name, index.number, line)
			}
			p.indices[index.number] = d.line
		}
	}
	if initial, ok := d.lookup("initial"); ok {
		if len(p.recording.Calls.Calls) > 0 {
			return fmt.Errorf("what is there at first must come before all operations")
		}
		entries, err := stateOf(&initial)
		p.recording.Initial = append(p.recording.Initial, entries...)
		return err
	}
	process := d.get("process")
	if process.word() == "nemesis" {
		return nil // which is no client
	}
	if process.kind != integerDatum || process.number < math.MinInt32 || process.number > math.MaxInt32 {
		return fmt.Errorf("the process is %v: want a number of 32 bits", process)
	}
	p.records++
	kind := d.get("type")
	if kind.kind == nilDatum {
		return p.whole(int32(process.number), d)
	}
	if p.complete {
		return fmt.Errorf("an event among whole calls: a history has one or the other")
	}
	switch kind.word() {
	case "invoke":
		return p.invoke(int32(process.number), d)
	case "ok", "fail", "info":
		return p.end(int32(process.number), kind.word(), d)
	default:
		return fmt.Errorf("the type is %v: want invoke, ok, fail or info", kind)
	}
}

func (p *pairing) invoke(process int32, d *datum) error {
	h := p.recording
	if i, ok := p.open[process]; ok {
		return fmt.Errorf("process %d invokes an operation before that of line %d has returned; one whose outcome is unknown (:info) may still be under way, and ends its process",
			process, h.Lines[i])
	}
	actions, err := actionsOf(d)
	if err != nil {
		return err
	}
	p.open[process] = len(h.Lines)
	p.add(history.Call{Process: process, Invoked: time.Duration(p.records), Returned: history.Forever, Actions: actions}, d.line)
	return nil
}

func (p *pairing) add(c history.Call, line int) {
	h := p.recording
	h.Calls.Calls = append(h.Calls.Calls, c)
	h.Lines = append(h.Lines, line)
	p.failed = append(p.failed, false)
}

func (p *pairing) end(process int32, kind string, d *datum) error {
	h := p.recording
	i, ok := p.open[process]
	if !ok {
		return fmt.Errorf("process %d returns, and has invoked nothing", process)
	}
	if line, ok := p.ended[process]; ok {
		return fmt.Errorf("process %d returns a second time: line %d says that its outcome is unknown", process, line)
	}
	if kind == "info" {
		p.ended[process] = d.line
		return nil // stays open
	}
	c := &h.Calls.Calls[i]
	delete(p.open, process)
	c.Returned = time.Duration(p.records)
	if kind == "fail" {
		p.failed[i] = true
		return nil
	}
	if value, f := d.get("value"), d.get("f"); value.kind == nilDatum && !answers(c.Actions) && (f.kind == nilDatum || f.word() != "txn") {
		return p.refused(c, d) // nothing is told but that it is done
	}
	returned, err := actionsOf(d)
	if err != nil {
		return err
	}
	if !completes(c.Actions, returned) {
		return fmt.Errorf("process %d returns from %v, and what it invoked on line %d is %v", process, describe(returned), h.Lines[i], describe(c.Actions))
	}
	c.Actions = returned
	return nil
}

// refused notes a result that comes without a value.
func (p *pairing) refused(c *history.Call, d *datum) error {
	if f := d.get("f").word(); f != "" {
		if kind, err := operationKind(f); err != nil || len(c.Actions) != 1 || kind != c.Actions[0].Kind {
			return fmt.Errorf("process %d returns from a %s, and what it invoked is %v", c.Process, f, describe(c.Actions))
		}
	}
	if result := d.get("result"); result.kind == boolDatum {
		c.Actions[0].OK = result.number != 0
	}
	return nil
}

// answers reports whether the value of a return has something that its invocation has
// not.
func answers(actions []history.Action) bool {
	return slices.ContainsFunc(actions, func(a history.Action) bool {
		return a.Kind == history.ReadKey || a.Kind == history.HasKey || a.Kind == history.TakeAll
	})
}

func describe(actions []history.Action) string {
	words := make([]string, len(actions))
	for i, a := range actions {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// whole reads a record that is a call with its times, in nanoseconds.
func (p *pairing) whole(process int32, d *datum) error {
	call, timed := d.lookup("call")
	if !timed {
		return fmt.Errorf("a record has a type (invoke, ok, fail, info), or the times call and return")
	}
	if len(p.open) > 0 || len(p.failed) > 0 && !p.complete {
		return fmt.Errorf("a whole call among events: a history has one or the other")
	}
	p.complete = true
	c := history.Call{Process: process, Invoked: time.Duration(call.number), Returned: history.Forever}
	ret := d.get("return")
	if call.kind != integerDatum || ret.kind != integerDatum && ret.kind != nilDatum {
		return fmt.Errorf("the times of a call are whole numbers of nanoseconds, not %v and %v", call, ret)
	}
	if ret.kind == integerDatum {
		c.Returned = time.Duration(ret.number)
	}
	if c.Returned < c.Invoked {
		return fmt.Errorf("it returned at %v, before it was invoked at %v", ret, call)
	}
	var err error
	if c.Actions, err = actionsOf(d); err != nil {
		return err
	}
	p.add(c, d.line)
	p.failed[len(p.failed)-1] = d.get("failed").number != 0
	return nil
}

// finish takes out what failed, and puts whole calls, which are recorded when they
// return, in the order of their invocations.
func (p *pairing) finish() (*Recording, error) {
	h := p.recording
	order := make([]int, len(h.Lines))
	for i := range order {
		order[i] = i
	}
	calls, lines := h.Calls.Calls, h.Lines
	if p.complete {
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(calls[i].Invoked, calls[j].Invoked) })
	}
	h.Calls.Calls, h.Lines = nil, nil
	last := map[int32]int{} // by process: its call before
	for _, i := range order {
		if p.complete {
			if j, ok := last[calls[i].Process]; ok && calls[j].Returned > calls[i].Invoked {
				return nil, badRecord(h.File, lines[i], fmt.Sprintf("process %d is invoked before its call of line %d has returned: one process makes one call at a time", calls[i].Process, lines[j]))
			}
			last[calls[i].Process] = i
		}
		if len(calls[i].Actions) == 0 {
			continue // an empty transaction says nothing
		}
		if p.failed[i] {
			h.Failed, h.FailedLines = append(h.Failed, calls[i]), append(h.FailedLines, lines[i])
		} else {
			h.Calls.Calls, h.Lines = append(h.Calls.Calls, calls[i]), append(h.Lines, lines[i])
		}
	}
	return h, h.Calls.Validate()
}
