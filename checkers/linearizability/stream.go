package linearizability

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/text"
)

// Stream judges a history of independent objects while its calls come, and forgets what the rest does not depend on. Between two instants of
// which a cut tells the state exactly, an object's calls are judged, and all that is kept of them is that state with the calls of unknown
// outcome that may still take effect: see cut. So memory is that of the calls since the last cuts, and of a value for each object.
//
// Times of calls must grow from one that is told to the next.
type Stream struct {
	Wording history.Wording // of what is told
	Between int             // how many calls of an object come between two cuts, at least
	model   Model
	admit   *admission
	initial func(key string) []history.Entry
	objects map[string]*streamed
	calls   map[int]*streamedCall // that are under way, by their numbers
	seen    int                   // calls
	kept    int                   // of them
	most    int                   // how many may be kept before all objects are tried
	search  bool                  // it took a search to know
	failed  bool
}

// streamed is an object with the calls that are kept of it.
type streamed struct {
	key     string
	first   int // the number of its first call among all that say something
	begins  []history.Value
	calls   []*streamedCall // in the order of their invocations
	under   int             // how many are under way
	unknown int             // how many of the calls are of unknown outcome
	alone   *streamedCall   // the call during all of which no other one was under way, if it is the last one
	cut     int             // so many of the calls come before the last instant at which there may be a cut
	by      *streamedCall   // the call that tells the state then, if it takes one
	try     int             // how many calls there must be for a try
	whole   bool            // a cut failed: it is judged as a whole
	fails   *Failure
}

// streamedCall is a call that is kept.
type streamedCall struct {
	history.Call
	line   int
	number int // among all calls
	under  bool
}

// Failure is an object whose calls cannot be explained: what is known of it from the last cut on.
type Failure struct {
	Key    string
	Result Result
	Begins []history.Value // in which of these states it was then
	Calls  *history.Calls
	Lines  []int // of the calls
	first  int
}

// The usual bounds of a stream.
const (
	callsBetweenCuts = 64
	callsKept        = 50_000
)

// Streams reports whether histories of the model can be judged while their calls come: keys are independent objects, and what a call does is
// done at once.
func (m Model) Streams() bool {
	return m.single && !slices.Contains(m.actions, history.AwaitAll) && !slices.Contains(m.actions, history.JoinAll)
}

// NewStream is a stream of a model's calls; initial tells what is there at first of an object that is used for the first time.
func NewStream(m Model, initial func(key string) []history.Entry) *Stream {
	return &Stream{
		model: m, admit: newAdmission(m), initial: initial, objects: map[string]*streamed{}, calls: map[int]*streamedCall{}, most: callsKept, Between: callsBetweenCuts,
	}
}

// Invoked is told that a call was invoked, on a line. Its number is that of no other call under way.
func (s *Stream) Invoked(number int, c *history.Call, line int) {
	if len(c.Actions) == 0 {
		return // an empty transaction
	}
	s.seen++
	x := &streamedCall{Call: *c, line: line, number: s.seen, under: true}
	s.calls[number] = x
	o := s.object(c.Actions[0].Key)
	if o.alone = nil; o.under == 0 {
		o.alone = x
	}
	o.under++
	if o.fails == nil {
		o.calls = append(o.calls, x)
		s.kept++
	}
}

// object is the object of a key.
func (s *Stream) object(key string) *streamed {
	o := s.objects[key]
	if o == nil {
		o = &streamed{key: key, first: math.MaxInt, begins: []history.Value{{}}, try: s.Between}
		for _, e := range s.initial(key) {
			o.begins[0] = e.Value
			s.admit.there[key] = true
		}
		s.objects[key] = o
	}
	return o
}

// Ended is told what came of a call: [history.Committed], with its results; [history.Aborted], if it counts for nothing; or 0, if that is not
// known. The error, a [*text.MalformedError], is for a call that the model does not have.
func (s *Stream) Ended(number int, c *history.Call, outcome history.Outcome) error {
	x := s.calls[number]
	if x == nil {
		return nil
	}
	delete(s.calls, number)
	o := s.objects[x.Actions[0].Key]
	x.under = false
	if o.under--; outcome == history.Committed {
		x.Call = *c
	}
	if outcome == history.Aborted || SaysNothing(&x.Call) {
		s.remove(o, x)
	} else if err := s.count(o, x); err != nil {
		return err
	}
	if outcome == 0 && !SaysNothing(&x.Call) {
		o.unknown++
	}
	if o.alone != x || outcome != history.Committed {
		o.alone = nil
	}
	if o.fails == nil && !o.whole && o.under == 0 {
		s.quiet(o)
	}
	return nil
}

// remove takes a call out of those of an object, among which it is one of the last.
func (s *Stream) remove(o *streamed, x *streamedCall) {
	for i, y := range slices.Backward(o.calls) {
		if y == x {
			o.calls = slices.Delete(o.calls, i, i+1)
			s.kept--
			return
		}
	}
}

// count takes note of a call that says something.
func (s *Stream) count(o *streamed, x *streamedCall) error {
	if wrong := s.admit.call(&x.Call); wrong != "" {
		return &text.MalformedError{Where: strconv.Itoa(x.line), Reason: wrong}
	}
	o.first = min(o.first, x.number)
	return nil
}

