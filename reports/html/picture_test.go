//go:build browser

package html

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"synchrony/reports/internal/browser"
)

// TestBrowserPicture takes one picture, for documents: of PAGE, a file or an address, into the file PICTURE, WIDTH pixels wide (1280) and at most HEIGHT
// high (all of it), in the colours of SCHEME (light), once WAIT, an expression, is true. ci/pictures.sh asks for it.
func TestBrowserPicture(t *testing.T) {
	page, picture := os.Getenv("PAGE"), os.Getenv("PICTURE")
	if picture == "" {
		t.Skip("PICTURE names no file: see ci/pictures.sh")
	}
	number := func(name string, usual int64) int64 {
		n, err := strconv.ParseInt(cmp.Or(os.Getenv(name), strconv.FormatInt(usual, 10)), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const all = 1 << 16
	width, height := number("WIDTH", 1280), number("HEIGHT", all)
	if !strings.HasPrefix(page, "http://") {
		path, err := filepath.Abs(page)
		if err != nil {
			t.Fatal(err)
		}
		page = "file://" + path
	}
	b := browser.Visit(t, page, width, min(height, 900))
	b.Prefer(cmp.Or(os.Getenv("SCHEME"), "light"))
	browser.Get(b, chromedp.Poll[bool]("Boolean("+cmp.Or(os.Getenv("WAIT"), "true")+")", chromedp.WithPollingTimeout(time.Minute)))
	settled(t, b)
	take := chromedp.FullScreenshot(100)
	if height < all {
		b.Do(chromedp.EmulateViewport(width, height))
		take = chromedp.CaptureScreenshot()
	}
	if err := os.WriteFile(picture, smaller(t, browser.Get(b, take)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// smaller is a picture in the 256 colours that it has most of, which for a page of text look like all that it has.
func smaller(t *testing.T, picture []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.Color]int{}
	bounds := full.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[color.RGBAModel.Convert(full.At(x, y))]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int {
		return cmp.Or(count[b]-count[a], strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	few := image.NewPaletted(bounds, colours[:min(len(colours), 256)])
	draw.Draw(few, bounds, full, bounds.Min, draw.Src)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, few); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
