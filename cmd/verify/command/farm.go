package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties/farm"
)

// farmCommand is what has the commands that work on many machines.
func (a *app) farmCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "farm",
		Short: "Do the work on many machines",
		Long: `Do the work of other commands on many machines, over NATS JetStream. Without
--server, a server runs inside the command, and workers on this machine's processors.
With --server, it is yours, one or a cluster, and "verify work" does the work, on as
many machines as you like, which may come and go at any time.

What comes of it is what comes of the other command with the same seed, but for times.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongUse(cmd, "there is no farm for %q%s", args[0], didYouMean(args[0], commandNames(cmd)))
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(a.farmRunCommand())
	return cmd
}

// serverOptions say how to connect to a server.
type serverOptions struct{ farm.Server }

func (o *serverOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.URL, "server", "", "`address` of a NATS server with JetStream, or several of a cluster with commas: nats://HOST:4222, tls://HOST:4222; @FILE is a file that has it")
	f.StringVar(&o.Credentials, "creds", "", "`file` with a user's JWT and seed, for the server")
	f.StringVar(&o.NKey, "nkey", "", "`file` with the seed of a user's NKey, for the server")
	f.StringVar(&o.CA, "tls-ca", "", "`file` with the certificates of who has signed the server's, in PEM")
	f.StringVar(&o.Certificate, "tls-cert", "", "`file` with a certificate to show to the server, in PEM")
	f.StringVar(&o.Key, "tls-key", "", "`file` with its key, in PEM")
	unrepeated(f, "server", "creds", "nkey", "tls-ca", "tls-cert", "tls-key")
}

// check refuses what makes no sense.
func (o *serverOptions) check(cmd *cobra.Command) error {
	if o.URL == "" {
		for _, flag := range []string{"creds", "nkey", "tls-ca", "tls-cert", "tls-key"} {
			if cmd.Flags().Changed(flag) {
				return wrongUse(cmd, "--%s is for a server of yours, which --server names", flag)
			}
		}
	}
	if (o.Certificate == "") != (o.Key == "") {
		return wrongUse(cmd, "--tls-cert and --tls-key go together")
	}
	return nil
}

// farmOptions are what the farm's commands have in common.
type farmOptions struct {
	server   serverOptions
	state    string // folder of the server inside this process
	workers  int
	replicas int
	lease    time.Duration
}

func (o *farmOptions) flags(f *pflag.FlagSet) {
	o.server.flags(f)
	f.StringVar(&o.state, "state", "", "`folder` where the server inside the command keeps what it holds, to go on from if the command is ended (default: one of this campaign's own, in the folder that verify doctor calls state)")
	f.IntVar(&o.workers, "workers", 0, "processes on this machine that work (default: as many as processors; none with --server)")
	f.IntVar(&o.replicas, "replicas", 1, "copies that a cluster keeps of all that belongs to the campaign")
	f.DurationVar(&o.lease, "lease", farm.DefaultLease, "how long a worker may be silent before its task goes to another one")
	unrepeated(f, "state", "workers", "replicas", "lease")
}

// Bounds of a lease: below, a busy machine is taken for a dead one; above, nobody waits.
const (
	leastLease = time.Second
	mostLease  = time.Hour
)

// check refuses what makes no sense, and fills in what was not given.
func (o *farmOptions) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case o.workers < 0:
		return wrongUse(cmd, "--workers is %d, and must be at least 0", o.workers)
	case o.workers == 0 && given("workers") && o.server.URL == "":
		return wrongUse(cmd, "--workers is 0, and nobody else would work for the server inside the command; name yours with --server")
	case o.replicas < 1 || o.replicas > 5:
		return wrongUse(cmd, "--replicas is %d, and must be from 1 to 5", o.replicas)
	case o.replicas > 1 && o.server.URL == "":
		return wrongUse(cmd, "--replicas is for a cluster, which --server names")
	case o.lease < leastLease || o.lease > mostLease:
		return wrongUse(cmd, "--lease is %v, and must be from %v to %v", o.lease, leastLease, mostLease)
	case o.state != "" && o.server.URL != "":
		return wrongUse(cmd, "--state is for the server inside the command, and --server names another one")
	}
	if !given("workers") && o.server.URL == "" {
		o.workers = runtime.NumCPU()
	}
	return o.server.check(cmd)
}

// campaignOnFarm is a campaign with all that it needs: the server, the workers of this machine, and who hands out its tasks.
type campaignOnFarm struct {
	*farm.Submitter
	notes    *notes
	conn     *farm.Conn
	embedded *farm.Embedded // nil if the server is another process
	workers  *workers
}

// openFarm begins a campaign, or takes it up.
func (a *app) openFarm(ctx context.Context, o *farmOptions, command string) (_ *campaignOnFarm, err error) {
	f := &campaignOnFarm{notes: &notes{w: a.stderr}}
	defer func() {
		if err != nil {
			f.release(false)
		}
	}()
	build, err := identity()
	if err != nil {
		return nil, err
	}
	identity := farm.Identity{Build: build, Command: command}
	server := o.server.Server
	if server.URL == "" {
		folder, err := o.folder(identity)
		if err != nil {
			return nil, err
		}
		if f.embedded, err = farm.Embed(folder); err != nil {
			return nil, err
		}
		server = f.embedded.Server()
	}
	if f.conn, err = farm.Connect(ctx, server, "verify farm"); err != nil {
		return nil, err
	}
	if f.Submitter, err = farm.Submit(ctx, f.conn, identity, farm.Limits{Replicas: o.replicas, Lease: o.lease}, f.notes.say); err != nil {
		return nil, err
	}
	f.notes.also = f.line
	if n := f.Resumed(); n > 0 {
		f.notes.say("this campaign was begun before: it goes on with " + plural(n, "answer"))
	}
	f.workers, err = a.startWorkers(o.workers, server, f.notes)
	return f, err
}

// folder is where the server inside the command keeps what it holds.
func (o *farmOptions) folder(i farm.Identity) (string, error) {
	if o.state != "" {
		return o.state, nil
	}
	state := stateFolder(runtime.GOOS, os.Getenv)
	if state == "" {
		return "", errors.New("nothing says where the farm's server can keep what it holds: HOME is not set; name a folder with --state")
	}
	return filepath.Join(state, "farm", i.Name()), nil
}

// line is how the farm is, in a few words.
func (f *campaignOnFarm) line() string {
	s := f.Status()
	room := 0
	for _, w := range s.Workers {
		room += w.Room
	}
	line := fmt.Sprintf("farm: %s, %d of %s answered, %d under way", plural(room, "worker"), s.Answered, plural(s.Tasks, "task"), s.Held)
	if s.Redelivered > 0 {
		line += fmt.Sprintf(", %d given to another worker", s.Redelivered)
	}
	if s.Lost > 0 {
		line += fmt.Sprintf(", %d not judged", s.Lost)
	}
	return line
}

// close ends the campaign. If it is finished, nothing of it stays; else it can be taken up again.
func (f *campaignOnFarm) close(ctx context.Context, finished bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	err := f.Submitter.Close(ctx, finished)
	f.Submitter = nil
	return errors.Join(err, f.release(finished))
}

// closeTime bounds how long removing a campaign may take.
const closeTime = 15 * time.Second

// release ends what the campaign has needed.
func (f *campaignOnFarm) release(finished bool) error {
	if f.workers != nil {
		f.workers.stop()
	}
	if f.conn != nil {
		f.conn.Close()
	}
	switch {
	case f.embedded == nil:
		return nil
	case finished:
		return f.embedded.Remove()
	}
	f.embedded.Close()
	return nil
}

// farmRunCommand is verify run on a farm.
func (a *app) farmRunCommand() *cobra.Command {
	var o runOptions
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "run [PROPERTY…]",
		Short: "Test properties as verify run does, on many machines",
		Long: `Test properties as verify run does, on many machines: see "verify farm". The report
