package measure

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"synchrony/models/recording/sample"
)

// benchmarks runs benchmarks of a package of the project, and returns the figures of each, by unit.
func (s *settings) benchmarks(pkg, pattern, times string, extra ...string) ([]benchmark, error) {
	cmd := exec.Command("go", append([]string{"test", pkg, "-run", "^$", "-bench", pattern, "-benchtime", times, "-benchmem"}, extra...)...)
	cmd.Dir = s.root
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go test %s -bench %s: %w\n%s", pkg, pattern, err, out)
	}
	list := parseBenchmarks(out)
	if len(list) == 0 {
		return nil, fmt.Errorf("go test %s -bench %s measured nothing:\n%s", pkg, pattern, out)
	}
	return list, nil
}

// benchmark is a line that a benchmark printed.
type benchmark struct {
	name   string
	values map[string]float64
}

func parseBenchmarks(out []byte) []benchmark {
	var list []benchmark
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		b := benchmark{strings.TrimPrefix(words[0], "Benchmark"), map[string]float64{}}
		if i := strings.LastIndex(b.name, "-"); i > 0 {
			if _, err := strconv.Atoi(b.name[i+1:]); err == nil {
				b.name = b.name[:i]
			}
		}
		for i := 2; i+1 < len(words); i += 2 {
			if v, err := strconv.ParseFloat(words[i], 64); err == nil {
				b.values[words[i+1]] = v
			}
		}
		list = append(list, b)
	}
	return list
}

const million = 1e6

// graph measures the checkers of serializability.
func (s *settings) graph() error {
	t := &table{
		title: "Checking histories for serializability",
		notes: []string{"`go test ./checkers/serializability -run '^$' -bench 'Judge|Graph' -benchtime 3x -cpu 1`: right histories, judged in memory. " +
			"Replay: the order of returns is a serial one; order, and readers: others; Graph: by the graph alone. Bytes are all that was allocated."},
		header: []string{"history", "million transactions a second of processor time", "by the clock", "MB allocated"},
	}
	pattern := "Judge|Graph"
	if s.histories[len(s.histories)-1] < 1_000_000 {
		pattern = "Graph/n=10000$"
	}
	list, err := s.benchmarks("./checkers/serializability", pattern, "3x", "-cpu", "1")
	if err != nil {
		return err
	}
	for _, b := range list {
		t.add(b.name, figure(b.values["tx/cpu-s"]/million), figure(b.values["tx/s"]/million), figure(b.values["B/op"]/million))
	}
	t.write(s.out)
	return nil
}

// schedules measures controlled runs.
func (s *settings) schedules() error {
	t := &table{
		title:  "Controlled schedules",
		notes:  []string{"`go test ./executor/sched -run '^$' -bench Schedules -cpu 1`: three workers of ten yield points each."},
		header: []string{"strategy", "schedules a second", "steps of each"},
	}
	times := "1s"
	if s.rounds < 5 {
		times = "100x"
	}
	list, err := s.benchmarks("./executor/sched", "Schedules", times, "-cpu", "1")
	if err != nil {
		return err
	}
	for _, b := range list {
		t.add(strings.TrimPrefix(b.name, "Schedules/"), figure(b.values["schedules/s"]), figure(b.values["steps"]))
	}
	t.write(s.out)
	return nil
}

// report measures the size of the HTML page.
func (s *settings) report() error {
	t := &table{
		title:  "The report",
		notes:  []string{"`go test ./reports/html -run '^$' -bench Page -benchtime 1x`: a page with so many failures of 10,000 events each."},
		header: []string{"failures", "page in kB", "s to write"},
	}
	list, err := s.benchmarks("./reports/html", "Page$", "1x", "-cpu", "1")
	if err != nil {
		return err
	}
	for _, b := range list {
		t.add(strings.TrimPrefix(b.name, "Page/failures="), figure(b.values["page-bytes"]/1000), figure(b.values["ns/op"]/float64(time.Second)))
	}
	t.write(s.out)
	return nil
}

