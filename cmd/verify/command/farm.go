package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/models/text"
	"synchrony/properties/farm"
	"synchrony/reports/live"
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
		Example: `  verify farm run -n 100000 --seed 7    on this machine
  verify farm explore --all --accounts 2  every batch of a scope
  verify farm test ./... --seed 7         ordinary Go tests
  verify farm check runs/*.edn --model kv  recorded histories
  verify farm mutants run                 the kill table
  verify farm soak --until 06:30          new seeds until morning`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				if slices.Contains(commandNames(cmd.Root()), args[0]) {
					return wrongUse(cmd, "verify %s does not run on a farm; what does is among these: %s", args[0], strings.Join(commandNames(cmd), ", "))
				}
				return wrongUse(cmd, "there is no farm for %q%s", args[0], didYouMean(args[0], commandNames(cmd)))
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(a.farmRunCommand(), a.farmExploreCommand(), a.farmTestCommand(), a.farmCheckCommand(), a.farmMutantsCommand(), a.farmSoakCommand())
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
	jobs     int
	replicas int
	lease    time.Duration
	source   string // folder of the source that this machine's workers build from; empty is where they are
}

func (o *farmOptions) flags(f *pflag.FlagSet) {
	o.server.flags(f)
	f.StringVar(&o.state, "state", "", "`folder` where the server inside the command keeps what it holds, to go on from if the command is ended (default: one of this campaign's own, in the folder that verify doctor calls state)")
	f.IntVar(&o.jobs, "jobs", 0, "workers on this machine: tasks that are done at once, each in a process of its own (default: as many as processors; none with --server)")
	f.IntVar(&o.replicas, "replicas", 1, "copies that a cluster keeps of all that belongs to the campaign")
	f.DurationVar(&o.lease, "lease", farm.DefaultLease, "how long a worker may be silent before its task goes to another one")
	unrepeated(f, "state", "jobs", "replicas", "lease")
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
	case o.jobs < 0:
		return wrongUse(cmd, "--jobs is %d, and must be at least 0", o.jobs)
	case o.jobs == 0 && given("jobs") && o.server.URL == "":
		return wrongUse(cmd, "--jobs is 0, and nobody else would work for the server inside the command; name yours with --server")
	case o.replicas < 1 || o.replicas > 5:
		return wrongUse(cmd, "--replicas is %d, and must be from 1 to 5", o.replicas)
	case o.replicas > 1 && o.server.URL == "":
		return wrongUse(cmd, "--replicas is for a cluster, which --server names")
	case o.lease < leastLease || o.lease > mostLease:
		return wrongUse(cmd, "--lease is %v, and must be from %v to %v", o.lease, leastLease, mostLease)
	case o.state != "" && o.server.URL != "":
		return wrongUse(cmd, "--state is for the server inside the command, and --server names another one")
	}
	if !given("jobs") && o.server.URL == "" {
		o.jobs = runtime.NumCPU()
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

// onOneMachine is the line that repeats a command of the farm on one machine. Of any other command it is that of itself.
func onOneMachine(cmd *cobra.Command, line string) string {
	name := cmd.Root().CommandPath() + " "
	if rest, ok := strings.CutPrefix(line, name+"farm "); ok {
		return name + rest
	}
	return line
}

// openFarm begins a campaign, or takes it up. Its tasks are those requests, or test properties and explore cases.
func (a *app) openFarm(ctx context.Context, o *farmOptions, command string, requests *farm.Requests) (_ *campaignOnFarm, err error) {
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
	identity := farm.Identity{Build: build, Command: command, Requests: requests}
	server := o.server.Server
	if server.URL == "" {
		folder, err := o.folder(identity)
		if err != nil {
			return nil, err
		}
		if f.embedded, err = farm.Embed(folder, f.notes.say); err != nil {
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
		f.notes.say("this campaign was begun before: it goes on with " + text.Plural(n, "answer"))
	}
	useless := func(error) {} // others may work
	if f.embedded != nil {
		useless = f.GiveUp
	}
	f.workers, err = a.startWorkers(o.jobs, server, o.source, f.notes, useless)
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
	line := fmt.Sprintf("farm: %s, %d of %s answered, %d under way", text.Plural(room, "worker"), s.Answered, text.Plural(s.Tasks, "task"), s.Held)
	if s.Redelivered > 0 {
		line += fmt.Sprintf(", %d given to another worker", s.Redelivered)
	}
	if s.Lost > 0 {
		line += fmt.Sprintf(", %d not judged", s.Lost)
	}
	return line
}

// shown is how the farm is, for the page.
func (f *campaignOnFarm) shown() *live.Farm {
	s := f.Status()
	out := &live.Farm{
		Workers: []live.Worker{}, Tasks: s.Tasks, Answered: s.Answered, Queued: s.Queued, Held: s.Held, Redelivered: s.Redelivered, Lost: s.Lost, Trouble: s.Trouble,
	}
	for _, w := range s.Workers {
		out.Workers = append(out.Workers, live.Worker{Name: w.Name, Room: w.Room, Busy: w.Busy, Done: w.Done})
	}
	return out
}

// close ends the campaign. If it is finished, nothing of it stays; else it can be taken up again.
func (f *campaignOnFarm) close(ctx context.Context, finished bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	err := f.Submitter.Close(ctx, finished)
	f.Submitter = nil
	return errors.Join(err, f.release(finished))
}

// conclude ends the campaign, and says how it goes on if it is not finished.
func (f *campaignOnFarm) conclude(ctx context.Context, finished bool, how string) {
	finished = finished && ctx.Err() == nil
	if err := f.close(ctx, finished); err != nil {
		f.notes.say(err.Error())
	}
	if !finished {
		f.notes.say("the same command goes on from here, " + how)
	}
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
