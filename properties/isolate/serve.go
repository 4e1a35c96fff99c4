package isolate

import (
	"context"
	"fmt"

	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

// Serve is a child's whole life: it answers the one request of the parent that started it.
// Its error is the parent's to hear of, not a person's; the process must then not end well.
func Serve(ctx context.Context, lookup func(id string) (properties.Testable, bool)) error {
	link, line, err := receive()
	if err != nil {
		return err
	}
	q, err := parseRequest(line)
	if err != nil {
		return link.Send(message{Error: toFailure(err)})
	}
	link.Live(q.Memory)
	answer, err := serve(ctx, q, lookup, func(p properties.Progress) {
		_ = link.Send(message{Progress: &p}) // a parent that cannot be reached is noticed below
	})
	if err != nil {
		answer = message{Error: toFailure(err)}
	}
	return link.Send(answer)
}

// Decline answers the parent of this process, in place of [Serve], that it cannot test anything, and why: its case is then not judged.
func Decline(why string) error {
	link, _, err := receive()
	if err != nil {
		return err
	}
	return link.Send(message{Unjudged: why})
}

// receive returns the link to the parent, and its request.
func receive() (*process.Link, []byte, error) {
	link, err := process.Attach()
	if err != nil {
		return nil, nil, err
	}
	line, err := link.Receive()
	if err != nil {
		return nil, nil, fmt.Errorf("child: reading the request: %w", err)
	}
	return link, line, nil
}

func serve(ctx context.Context, q *request, lookup func(id string) (properties.Testable, bool), progress func(properties.Progress)) (message, error) {
	check, ok := lookup(q.Property)
	if !ok {
		return message{}, fmt.Errorf("there is no property %q", q.Property)
	}
	if q.Spec != nil {
		r, err := check.Run(ctx, *q.Spec, progress)
		return message{Result: &r}, err
	}
	if q.Explore != nil {
		x, err := check.Explore(ctx, *q.Explore, progress)
		return message{Exploration: &x}, err
	}
	c, err := properties.ParseCounterexample(q.Name, []byte(q.Replay))
	if err != nil {
		return message{}, err
	}
	r, err := check.Replay(ctx, c)
	return message{Replay: &r}, err
}