// check measures verify check with files of transactions on lists.
func (s *settings) check() error {
	t := &table{
		title:  "verify check, from a file",
		notes:  []string{"`verify check --model list-append FILE`: right histories of transactions of 1 to 4 operations on lists, as Jepsen records them in EDN, at concurrency 100; the whole process, reading and judging, the middle one of three runs by processor time."},
		header: []string{"transactions", "MB of the file", "thousand transactions a second of processor time", "by the clock", "MB of memory"},
	}
	speed, memory := curve{name: "1,000 a CPU second"}, curve{name: "MB of memory"}
	for _, n := range s.histories {
		file, size, err := drawHistory(n)
		if err != nil {
			return err
		}
		p, err := s.middle(3, "check", "--model", "list-append", file)
		err = errors.Join(err, os.RemoveAll(filepath.Dir(file)))
		if err != nil {
			return err
		}
		rate := float64(n) / p.CPU.Seconds() / 1000
		t.add(grouped(int64(n)), figure(float64(size)/million), figure(rate), figure(float64(n)/p.Wall.Seconds()/1000), figure(p.Memory))
		speed.points = append(speed.points, point{float64(n), rate})
		memory.points = append(memory.points, point{float64(n), p.Memory})
	}
	t.write(s.out)
	return s.draw("performance-check.svg", &chart{title: "verify check of transactions on lists, from a file of EDN", x: "transactions", y: "as the legend says", curves: []curve{speed, memory}})
}

// drawHistory writes a history to a file in a temporary folder of its own, and says how large it is.
func drawHistory(n int) (file string, size int64, err error) {
	folder, err := os.MkdirTemp("", "compare")
	if err != nil {
		return "", 0, err
	}
	file = filepath.Join(folder, "history.edn")
	f, err := os.Create(file)
	if err != nil {
		return "", 0, err
	}
	text := sample.EDN(sample.Shape{Lists: true, Transactions: n, Concurrency: 100, Writes: 32}.Draw(rand.New(rand.NewPCG(1, 1))))
	w := bufio.NewWriter(f)
	_, err = w.WriteString(text)
	return file, int64(len(text)), cmp.Or(err, w.Flush(), f.Close())
}

// middle runs verify several times, and returns the run with the median processor time.
func (s *settings) middle(times int, args ...string) (process, error) {
	var runs []process
	for range times {
		p, err := s.runVerify(args...)
		if err == nil && p.Exit != 0 {
			err = fmt.Errorf("verify %s: exit code %d", strings.Join(args, " "), p.Exit)
		}
		if err != nil {
			return p, err
		}
		runs = append(runs, p)
	}
	slices.SortFunc(runs, func(a, b process) int { return cmp.Compare(a.CPU, b.CPU) })
	return runs[len(runs)/2], nil
}

// run measures verify run with more and more cases.
func (s *settings) run() error {
	t := &table{
		title:  "verify run",
		notes:  []string{"`verify run -n N --seed 1 --no-store --smoke --corpus FOLDER`: all built-in properties. Processor time is that of all processes; memory is that of the largest of them."},
		header: []string{"cases of each property", "s of processor time", "ms of it a case of each", "s by the clock", "MB of memory", "exit code"},
	}
	per, memory := curve{name: "CPU ms a case of each"}, curve{name: "MB of memory"}
	for _, n := range s.cases {
		p, err := s.runVerify("run", "-n", strconv.Itoa(n), "--seed", "1", "--no-store", "--smoke", "--corpus", "corpus")
		if err != nil {
			return err
		}
		each := float64(p.CPU.Milliseconds()) / float64(n)
		t.add(grouped(int64(n)), figure(p.CPU.Seconds()), figure(each), figure(p.Wall.Seconds()), figure(p.Memory), strconv.Itoa(p.Exit))
		per.points = append(per.points, point{float64(n), each})
		memory.points = append(memory.points, point{float64(n), p.Memory})
	}
	t.write(s.out)
	return s.draw("performance-run.svg", &chart{title: "verify run of all built-in properties", x: "cases of each property", y: "as the legend says", curves: []curve{per, memory}})
}
