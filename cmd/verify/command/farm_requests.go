package command

import (
	"context"
	"encoding/json"
	"io"

	"synchrony/properties/farm"
)

// sourced is what knows the identity of the source code that it works from.
type sourced interface {
	Sources(ctx context.Context) (string, error)
}

// openRequests begins a campaign whose tasks are requests of a kind and setting about source code, or takes it up.
func (a *app) openRequests(ctx context.Context, o *farmOptions, command, kind string, setting any, of sourced) (*campaignOnFarm, error) {
	sources, err := of.Sources(ctx)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(setting)
	if err != nil {
		return nil, err
	}
	return a.openFarm(ctx, o, command, &farm.Requests{Kind: kind, Setting: text, Sources: sources})
}

// mutantPlace is where mutants are tried: by a judge, which may be workers of a farm.
type mutantPlace[J any] struct {
	judge J
	farm  *campaignOnFarm // nil is this machine
}

// show shows on w how the farm is, if there is one, until stop is called. What is written to out meanwhile goes to the writer that is returned.
func (p *mutantPlace[J]) show(w, out io.Writer) (undisturbed io.Writer, stop func()) {
	if p.farm == nil {
		return out, func() {}
	}
	beside, stop := p.farm.show(w)
	return beside(out), stop
}

// show shows on w how the farm is, until stop is called. What is written meanwhile goes to the writers that beside makes of others.
func (f *campaignOnFarm) show(w io.Writer) (beside func(io.Writer) io.Writer, stop func()) {
	d := newDisplay(w, func(columns, _ int) []string {
		line := []rune(f.line())
		if columns > 0 {
			line = line[:min(len(line), columns)]
		}
		return []string{string(line)}
	})
	f.notes.use(d)
	return func(out io.Writer) io.Writer { return besideDisplay{d, out} }, d.start()
}

// end ends the place.
func (p *mutantPlace[J]) end(ctx context.Context) {
	if p.farm != nil {
		p.farm.conclude(ctx, true, "with what was answered")
	}
}

// besideDisplay is a writer to what a display may be shown on, too.
type besideDisplay struct {
	display *display
	out     io.Writer
}

func (b besideDisplay) Write(p []byte) (n int, err error) {
	b.display.undisturbed(func() { n, err = b.out.Write(p) })
	return n, err
}
