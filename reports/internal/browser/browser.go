//go:build browser

package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is a headless Chromium with one page open, and what went wrong in it.
type Browser struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// patience lets the browser start as slowly as a busy machine makes it; go test has the limit.
var patience = chromedp.WSURLReadTimeout(time.Hour)

// Open shows a page from a file, as a reader would.
func Open(t testing.TB, page []byte, width, height int64) *Browser {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		t.Fatal(err)
	}
	return Visit(t, "file://"+(&url.URL{Path: path}).EscapedPath(), width, height)
}

// Visit shows what is at an address. A page that asks for anything from another place is at fault.
func Visit(t testing.TB, address string, width, height int64) *Browser {
	t.Helper()
	// Chromium's sandbox refuses to work for root, which containers are run by.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, patience, chromedp.WindowSize(int(width), int(height)))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(stopTab)
	b := &Browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, func(event any) { b.listen(event, address) }); err != nil {
		t.Fatal(err)
	}
	b.Do(command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}),
		chromedp.EmulateViewport(width, height))
	b.Prefer("light")
	b.Do(chromedp.Navigate(address))
	t.Cleanup(b.check)
	return b
}

// listen notes what a good page never does.
func (b *Browser) listen(event any, here string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, fmt.Sprintf("console.%s: %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, fmt.Sprintf("exception: %+v", e.ExceptionDetails))
	case *log.EventEntryAdded:
		b.problems = append(b.problems, "log: "+e.Entry.Text)
	case *network.EventRequestWillBeSent:
		served := strings.HasPrefix(here, "http:") && strings.HasPrefix(e.Request.URL, here)
		if e.Request.URL != here && !served && !strings.HasPrefix(e.Request.URL, "blob:") {
			b.problems = append(b.problems, "request: "+e.Request.URL)
		}
	}
}

// check holds that nothing went wrong.
func (b *Browser) check() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Error(p)
	}
}

// command is a command of the protocol that nobody wants an answer to.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// Do does actions one after another.
func (b *Browser) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// Get is what an action returns.
func Get[T any](b *Browser, a chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// Prefer sets the colours that the reader's system prefers.
func (b *Browser) Prefer(scheme string) {
	b.t.Helper()
	b.Do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // a page that glides is clicked beside its buttons
		},
	}))
}

// Text is what an element says.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	return Get(b, chromedp.TextContent(chromedp.CSS(selector)))
}

// Is evaluates an expression that must be true.
func (b *Browser) Is(expression string) {
	b.t.Helper()
	if !Get(b, chromedp.Evaluate[bool]("Boolean("+expression+")")) {
		b.t.Errorf("not so: %s", expression)
	}
}
