package execution

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// chromeEvent is one entry of the Chrome trace-event format ("Trace Event Format",
// the JSON object form), which chrome://tracing and ui.perfetto.dev show. Times
// are in microseconds.
type chromeEvent struct {
	Name  string         `json:"name"`
	Phase string         `json:"ph"` // X complete, i instant, M metadata
	Time  float64        `json:"ts"`
	Dur   *float64       `json:"dur,omitempty"`
	PID   int            `json:"pid"`
	TID   int32          `json:"tid"`
	Scope string         `json:"s,omitempty"` // t: of the thread
	Args  map[string]any `json:"args,omitempty"`
}

// ChromeSteps writes the steps of a controlled run as Chrome trace events: a
// thread for each task, and a microsecond for each step, for time is virtual.
func ChromeSteps(w io.Writer, steps []schedule.Step, tasks []string) error {
	var events []chromeEvent
	for i, name := range tasks {
		events = append(events, threadName(int32(i), name))
	}
	one := 1.0
	for i, s := range steps {
		events = append(events, chromeEvent{
			Name: s.Op.String() + " " + s.Object.String(), Phase: "X", Time: float64(i), Dur: &one, TID: s.Task,
			Args: map[string]any{"step": i},
		})
	}
	return writeChrome(w, events)
}

// ChromeExecution writes the events of a batch's execution as Chrome trace events:
// a thread for each worker, with a span for each transaction and an instant for
// each access in it.
func ChromeExecution(w io.Writer, b *batch.Batch, events []trace.Event) error {
	names := trace.NamesOf(b)
	var out []chromeEvent
	workers := int32(0)
	begun := map[int32]time.Duration{}
	for _, e := range events {
		workers = max(workers, e.Worker+1)
		tx := names.Tx(e.Tx)
		switch e.Kind {
		case trace.Start:
			begun[e.Tx] = e.Time
		case trace.Read, trace.Write:
			out = append(out, chromeEvent{
				Name: e.Kind.String() + " " + names.Account(e.Account), Phase: "i", Time: micros(e.Time), TID: e.Worker, Scope: "t",
				Args: accessArgs(tx, names, e),
			})
		default:
			out = append(out, ending(e, tx, begun))
			delete(begun, e.Tx)
		}
	}
	var threads []chromeEvent
	for i := range workers {
		threads = append(threads, threadName(i, fmt.Sprintf("worker %d", i)))
	}
	return writeChrome(w, append(threads, out...))
}

// ending is a transaction's span; or an instant, if what is undone has ended before.
func ending(e trace.Event, tx string, begun map[int32]time.Duration) chromeEvent {
	start, ok := begun[e.Tx]
	if !ok {
		return chromeEvent{Name: e.Kind.String() + " " + tx, Phase: "i", Time: micros(e.Time), TID: e.Worker, Scope: "t"}
	}
	dur := micros(e.Time - start)
	return chromeEvent{
		Name: tx, Phase: "X", Time: micros(start), Dur: &dur, TID: e.Worker, Args: map[string]any{"end": e.Kind.String()},
	}
}

func accessArgs(tx string, names trace.Names, e trace.Event) map[string]any {
	args := map[string]any{"transaction": tx, "old": e.Old, "version": names.Version(e.Version)}
	if e.Kind == trace.Write {
		args["new"] = e.New
	}
	return args
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func threadName(id int32, name string) chromeEvent {
	return chromeEvent{Name: "thread_name", Phase: "M", TID: id, Args: map[string]any{"name": name}}
}

func writeChrome(w io.Writer, events []chromeEvent) error {
	if events == nil {
		events = []chromeEvent{}
	}
	return json.NewEncoder(w).Encode(map[string]any{"displayTimeUnit": "ns", "traceEvents": events})
}
