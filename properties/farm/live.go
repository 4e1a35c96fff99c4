package farm

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"synchrony/properties"
)

// sign is a worker's sign of life, as a message that nobody keeps.
type sign struct {
	Worker   string               `json:"worker"`
	Room     int                  `json:"room"`               // tasks that it does at once
	Busy     int                  `json:"busy"`               // of them, those under way
	Done     int                  `json:"done"`               // tasks that it has answered
	Task     string               `json:"task,omitempty"`     // the key of the one that the rest is about
	Progress *properties.Progress `json:"progress,omitempty"` // how far it is
	Answered bool                 `json:"answered,omitempty"` // there is an answer to it
	Trouble  string               `json:"trouble,omitempty"`  // what keeps it from answering
}

// Worker is what a submitter knows of one.
type Worker struct {
	Name  string    `json:"name"`
	Room  int       `json:"room"` // tasks that it does at once
	Busy  int       `json:"busy"` // of them, those under way
	Done  int       `json:"done"` // tasks that it has answered
	Seen  time.Time `json:"seen"` // when it gave a sign of life
	Tasks []string  `json:"tasks,omitempty"`
}

// Status is how a farm is.
type Status struct {
	Workers     []Worker `json:"workers"`     // that gave a sign of life lately, by name
	Tasks       int      `json:"tasks"`       // handed out so far
	Answered    int      `json:"answered"`    // of them
	Queued      int      `json:"queued"`      // of them, those that no worker has
	Held        int      `json:"held"`        // of them, those that workers have
	Redelivered int      `json:"redelivered"` // of the tasks on the server, those that went to a second worker or a third
	Lost        int      `json:"lost"`        // of the answered, those that ended all workers that had them
	Trouble     string   `json:"trouble,omitempty"`
}

// crowd is the workers that are known.
type crowd struct {
	mu      sync.Mutex
	workers map[string]*Worker
	tasks   map[string]map[string]string // by worker and key: what it is at
}

// silence is after which time without a sign of life a worker is not listed any more.
const silence = 10 * time.Second

func newCrowd() *crowd {
	return &crowd{workers: map[string]*Worker{}, tasks: map[string]map[string]string{}}
}

// hear notes a sign of life of a worker that is at a task of the given name.
func (c *crowd) hear(s *sign, name string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.workers[s.Worker] = &Worker{Name: s.Worker, Room: s.Room, Busy: s.Busy, Done: s.Done, Seen: now}
	if s.Task == "" {
		return
	}
	if c.tasks[s.Worker] == nil {
		c.tasks[s.Worker] = map[string]string{}
	}
	if s.Answered {
		delete(c.tasks[s.Worker], s.Task)
	} else if name != "" {
		c.tasks[s.Worker][s.Task] = name
	}
}

// list are the workers that gave a sign of life lately, by name.
func (c *crowd) list(now time.Time) []Worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []Worker{}
	for name, w := range c.workers {
		if now.Sub(w.Seen) > silence {
			delete(c.workers, name)
			delete(c.tasks, name)
			continue
		}
		shown := *w
		shown.Tasks = slices.Sorted(maps.Values(c.tasks[name]))
		list = append(list, shown)
	}
	slices.SortFunc(list, func(a, b Worker) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
