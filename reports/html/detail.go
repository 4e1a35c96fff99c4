package html

import (
	"strings"

	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
	batchprops "synchrony/properties/catalogue/batch"
	"synchrony/properties/story"
)

// Failure is a violation, and what is known of it.
type Failure struct {
	Info  properties.Info
	Found properties.Failure // by a run; or what a counterexample states
	// Text is the counterexample's; empty if it isn't at hand.
	Text string
	// Replay is what came of it in this process; nil if it was not replayed here.
	Replay *properties.Replay
	Again  bool // a replay that a page is about, wherever it was run, has shown the violation again
	Test   bool // of a Go test
	// Note says why there is less to see than there might be; empty if there isn't.
	Note string
}

// detail is the data of one failure that scripts show. Parts without data are left out.
type detail struct {
	File     *text          `json:"file,omitempty"`     // the counterexample, for saving
	Name     string         `json:"name,omitempty"`     // under this name
	Cut      bool           `json:"cut,omitempty"`      // without its story, which was too long
	Workload []string       `json:"workload,omitempty"` // names of its files that are the workload's
	Story    *story.Told    `json:"story,omitempty"`
	Batches  []batchRun     `json:"batches,omitempty"` // executions of a batch; several if the property compares them
	Program  *programRun    `json:"program,omitempty"`
	Schedule *scheduleSteps `json:"schedule,omitempty"`
	Waits    *graph         `json:"waits,omitempty"` // who waits for whom, of what cannot go on
}

// maxStory is how many lines of a story the page has. The events tell it, too.
const maxStory = 400

// toDetail gathers the data of a failure.
func toDetail(f *Failure) *detail {
	d := &detail{Name: fileName(f)}
	var lines []string // of the story
	var c *properties.Counterexample
	if f.Text != "" {
		if parsed, err := properties.ParseCounterexample(d.Name, []byte(f.Text)); err == nil {
			c = parsed
		} else {
			d.File = takeApart(f.Text) // whatever it is, it is what was found
		}
	}
	if c != nil {
		lines = c.Story
		for _, w := range c.Workload {
			d.Workload = append(d.Workload, w.Name)
		}
		if len(c.Story) > maxStory {
			short := *c
			short.Story = nil
			c, d.Cut = &short, true
		}
		d.File = takeApart(string(c.Format()))
	}
	d.Waits = waitGraph(f.Found.Waits)
	if f.Replay != nil {
		d.replayed(f, c)
		if len(f.Replay.Story) > 0 {
			lines = f.Replay.Story
		}
	}
	if len(lines) > 0 {
		told := story.Read(lines[:min(len(lines), maxStory)])
		d.Story = &told
	}
	return d
}

// replayed adds what a replay showed.
func (d *detail) replayed(f *Failure, c *properties.Counterexample) {
	r := f.Replay
	if d.Waits == nil {
		d.Waits = waitGraph(r.Waits)
	}
	object := schedule.Object.String
	switch o := r.Observation.(type) {
	case trace.Observation:
		if w, ok := r.Workload.(batch.Workload); ok {
			object = trace.NamesOf(w.Batch).Object
			d.Batches = []batchRun{toBatchRun("", w, o, r.Tasks)}
		}
	case []batchprops.Execution:
		if w, ok := r.Workload.(batch.Workload); ok {
			object = trace.NamesOf(w.Batch).Object
			d.Batches = toVariants(w, o, r.Tasks)
		}
	case trace.ProgramObservation:
		if w, ok := r.Workload.(program.Workload); ok {
			names := programNames{&o}
			object = names.object
			d.Program = toProgramRun(w, o)
		}
	}
	var deviations []schedule.Deviation
	if c != nil && c.Schedule != nil {
		deviations = c.Schedule.Deviations
	}
	d.Schedule = toSchedule(r, deviations, object)
}

// fileName is the name under which a counterexample is saved from the page.
func fileName(f *Failure) string {
	path := strings.ReplaceAll(f.Found.File, `\`, "/")
	if name := path[strings.LastIndex(path, "/")+1:]; name != "" {
		return name
	}
	return f.Info.ID + ".txtar"
}
