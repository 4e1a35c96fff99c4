package farm

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"synchrony/properties"
)

// nothing is a handler that answers at once: what is left is what a task costs.
type nothing struct{}

func (nothing) Sources(context.Context) (string, error) { return "none", nil }

func (nothing) Handle(_ context.Context, request json.RawMessage, _ Fetch, _ func(properties.Progress)) (any, error) {
	return request, nil
}

func (nothing) Close() error { return nil }

// BenchmarkTasks measures what a task costs that does nothing, from who submits it over the server to a worker and back, 64 at once: on
// one server, and on a cluster of three that keeps three copies. Servers are processes of their own, on this machine.
func BenchmarkTasks(b *testing.B) {
	for _, servers := range []int{1, 3} {
		for _, workers := range []int{1, 16} {
			b.Run(fmt.Sprintf("servers=%d/workers=%d", servers, workers), func(b *testing.B) { benchmarkTasks(b, servers, workers) })
		}
	}
}

func benchmarkTasks(b *testing.B, servers, workers int) {
	var ports, routes []string
	for range servers {
		ports, routes = append(ports, port(b)), append(routes, port(b))
	}
	var urls []string
	for i, at := range ports {
		var cluster []string
		if servers > 1 {
			cluster = []string{routes[i], "nats://127.0.0.1:" + strings.Join(routes, ",nats://127.0.0.1:")}
		}
		serve(b, at, b.TempDir(), cluster...)
		urls = append(urls, "nats://127.0.0.1:"+at)
	}
	url := strings.Join(urls, ",")
	identity := Identity{Build: build, Command: b.Name(), Requests: &Requests{Kind: "nothing", Setting: []byte("0"), Sources: "none"}}
	var s *Submitter
	if err := patiently(b.Context(), func(error) {}, func(ctx context.Context) (err error) { // a cluster is to find its leader
		s, err = Submit(ctx, connect(b, url), identity, Limits{Replicas: servers}, func(string) {})
		return err
	}); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var crew sync.WaitGroup
	crew.Go(func() {
		c := &Crew{
			Conn: connect(b, url), Build: build, Name: "worker", Jobs: workers, Tell: func(string) {},
			Open: func(context.Context, string, json.RawMessage) (Handler, error) { return nothing{}, nil },
		}
		if err := c.Work(ctx); err != nil && ctx.Err() == nil {
			b.Error(err)
		}
	})
	ask := func(n int) error {
		var got int
		return s.Ask(b.Context(), "nothing", fmt.Sprint(n), n, &got, func(properties.Progress) {})
	}
	if err := ask(-1); err != nil { // the workers have found the campaign
		b.Fatal(err)
	}
	b.ResetTimer() // and not b.Loop: several ask at once
	tasks := make(chan int)
	var asking sync.WaitGroup
	for range 64 {
		asking.Go(func() {
			for n := range tasks {
				if err := ask(n); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for n := range b.N {
		tasks <- n
	}
	close(tasks)
	asking.Wait()
	b.StopTimer()
	cancel()
	crew.Wait()
	if err := s.Close(b.Context(), true); err != nil {
		b.Error(err)
	}
}