// quiet takes note of an instant at which no call on an object is under way.
func (s *Stream) quiet(o *streamed) {
	if by, ok := s.mayCut(o); ok {
		o.cut, o.by = len(o.calls), by
	}
	if len(o.calls) >= o.try {
		s.forget(o)
	}
	if s.kept > s.most {
		for _, key := range s.keys() {
			s.forget(s.objects[key])
		}
		s.most = max(callsKept, 2*s.kept)
	}
}

// keys are the objects' in the order of their first calls, for what depends on an order.
func (s *Stream) keys() []string {
	keys := make([]string, 0, len(s.objects))
	for key := range s.objects {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y string) int {
		return cmp.Or(cmp.Compare(s.objects[x].first, s.objects[y].first), cmp.Compare(x, y))
	})
	return keys
}

// forget judges an object's calls before its cut, if there is one, and forgets them if they can be explained.
func (s *Stream) forget(o *streamed) {
	if o.cut == 0 || o.whole || o.fails != nil {
		return
	}
	n := o.cut
	o.cut = 0
	after, status := s.judgeCut(o, o.calls[:n])
	switch {
	case o.fails != nil:
	case status == checkers.Unknown:
		o.whole = true
	case status == checkers.Pass && after == nil: // not now
		o.try = 2 * len(o.calls)
	case status == checkers.Pass:
		s.kept -= n - len(after.carried)
		o.begins, o.calls = after.begins, slices.Concat(after.carried, o.calls[n:])
		o.unknown = 0
		for _, x := range o.calls {
			if !x.under && x.Pending() {
				o.unknown++
			}
		}
		o.try = 2*len(after.carried) + s.Between + len(after.begins[0].Text)/8
	}
}

// piece is some calls of an object, for a check.
func (s *Stream) piece(o *streamed, calls []*streamedCall) (objectCalls, []int) {
	x := objectCalls{h: &history.Calls{Untimed: true, Wording: s.Wording, Calls: make([]history.Call, 0, len(calls))}}
	var lines []int
	for _, c := range calls {
		call := c.Call
		if c.under {
			call.Returned = history.Forever
		}
		if SaysNothing(&call) {
			continue
		}
		x.part = append(x.part, len(x.h.Calls))
		x.h.Calls = append(x.h.Calls, call)
		lines = append(lines, c.line)
	}
	if len(o.begins) == 1 {
		if o.begins[0] != (history.Value{}) {
			x.initial = []history.Entry{{Key: o.key, Value: o.begins[0]}}
		}
		return x, lines
	}
	for _, v := range o.begins {
		x.begins = append(x.begins, state{v})
	}
	return x, lines
}

// fail takes note of an object whose calls cannot be explained, and forgets them.
func (s *Stream) fail(o *streamed, x *objectCalls, lines []int, r Result) {
	o.fails = &Failure{Key: o.key, Result: r, Begins: o.begins, Calls: x.h, Lines: lines, first: o.first}
	s.failed = true
	s.kept -= len(o.calls)
	o.calls, o.begins = nil, nil
}

// Failures are the objects whose calls cannot be explained, as far as is known, in the order of their first calls.
func (s *Stream) Failures() []*Failure {
	var list []*Failure
	for _, o := range s.objects {
		if o.fails != nil {
			list = append(list, o.fails)
		}
	}
	slices.SortFunc(list, func(x, y *Failure) int { return cmp.Compare(x.first, y.first) })
	return list
}

// Failed reports whether it is known that the calls on some object cannot be explained.
func (s *Stream) Failed() bool { return s.failed }

// Keys are the keys of the objects that calls have named.
func (s *Stream) Keys() map[string]bool {
	keys := make(map[string]bool, len(s.objects))
	for key := range s.objects {
		keys[key] = true
	}
	return keys
}

// Kept is how many calls are kept.
func (s *Stream) Kept() int { return s.kept }

// Check judges what was told so far, in which calls that are under way have not returned; more may come after it. If it fails, [Stream.Failures] has why.
func (s *Stream) Check(o Options) (checkers.Verdict, bool, error) {
	under := slices.SortedFunc(maps.Values(s.calls), func(x, y *streamedCall) int { return cmp.Compare(x.number, y.number) })
	for _, x := range under {
		if !SaysNothing(&x.Call) {
			if err := s.count(s.objects[x.Actions[0].Key], x); err != nil {
				return checkers.Verdict{}, false, err
			}
		}
	}
	var objects []objectCalls
	var lines [][]int
	var of []*streamed
	for _, key := range s.keys() {
		x := s.objects[key]
		if x.fails != nil || len(x.calls) == 0 {
			continue
		}
		if piece, at := s.piece(x, x.calls); len(piece.part) > 0 {
			objects, lines, of = append(objects, piece), append(lines, at), append(of, x)
		}
	}
	o = o.withDefaults()
	r, at := checkObjects(s.model, objects, o)
	if r.Status == checkers.Fail {
		s.fail(of[at], &objects[at], lines[at], r)
	}
	searched := s.search || r.Searched
	if list := s.Failures(); len(list) > 0 {
		return list[0].Result.Verdict, list[0].Result.Searched, nil
	}
	return r.Verdict, searched, nil
}
