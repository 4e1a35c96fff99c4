package command

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/document"
	"synchrony/properties/farm"
	"synchrony/properties/isolate"
)

// farmCheckCommand is verify check on a farm.
func (a *app) farmCheckCommand() *cobra.Command {
	var o checkOptions
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "check HISTORY…",
		Short: "Judge recorded histories as verify check does, on many machines",
		Long: `Judge recorded histories as verify check does, on many machines: see "verify farm".
What it says is what verify check says, but for times, whatever the workers are and
whatever becomes of them.

A history is a task. One of a model that judges each key on its own is several, each of
some of its keys: one for each MiB of the file, ` + fmt.Sprint(mostParts) + ` at most, or --parts. --time and
--memory are for each task. One that ends three workers is not judged: the verdict is
unknown.

Workers need neither the files nor the model's: the server keeps them until the command
has ended. A command that was ended before goes on with the same command.

Exit codes: those of verify check.`,
		Example: `  verify farm check runs/*.edn --model register                     on this machine
  verify farm check runs/*.edn --model list-append --server nats://farm:4222
  verify farm check large.jsonl --model kv --parts 64 --time 10m`,
		Args: atLeastOne("history"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cmp.Or(o.validate(cmd, args), farmed.check(cmd)); err != nil {
				return err
			}
			if o.parts < 0 || o.parts > 1024 || o.parts == 0 && cmd.Flags().Changed("parts") {
				return wrongUse(cmd, "--parts is %d, and must be from 1 to 1024", o.parts)
			}
			return a.farmCheck(cmd, &o, &farmed, args)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	f.IntVar(&o.parts, "parts", 0, "tasks for a history whose keys are judged each on its own (default: by its size)")
	unrepeated(f, "parts")
	farmed.flags(f)
	return cmd
}

// How a history whose keys are judged each on its own is divided: every task reads all of it.
const (
	bytesAPart = 1 << 20
	mostParts  = 16
)

// checkKind is the kind of requests that judge histories.
const checkKind = "histories"

// checkRequest asks to judge a history, or a part of its objects.
type checkRequest struct {
	Number    int           `json:"number"`  // of the history on the command line, from 0
	File      string        `json:"file"`    // its name there
	History   string        `json:"history"` // what it is attached as
	Model     string        `json:"model,omitempty"`
	Declared  string        `json:"declared,omitempty"` // the text of a model of somebody's own
	Format    string        `json:"format"`
	Isolation string        `json:"isolation"`
	Pairs     string        `json:"pairs"`
	Nils      string        `json:"nils"`
	Initial   []string      `json:"initial,omitempty"`
	Negative  bool          `json:"negative,omitempty"`
	Time      time.Duration `json:"time"`   // nanoseconds
	Memory    int           `json:"memory"` // MB
	Page      bool          `json:"page,omitempty"`
	Part      int           `json:"part"`
	Parts     int           `json:"parts"`
}

// checkReply is what came of it.
type checkReply struct {
	Report *checkReport `json:"report"`
	Page   []byte       `json:"page,omitempty"`
}

// farmCheck is verify farm check, once its options are known to be right.
func (a *app) farmCheck(cmd *cobra.Command, o *checkOptions, farmed *farmOptions, paths []string) error {
	folder, err := os.MkdirTemp("", "verify-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // a folder of temporary files
	all, identity := a.histories(paths, folder)
	declared := ""
	if o.modelFile != "" {
		text, err := os.ReadFile(o.modelFile)
		if err != nil {
			return err
		}
		declared = string(text)
		identity += fmt.Sprintf("%x", sha256.Sum256(text))
	}
	command := fmt.Sprintf("%s # of content %.12x", onOneMachine(cmd, repeatLine(cmd, paths)), sha256.Sum256([]byte(identity)))
	f, err := a.openFarm(cmd.Context(), farmed, command, &farm.Requests{Kind: checkKind, Setting: json.RawMessage("{}")})
	if err != nil {
		return err
	}
	beside, stop := f.show(a.stderr)
	shown := *a
	shown.stdout, shown.stderr = beside(a.stdout), beside(a.stderr)
	err = shown.checkAll(cmd, o, paths, tasksAtOnce, func(ctx context.Context, o *checkOptions, i int) (*checkReport, error) {
		j := farmedCheck{f, o, o.request(i, &all[i], declared)}
		report, page, err := j.judge(ctx, &all[i], o.parts)
		if err != nil || page == nil {
			return report, err
		}
		report.Page = o.html
		return report, a.writeOutput(o.html, func(w io.Writer) error {
			_, err := w.Write(page)
			return err
		})
	})
	stop()
	f.conclude(cmd.Context(), true, "with what was answered")
	return err
}

// sentHistory is a history that is sent to workers.
type sentHistory struct {
	path string // on the command line
	file string // where its content is
	name string // what it is attached as
	size int64
	err  error // why it cannot be read
}

// histories are those on a command line, and what tells their contents from others. What can be read only once is kept in a folder.
func (a *app) histories(paths []string, folder string) (all []sentHistory, identity string) {
	for i, path := range paths {
		h := sentHistory{path: path}
		h.err = a.digest(&h, filepath.Join(folder, fmt.Sprint(i)))
		all = append(all, h)
		identity += h.name + "\n"
	}
	return all, identity
}

// digest says where a history's content is, and what it is attached as. What can be read only once is kept in the file copied.
func (a *app) digest(h *sentHistory, copied string) error {
	content, closing, err := a.open(h.path)
	if err != nil {
		return err
	}
	defer func() { _ = closing() }() // it was only read
	h.file = h.path
	if info, err := os.Stat(h.path); h.path == "-" || err != nil || !info.Mode().IsRegular() {
		h.file = copied
		kept, err := os.Create(copied)
		if err != nil {
			return err
		}
		defer func() { _ = kept.Close() }() // what is missing of it, its reader finds
		content = io.TeeReader(content, kept)
	}
	if h.name, err = farm.Digest(content); err != nil {
		return fmt.Errorf("cannot read %s: %w", h.path, err)
	}
	info, err := os.Stat(h.file)
	if err == nil {
		h.size = info.Size()
	}
	return err
}

// request is the request to judge a history as the options say.
func (o *checkOptions) request(i int, h *sentHistory, declared string) checkRequest {
	return checkRequest{
		Number: i, File: h.path, History: h.name, Model: o.model, Declared: declared, Format: o.format, Isolation: o.isolation, Pairs: o.pairs, Nils: o.nils,
		Initial: o.initial, Negative: o.negative, Time: o.time, Memory: o.memory, Page: o.html != "",
	}
}

// farmedCheck judges a history by workers.
type farmedCheck struct {
	*campaignOnFarm
	options *checkOptions
	request checkRequest
}

// refutedError ends the judging of the other parts of a history: no later one matters.
type refutedError struct{ checkReply }

func (*refutedError) Error() string { return "a part cannot be explained" }

// judge judges a history in so many parts, 0 as its size says, and returns the page, too, if it was asked for.
func (j *farmedCheck) judge(ctx context.Context, h *sentHistory, parts int) (*checkReport, []byte, error) {
	if h.err != nil {
		return nil, nil, h.err
	}
	if err := j.Attach(ctx, h.name, func() (io.ReadCloser, error) { return os.Open(h.file) }); err != nil {
		return nil, nil, fmt.Errorf("%s cannot be sent: %w", h.path, err)
	}
	if parts == 0 {
		parts = min(max(int(h.size/bytesAPart), 1), mostParts)
	}
	if m, err := linearizability.Lookup(j.request.Model); err != nil || !m.ByKey() {
		parts = 1
	}
	var replies []checkReply
	err := campaign.InOrder(ctx, parts, parts, func(ctx context.Context, i int) (checkReply, error) {
		reply, err := j.ask(ctx, i, parts)
		if err == nil && reply.Report.Refuted {
			err = &refutedError{reply}
		}
		return reply, err
	}, func(_ int, r checkReply) { replies = append(replies, r) })
	var refuted *refutedError
	if errors.As(err, &refuted) {
		replies, err = append(replies, refuted.checkReply), nil
	}
	if err != nil {
		return nil, nil, err
	}
	r := together(replies)
	return r.Report, r.Page, nil
}

// ask has a part judged.
func (j *farmedCheck) ask(ctx context.Context, part, parts int) (checkReply, error) {
	q := j.request
	q.Part, q.Parts = part, parts
	name := q.File
	if parts > 1 {
		name = fmt.Sprintf("%s, part %d of %d", q.File, part+1, parts)
	}
	var reply checkReply
	err := j.Ask(ctx, name, filepath.Base(q.File), q, &reply, unheard)
	var unjudged *isolate.NotJudgedError
	if errors.As(err, &unjudged) {
		return checkReply{Report: j.options.unknown(q.File, 0, unjudged.Error())}, nil
	}
	verdicts := []string{checkers.Pass.String(), checkers.Fail.String(), checkers.Unknown.String()}
	if r := reply.Report; err == nil && (r == nil || r.File != q.File || !slices.Contains(verdicts, r.Verdict)) {
		err = fmt.Errorf("the answer to %s cannot be true: it is about another history, or has no verdict", name)
	}
	return reply, err
}

// together is what the parts of a history say of it: see [linearizability.Options].
func together(replies []checkReply) checkReply {
	first, took := replies[0], 0.0
	weight := func(r *checkReport) int {
		switch {
		case r.Refuted:
			return 3
		case r.Verdict == checkers.Fail.String():
			return 2
		case r.Verdict == checkers.Unknown.String():
			return 1
		}
		return 0
	}
	for _, r := range replies {
		took = max(took, r.Report.Seconds)
		if weight(r.Report) > weight(first.Report) {
			first = r
		}
	}
	report := *first.Report
	if !report.Refuted && slices.ContainsFunc(replies, func(r checkReply) bool { return r.Report.Method == bySearch }) {
		report.Method = bySearch
	}
	report.Refuted, report.Seconds = false, took
	return checkReply{&report, first.Page}
}

// checkHandler judges histories for a campaign on a farm.
type checkHandler struct{}

// Sources implements [farm.Handler]: there are none.
func (checkHandler) Sources(context.Context) (string, error) { return "", nil }

// Close implements [farm.Handler].
func (checkHandler) Close() error { return nil }

// Handle implements [farm.Handler].
func (checkHandler) Handle(ctx context.Context, request json.RawMessage, fetch farm.Fetch, _ func(properties.Progress)) (any, error) {
	var q checkRequest
	if err := document.Read(request, &q); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "verify-check-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) // a folder of temporary files
	o := checkOptions{
		model: q.Model, format: q.Format, isolation: q.Isolation, pairs: q.Pairs, nils: q.Nils, initial: q.Initial, negative: q.Negative,
		time: q.Time, memory: q.Memory, part: q.Part, parts: q.Parts,
	}
	if q.Declared != "" {
		o.modelFile = filepath.Join(folder, "model")
		if err := os.WriteFile(o.modelFile, []byte(q.Declared), 0o600); err != nil {
			return nil, err
		}
	}
	if q.Page {
		o.html = filepath.Join(folder, "page")
	}
	history := filepath.Join(folder, "history")
	if err := fetch(ctx, q.History, history); err != nil {
		return nil, err
	}
	content, err := os.Open(history)
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }() // it was only read
	var reply checkReply
	if reply.Report, err = judgeInChild(ctx, &o, q.File, content, func(checkNews) {}); err != nil || reply.Report.Page == "" {
		return reply, err
	}
	reply.Report.Page = ""
	reply.Page, err = os.ReadFile(o.html)
	return reply, err
}
