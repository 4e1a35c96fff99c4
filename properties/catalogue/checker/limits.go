package checker

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/smt"
	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/program"
	"synchrony/properties"
)

// question is one for a checker, of some size, with a limit under which it cannot be answered; and the
// right answer, which the checker may find out all the same.
type question struct {
	name   string
	answer checkers.Status
	ask    func(size int) (checkers.Verdict, error)
}

// work is too little for Z3 to decide anything.
const work = 1

func questions() []question {
	solver := &solver{prover: smt.New(smt.Limits{Time: -1, Work: work})}
	aboutBatch := func(text string, ask func(*smt.Prover, *batch.Batch) checkers.Verdict) func(int) (checkers.Verdict, error) {
		return func(size int) (checkers.Verdict, error) {
			b, err := batch.Parse("question.ae", []byte(strings.ReplaceAll(text, "SIZE", strconv.Itoa(size))))
			if err != nil {
				return checkers.Verdict{}, err
			}
			return solver.ask(func(p *smt.Prover) checkers.Verdict { return ask(p, b) }), nil
		}
	}
	return []question{
		{"search, out of time", checkers.Fail, func(size int) (checkers.Verdict, error) {
			return linearizability.Check(linearizability.Counter(), sums(24+size), linearizability.Options{Timeout: time.Millisecond}).Verdict, nil
		}},
		{"search, too many calls", checkers.Fail, func(size int) (checkers.Verdict, error) {
			return linearizability.Check(linearizability.Counter(), sums(size), linearizability.Options{MaxCalls: 1}).Verdict, nil
		}},
		{"serial order, out of work", checkers.Fail, func(size int) (checkers.Verdict, error) {
			return solver.ask(func(p *smt.Prover) checkers.Verdict {
				return p.SerialOrder(lostUpdates(size), smt.OrderOptions{}).Verdict
			}), nil
		}},
		{"conservation, out of work", checkers.Fail, aboutBatch(minting, func(p *smt.Prover, b *batch.Batch) checkers.Verdict {
			return p.Conservation(b)[0].Verdict
		})},
		{"overflow, out of work", checkers.Fail, aboutBatch(overflowing, func(p *smt.Prover, b *batch.Batch) checkers.Verdict {
			return p.Overflow(b, smt.AnyBalances)[0].Verdict
		})},
		{"plan, out of work", checkers.Fail, aboutBatch(dependent, func(p *smt.Prover, b *batch.Batch) checkers.Verdict {
			return p.PlanEquivalence(b, nil).Verdict
		})},
		{"chunks, out of work", checkers.Fail, func(size int) (checkers.Verdict, error) {
			code, err := program.Assemble("question.zxasm", []byte(fmt.Sprintf(
				"LOAD_NAME x\nLOAD_CONST %d\nADD\nSTORE_NAME x\nLOAD_NAME x\nLOAD_CONST 3\nMUL\nSTORE_NAME x\n", size)))
			if err != nil {
				return checkers.Verdict{}, err
			}
			return solver.ask(func(p *smt.Prover) checkers.Verdict {
				return p.Commute(code, smt.Chunk{From: 0, To: 4}, smt.Chunk{From: 4, To: 8}).Verdict
			}), nil
		}},
	}
}

const minting = `accounts { a: 100; b: 50; }
intent gift(from: Account, to: Account, amount: Amount) {
  guard { amount > SIZE; }
  verify { from == old_from - amount; to == old_to + amount + amount / 100; }
}
atomic_batch { intent gift1(a, b, 10) }
`

const overflowing = `accounts { a: 100; b: 50; }
intent grow(from: Account, to: Account, amount: Amount) {
  guard { amount * SIZE > 10; amount < 1000000 * SIZE; }
  verify { from == old_from - amount; to == old_to + amount; }
}
atomic_batch { intent grow1(a, b, 10) }
`

const dependent = `accounts { a: SIZE; b: 0; c: 0; }
atomic_batch {
  intent transfer1(a, b, SIZE)
  intent transfer2(b, c, SIZE)
}
`

// solver is a prover, whose context is large, for all questions.
type solver struct {
	mu     sync.Mutex
	prover *smt.Prover
}

func (s *solver) ask(question func(*smt.Prover) checkers.Verdict) checkers.Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	return question(s.prover)
}

