package measure

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// settings says what is measured, and how thoroughly.
type settings struct {
	out          io.Writer
	images       string // the folder for curves; empty for none
	root         string // of the repository
	verify       string // the program, built from it
	rounds       int
	transactions int
	workers      int
	waits        int // transactions that wait
	sizes        []int
	pools        []int // numbers of workers of the curves
	cases        []int // of verify run
	histories    []int // their transactions, for verify check
	peers        []Peer
}

// section is one thing that is measured.
type section struct {
	name    string
	measure func(*settings) error
}

// sections are all, in the order of the tables.
var sections = []section{
	{"peers", (*settings).besidePeers},
	{"proof", (*settings).proof},
	{"share", (*settings).share},
	{"latency", (*settings).latency},
	{"one", (*settings).one},
	{"sizes", (*settings).bySize},
	{"workers", (*settings).byWorkers},
	{"graph", (*settings).graph},
	{"check", (*settings).check},
	{"schedules", (*settings).schedules},
	{"run", (*settings).run},
	{"report", (*settings).report},
}

// Main measures what the arguments ask for, beside the given peers, and returns the exit code.
func Main(args []string, out io.Writer, peers []Peer) int {
	measure := func() error { return measureAll(args, out, peers) }
	if len(args) > 1 && args[0] == watching {
		measure = func() error { return watch(out, args[1:]) }
	}
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		return 1
	}
	return 0
}

func measureAll(args []string, out io.Writer, peers []Peer) error {
	s := settings{
		out: out, workers: 2, waits: 1000, peers: peers,
		sizes: []int{1_000, 10_000, 100_000, 1_000_000}, pools: []int{1, 2, 4, 8, 16},
		cases: []int{20, 50, 200, 500, 2_000}, histories: []int{10_000, 100_000, 1_000_000, 4_000_000},
	}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.IntVar(&s.rounds, "rounds", 15, "how often each executor has its turn")
	flags.IntVar(&s.transactions, "transactions", 10_000, "in a block")
	only := flags.String("only", "", "the sections to measure, separated by commas: "+names()+" (default all)")
	quick := flags.Bool("quick", false, "small sizes: to see that it works")
	largest := flags.Int("largest", 1_000_000, "the largest block of the curve by size; 10000000 takes much memory")
	flags.StringVar(&s.images, "images", "", "the folder to write curves to")
	flags.StringVar(&s.root, "root", "", "the repository")
	flags.StringVar(&s.verify, "verify", "", "the program verify, built from it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if s.rounds < 1 || s.transactions < 2 {
		return fmt.Errorf("-rounds is %d and -transactions %d: set them to at least 1 and 2", s.rounds, s.transactions)
	}
	if *largest > s.sizes[len(s.sizes)-1] {
		s.sizes = append(s.sizes, *largest)
	}
	s.sizes = slices.DeleteFunc(s.sizes, func(n int) bool { return n > *largest })
	if *quick {
		s.rounds, s.transactions, s.waits = min(s.rounds, 3), min(s.transactions, 500), 20
		s.sizes, s.pools = []int{100, 1_000}, []int{1, 2}
		s.cases, s.histories = []int{2, 4}, []int{1_000, 10_000}
	}
	chosen, err := choose(*only)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s/%s, %d cores, %s; %d rounds; peers: %s. A ratio is that within a round: median (minimum–maximum).\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), s.rounds, strings.Join(s.peerNames(), ", "))
	for _, c := range chosen {
		if err := c.measure(&s); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func names() string {
	var list []string
	for _, s := range sections {
		list = append(list, s.name)
	}
	return strings.Join(list, ", ")
}

func choose(only string) ([]section, error) {
	if only == "" {
		return sections, nil
	}
	var chosen []section
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(sections, func(s section) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no section %q: choose from %s", name, names())
		}
		chosen = append(chosen, sections[i])
	}
	return chosen, nil
}

func (s *settings) peerNames() []string {
	names := []string{"none"}
	for i, p := range s.peers {
		names = append(names[:i], p.Name)
	}
	return names
}

// draw writes a chart to the folder of images, if there is one.
func (s *settings) draw(file string, c *chart) error {
	if s.images == "" {
		return nil
	}
	if err := os.MkdirAll(s.images, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.images, file), []byte(c.svg()), 0o644)
}
