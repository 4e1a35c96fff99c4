package gotest

import (
	"encoding/json"
	"fmt"
	"os"
	protocol "synchrony/executor/shim/testing"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	b := time.Now()
	s, err := Build(t.Context(), Options{Dir: "testdata/kernels", Patterns: []string{"./..."}, Race: os.Getenv("RACE") != "", Cache: "/tmp/gt/cache"})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(b), s.Cached, s.Left, s.Refused)
	for _, x := range s.Tests {
		p, err := x.binary.start(t.Context(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		f, d, err := p.ask(protocol.Request{Test: x.Name, Search: &protocol.Search{Schedules: 1000, Positions: true}}, func(int) {})
		p.close()
		fmt.Println(x.Info.ID, x.Info.Source, err, d.Schedules, d.Steps, d.Kinds, d.Isolate, d.Foreign)
		for _, f := range f {
			j, _ := json.MarshalIndent(f, "   ", " ")
			if os.Getenv("V") != "" {
				fmt.Println(string(j))
			} else {
				fmt.Println("  ", f.Kind, f.Message, f.Minimised)
			}
		}
	}
}
