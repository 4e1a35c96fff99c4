package programs

import "strconv"

// variable is one of the variables that programs use, each of one kind of values. The shared ones are
// among them, to say which of them are set.
type variable uint8

// The variables by kind: a first one, and how many there are.
const (
	integers = 32

	firstInt    variable = 0
	firstBool   variable = firstInt + integers
	firstFloat  variable = firstBool + 2
	firstString variable = firstFloat + 2
	firstList   variable = firstString + 2 // of ints, never empty
	firstMap    variable = firstList + 2   // with ints, and always one for "k"
	anything    variable = firstMap + 2    // of any kind
	firstShared variable = anything + 1    // written and read
	firstCount  variable = firstShared + 4 // only ever added to, in programs without races
	workerID    variable = firstCount + 2
	beyond      variable = workerID + 1
)

// variables is a set of them.
type variables uint64

const everything = ^variables(0)

func (v variable) bit() variables             { return 1 << v }
func (vs variables) contains(v variable) bool { return vs&v.bit() != 0 }

// names has the names of variables. Shared variables are apart from others, so one of each has the same name.
// It is never written.
var variableNames = [...]string{
	firstBool: "yes", firstBool + 1: "no", firstFloat: "x", firstFloat + 1: "y", firstString: "s", firstString + 1: "t",
	firstList: "list", firstList + 1: "items", firstMap: "map", firstMap + 1: "dict", anything: "any",
	firstShared: "P", firstShared + 1: "Q", firstShared + 2: "a", firstShared + 3: "R",
	firstCount: "N", firstCount + 1: "M", workerID: "worker_id",
}

// name returns a … h, v8, v9 … for ints, and a word for the others.
func (v variable) name() string {
	switch {
	case v < 8:
		return string(rune('a' + v))
	case v < firstInt+integers:
		return "v" + strconv.Itoa(int(v))
	}
	return variableNames[v]
}

// readable chooses an int variable that has a value here; ok is false if none has that the layout allows.
func (c *compiler) readable(s *scope, u uint64) (v variable, ok bool) {
	n := c.numbers.variables
	k := of(u, n)
	switch c.numbers.layout {
	case Linked:
		k = c.written
	case Separate:
		k = c.statement % n
		return variable(k), s.has.contains(variable(k))
	}
	for i := range n {
		if v = variable((k + i) % n); s.has.contains(v) {
			return v, true
		}
	}
	return 0, false
}

// target chooses an int variable to write.
func (c *compiler) target(u uint64) variable {
	n := c.numbers.variables
	switch c.numbers.layout {
	case Linked:
		return variable((c.written + 1) % n)
	case Separate:
		return variable(c.statement % n)
	}
	return variable(of(u, n))
}

// storeInt emits a store of an int of at most that magnitude.
func (c *compiler) storeInt(s *scope, ctx context, v variable, bound float64) {
	c.store(s, ctx, v)
	if ctx.conditional || ctx.repeated || s.inner {
		bound = max(bound, c.bounds[v])
	}
	c.bounds[v] = bound
	c.written = int(v)
}
