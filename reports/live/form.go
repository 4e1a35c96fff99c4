package live

import (
	"time"

	"synchrony/properties"
	"synchrony/properties/story"
	"synchrony/reports"
	"synchrony/reports/results"
)

// heading is what the page says of the run as a whole.
type heading struct {
	Command    string   `json:"command"`
	Tool       string   `json:"tool"`
	Began      string   `json:"began"`
	Where      []string `json:"where"` // the environment, in words
	Properties []row    `json:"properties"`
}

// row is a property that is to be tested.
type row struct {
	ID        string `json:"id"`
	Statement string `json:"statement"`
}

// verdict is what became of a property.
type verdict struct {
	ID        string         `json:"id"`
	Status    reports.Status `json:"status"`
	Why       string         `json:"why,omitempty"`
	Cases     int            `json:"cases"`
	Schedules int            `json:"schedules"`
	Seconds   float64        `json:"seconds"`
	Failures  []failure      `json:"failures,omitempty"`
}

// failure is a violation, with its story.
type failure struct {
	Rule     string      `json:"rule"`
	Reason   string      `json:"reason"`
	Evidence []string    `json:"evidence,omitempty"`
	Why      []string    `json:"why,omitempty"`
	Story    *story.Told `json:"story,omitempty"`
	File     string      `json:"file,omitempty"`
}

// progress is how far the run is.
type progress struct {
	Status    reports.Status `json:"status"` // the worst verdict until now; empty without one
	Summary   string         `json:"summary"`
	Fraction  float64        `json:"fraction"`
	Parts     int            `json:"parts"`
	Finished  int            `json:"finished"`
	Failed    int            `json:"failed"`
	Cases     int            `json:"cases"`
	Schedules int            `json:"schedules"`
	Rate      float64        `json:"rate"` // schedules per second
	Elapsed   float64        `json:"elapsed"`
	Left      float64        `json:"left"` // seconds; 0 if that is not known
	Running   []running      `json:"running"`
	Farm      *Farm          `json:"farm,omitempty"`
}

// running is a property that is under way.
type running struct {
	ID    string  `json:"id"`
	Phase string  `json:"phase"`
	Cases int     `json:"cases"`
	Of    int     `json:"of"` // 0 is as many as fit into the time
	Since float64 `json:"since"`
}

func toHeading(run *results.Run) *heading {
	h := &heading{Command: run.Command, Tool: run.Tool, Where: run.Environment.Words(), Properties: []row{}}
	if !run.Began.IsZero() {
		h.Began = run.Began.UTC().Format(time.RFC3339)
	}
	for i := range run.Properties {
		in := &run.Properties[i].Info
		h.Properties = append(h.Properties, row{in.ID, in.Statement})
	}
	return h
}

func toVerdict(p *results.Property) verdict {
	r := &p.Result
	v := verdict{ID: p.Info.ID, Status: p.Status(), Why: p.Why(), Cases: r.Cases, Schedules: r.Schedules, Seconds: r.Seconds}
	for i := range r.Failures {
		v.Failures = append(v.Failures, toFailure(&r.Failures[i]))
	}
	return v
}

// maxStory is how many lines of a story the page has; the file has all.
const maxStory = 200

func toFailure(f *properties.Failure) failure {
	out := failure{Rule: f.Checker + ", " + f.Rule, Reason: f.Reason, Evidence: f.Evidence, File: f.File}
	if c, err := properties.ParseCounterexample(f.File, []byte(f.Text)); err == nil {
		out.Why = c.Why
		if len(c.Story) > 0 {
			told := story.Read(c.Story[:min(len(c.Story), maxStory)])
			out.Story = &told
		}
	}
	return out
}

func toProgress(s *State, worst reports.Status) progress {
	p := progress{
		Status: worst, Summary: s.Line(), Fraction: s.Fraction, Parts: s.Parts, Finished: s.Finished, Failed: s.Failed, Cases: s.Cases, Schedules: s.Schedules,
		Elapsed: s.Elapsed.Seconds(), Left: s.Left.Seconds(), Running: []running{}, Farm: s.Farm,
	}
	if p.Elapsed > 0 {
		p.Rate = float64(p.Schedules) / p.Elapsed
	}
	for i := range s.Running {
		r := &s.Running[i]
		p.Running = append(p.Running, running{r.Property, string(r.Phase), r.Cases(), r.Count, r.Elapsed.Seconds()})
	}
	return p
}
