package programs

// Options says what programs to draw. The zero value draws assignments
// only, of default sizes, without faults; a profile ([AnyProgram], [Forking] …) is
// the usual start. What is drawn is valid, and succeeds unless an option says otherwise.
type Options struct {
	MaxStatements   int // in all but a few cases; 0 is 14
	LargeStatements int // in about one case of forty; 0 is MaxStatements
	MaxWorkers      int // of the executor; 0 is 8
	MaxForkWorkers  int // of one fork; 0 is 6
	MaxSteps        int // executed instructions, about; 0 is 3000

	// Weights of kinds of statements, beside a weight of 20 for assignments.
	Values      int // booleans, floats and strings
	Collections int // lists and maps
	Rebuilds    int // a variable gets several strings, lists or maps in turn
	Prints      int
	Branches    int
	Loops       int
	Holds       int // a value stays on the operand stack over statements
	Returns     int // in the middle
	Calls       int
	Maps        int // PARALLEL_MAP
	Shared      int // shared variables
	Forks       int
	Barriers    int // in forks
	Works       int // statements that take virtual time

	// Plain draws nothing but the instructions of [PlainOpcodes], with ints and bools as values: what a machine in any language does in a few lines.
	// Values, Collections, Rebuilds, Maps, Barriers and Works must be 0.
	Plain bool

	// Shares of programs, in percent.
	Errors    int // some statements fail
	Unmatched int // some barriers are not reached by all workers
	Racy      int // workers may access shared variables in any way; otherwise no order of accesses can be seen
	JoinLimit int // joins have timeouts
	RunLimit  int // the run has a timeout, or a limit on its virtual time
	Cancels   int // the caller cancels the run
	Limits    int // as many steps or as much memory as are needed up to some place, or a low call depth
	Faults    int // attempts at chunks fail, hang or panic
	Modes     int // a mode other than Parallel
	Retries   int // a number of retries, a queue or a fallback other than the default

	Variables VariableLayout // of all cases; the zero value draws one for each
}

// VariableLayout says how assignments choose their variables.
type VariableLayout uint8

// The ways to choose variables.
const (
	AnyLayout VariableLayout = iota // each case draws one of the following
	Few                             // some of up to six variables
	Many                            // some of up to sixteen
	Linked                          // each assignment reads what the one before it wrote
	Separate                        // each assignment has a variable of its own
	Single                          // all use one variable
)

// AnyProgram is the default: every class occurs, and most programs succeed.
func AnyProgram() Options {
	return Options{
		LargeStatements: 60,
		Values:          4, Collections: 5, Prints: 5, Branches: 5, Loops: 3, Holds: 2, Returns: 1, Calls: 4,
		Maps: 2, Shared: 4, Forks: 4, Barriers: 4, Works: 1,
		Errors: 14, Unmatched: 20, Racy: 40, JoinLimit: 6, RunLimit: 5, Limits: 5,
		Faults: 20, Modes: 20, Retries: 25,
	}
}

// StraightLine draws programs without jumps, calls and forks.
func StraightLine() Options { return Options{Values: 3, Holds: 2, Modes: 10} }

// Branching draws programs with branches, conditional writes and early returns.
func Branching() Options {
	return Options{Branches: 15, Values: 3, Prints: 2, Returns: 2}
}

// Looping draws programs with bounded loops, nested ones included.
func Looping() Options {
	return Options{Loops: 12, Branches: 4, Prints: 2}
}

// Functions draws programs that call functions: in each way, again, and recursively.
func Functions() Options {
	return Options{Calls: 15, Branches: 3, Loops: 2, Returns: 3, Prints: 2}
}

// Collections draws programs with lists and maps.
func Collections() Options {
	return Options{Collections: 25, Values: 5, Prints: 4, Loops: 2}
}

// Printing draws programs that print all over the place.
func Printing() Options {
	return Options{Prints: 25, Branches: 3, Loops: 2, Calls: 2}
}

// Erring draws programs of which most fail, with work and output after the failure.
func Erring() Options {
	return Options{Errors: 85, Prints: 8, Branches: 4, Loops: 2, Calls: 3, Shared: 3, Forks: 2, Holds: 2}
}

// SharedState draws programs whose workers use shared variables, half of them in a race.
func SharedState() Options {
	return Options{MaxForkWorkers: 3, MaxStatements: 10, Shared: 30, Forks: 12, Barriers: 3, Racy: 50}
}

// Forking draws programs with forks, nested ones included.
func Forking() Options {
	return Options{Forks: 14, Prints: 5, Branches: 3, Shared: 3, Calls: 2, Loops: 2, Errors: 10, Racy: 30}
}

// Barriers draws programs whose workers meet at barriers, or don't.
func Barriers() Options {
	return Options{Forks: 10, Barriers: 20, Prints: 3, Shared: 5, Branches: 2, Loops: 2, Works: 1, Unmatched: 40}
}

// Mapping draws programs with PARALLEL_MAP.
func Mapping() Options {
	return Options{Maps: 15, Rebuilds: 10, Collections: 5, Branches: 3, Loops: 2, Calls: 2, Errors: 10}
}

// DeepChains draws long programs in which each statement needs the one before it.
func DeepChains() Options {
	return Options{MaxStatements: 60, Variables: Linked, Prints: 1}
}

// Wide draws long programs of independent statements.
func Wide() Options {
	return Options{MaxStatements: 60, Variables: Separate, Loops: 1}
}

// Faulty draws programs with effects of all sorts and with faults.
func Faulty() Options {
	return Options{
		Prints: 8, Shared: 8, Branches: 2, Loops: 2, Calls: 2, Collections: 2, Forks: 1,
		Faults: 95, Retries: 50, Errors: 15,
	}
}

// Timed draws programs that take virtual time, most of them with timeouts.
func Timed() Options {
	return Options{
		MaxForkWorkers: 3, MaxStatements: 10, Works: 20, Forks: 8, Barriers: 2, Prints: 4,
		JoinLimit: 50, RunLimit: 40,
	}
}

// withDefaults fills in the sizes and puts every bound within reason.
func (o Options) withDefaults() Options {
	orElse := func(n, otherwise int) int {
		if n <= 0 {
			return otherwise
		}
		return n
	}
	o.MaxStatements = orElse(o.MaxStatements, 14)
	o.LargeStatements = max(o.LargeStatements, o.MaxStatements)
	o.MaxWorkers = orElse(o.MaxWorkers, 8)
	o.MaxForkWorkers = min(orElse(o.MaxForkWorkers, 6), 16)
	o.MaxSteps = min(orElse(o.MaxSteps, 3000), 100_000)
	return o
}