// sums are so many concurrent additions of different powers of 2, and a read of what no order of
// them gives.
func sums(n int) *history.Calls {
	c := &history.Calls{}
	for i := range n {
		c.Calls = append(c.Calls, history.Call{Process: int32(i), Invoked: 0, Returned: 9, Actions: []history.Action{
			{Kind: history.AddTo, Key: "x", Delta: 1 << i},
		}})
	}
	c.Calls = append(c.Calls, history.Call{Process: int32(n), Invoked: 0, Returned: 9, Actions: []history.Action{
		{Kind: history.ReadKey, Key: "x", Value: history.NumberOf(-1)},
	}})
	return c
}

// lostUpdates are transactions that all have read and replaced the first version of a key, each of its own.
func lostUpdates(keys int) *history.History {
	h := &history.History{Initial: make([]int64, keys)}
	for range 2 {
		for k := range int32(keys) {
			h.Begin("", history.Committed, 0, 0)
			h.Add(history.ReadOf(k, history.InitialVersion, 0))
			h.Add(history.WriteOf(k, history.InitialVersion, 1))
			for other := range int32(keys) { // which ties the keys together
				if other != k {
					h.Add(history.ReadOf(other, history.InitialVersion, 0))
				}
			}
		}
	}
	return h
}

// asked is a question and its size, from 1.
type asked struct {
	Question string
	Size     int
}

const maxSize = 4

func asking(qs []question) *rapid.Generator[asked] {
	var names []string
	for i := range qs {
		names = append(names, qs[i].name)
	}
	return rapid.Custom(func(t *rapid.T) asked {
		return asked{rapid.SampledFrom(names).Draw(t, "question"), rapid.IntRange(1, maxSize).Draw(t, "size")}
	})
}

// limited asks each question once: a context of Z3 that was interrupted is of no more use, and the
// next one is large.
type limited struct {
	questions []question
	mu        *sync.Mutex
	known     map[asked]checkers.Verdict
}

func within(qs []question) limited { return limited{qs, &sync.Mutex{}, map[asked]checkers.Verdict{}} }

func (limited) Name() string { return "checkers within limits" }

func (l limited) Run(_ context.Context, _ *sched.Runtime, w asked) (checkers.Verdict, error) {
	q := find(l.questions, w.Question)
	if q == nil {
		return checkers.Verdict{}, fmt.Errorf("there is no question %q", w.Question)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, known := l.known[w]; known {
		return v, nil
	}
	v, err := q.ask(w.Size)
	if err == nil {
		l.known[w] = v
	}
	return v, err
}

func find(qs []question, name string) *question {
	if i := slices.IndexFunc(qs, func(q question) bool { return q.name == name }); i >= 0 {
		return &qs[i]
	}
	return nil
}

// modest judges whether a verdict is the right one, or none.
type modest struct{ questions []question }

func (modest) Name() string { return "modesty" }

func (m modest) Check(w asked, v checkers.Verdict) checkers.Verdict {
	q := find(m.questions, w.Question)
	switch {
	case v.Status == checkers.Unknown && v.Reason == "":
		return checkers.Failed("no reason", fmt.Sprintf("%s: nothing says why it is unknown", w.Question))
	case v.Status != checkers.Unknown && q != nil && v.Status != q.answer:
		return checkers.Failed("out of its limits, and sure", fmt.Sprintf("%s, of size %d: the verdict is %v, and the right one is %v", w.Question, w.Size, v.Status, q.answer))
	}
	return checkers.Passed()
}

const questionFile = "question" // a line "NAME; SIZE"

func askedCodec(qs []question) properties.Codec[asked] {
	return properties.Codec[asked]{
		Format: func(w asked) ([]txtar.File, error) {
			return []txtar.File{{Name: questionFile, Data: []byte(fmt.Sprintf("%s; %d\n", w.Question, w.Size))}}, nil
		},
		Parse: func(files []txtar.File) (asked, error) {
			if len(files) != 1 || files[0].Name != questionFile {
				return asked{}, fmt.Errorf("the workload is one file, %q", questionFile)
			}
			name, size, _ := strings.Cut(strings.TrimSpace(string(files[0].Data)), "; ")
			n, err := strconv.Atoi(size)
			if err != nil || n < 1 || n > maxSize || find(qs, name) == nil {
				return asked{}, fmt.Errorf("%s: expected a question and its size from 1 to %d, found %q", questionFile, maxSize, strings.TrimSpace(string(files[0].Data)))
			}
			return asked{name, n}, nil
		},
	}
}