is that of verify run with the same seed, but for times, whatever the workers are and
whatever becomes of them.

Known counterexamples in --corpus are replayed here, where they are; cases are tested
by workers; what they find is saved here.

A campaign that was ended before it was finished goes on with the same command: the
seed must be given, then. A task that ends three workers is not judged; the case that
they were last heard to be at is saved in the folder "unjudged" of --corpus.

There is no --time: who wants to end it early ends the command. Programs in other
languages (--system) are for verify run.

Exit codes: those of verify run.`,
		Example: `  verify farm run -n 100000 --seed 7                        on this machine
  verify farm run -n 1000000 --seed 7 --server nats://farm:4222    on others
  verify work --server nats://farm:4222                     on each of those
  verify farm run S6 -n 10000 --seed 7 --workers 2 --json result.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words = args
			if err := errors.Join(o.complete(cmd), farmed.check(cmd)); err != nil {
				return err
			}
			return a.farmRun(cmd, &o, &farmed)
		},
	}
	f := cmd.Flags()
	o.outputs = a.outputFlags(f)
	o.outputs.eventsFlag(f)
	o.store.flags(f)
	o.store.noneFlag(f)
	o.caseFlags(f)
	farmed.flags(f)
	return cmd
}

// farmRun is verify farm run, once its options are known to be right.
func (a *app) farmRun(cmd *cobra.Command, o *runOptions, farmed *farmOptions) (err error) {
	checks, err := a.selected(cmd, o.words)
	if err != nil {
		return err
	}
	remove, err := openCorpus(o.corpus)
	if err != nil {
		return err
	}
	defer remove()
	if err := errors.Join(o.outputs.check(cmd), o.store.check()); err != nil {
		return err
	}
	local, err := a.newRunner(o.hangTimeout)
	if err != nil {
		return err
	}
	began := time.Now()
	c := o.campaign(checks, a.program())
	report := o.report(cmd, c)
	// The report is that of the run on one machine, which its command repeats.
	report.Command = strings.Replace(report.Command, cmd.CommandPath(), cmd.Root().Name()+" run", 1)
	f, err := a.openFarm(cmd.Context(), farmed, report.Command)
	if err != nil {
		return err
	}
	o.notes, o.jobs = f.notes, len(checks)
	c.Runner = &farm.Runner{
		Submitter: f.Submitter, Local: local, Replays: make(chan struct{}, runtime.NumCPU()), Properties: len(checks),
		Patience: o.hangTimeout, Lookup: a.registry.Lookup,
	}
	err = a.launch(cmd, c, report, &o.campaignOptions, began)
	finished := !report.Interrupted && cmd.Context().Err() == nil
	if e := f.close(cmd.Context(), finished); e != nil {
		f.notes.say(e.Error())
	}
	if !finished {
		f.notes.say("the same command goes on from here, with --seed " + fmt.Sprint(o.seed))
	}
	return err
}
