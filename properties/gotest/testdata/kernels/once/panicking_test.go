package once

import (
	"fmt"
	"sync"
	"testing"
)

// pages are parsed when the first one is asked for.
type pages struct {
	mu     sync.Mutex
	once   sync.Once
	source sync.Map
	parsed map[string]string
}

// parse panics while the source is not there.
func (p *pages) parse() {
	text, _ := p.source.Load("index")
	p.parsed = map[string]string{"index": text.(string)}
}

func (p *pages) getBuggy(name string) string {
	p.once.Do(p.parse)
	return p.parsed[name]
}

func (p *pages) getFixed(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parsed == nil {
		p.parse()
	}
	return p.parsed[name]
}

// request answers with a page, or with the panic that it cost, as servers do.
func request(p *pages, get func(*pages, string) string) (answer string) {
	defer func() {
		if r := recover(); r != nil {
			answer = fmt.Sprintf("error: %v", r)
		}
	}()
	return get(p, "index")
}

// requestTwice asks while the source is being provided, and then once more.
func requestTwice(t *testing.T, get func(*pages, string) string) {
	p := &pages{}
	var client sync.WaitGroup
	client.Add(1)
	go func() {
		defer client.Done()
		request(p, get)
	}()
	p.source.Store("index", "welcome")
	client.Wait()
	if answer := request(p, get); answer != "welcome" {
		t.Errorf("answer = %q", answer)
	}
}

// A first request that comes too early panics and is recovered, but for the
// Once it is done: later requests find no pages.
//
// want: failed at requestTwice
func TestPanickingBuggy(t *testing.T) {
	requestTwice(t, (*pages).getBuggy)
}

func TestPanickingFixed(t *testing.T) {
	requestTwice(t, (*pages).getFixed)
}
