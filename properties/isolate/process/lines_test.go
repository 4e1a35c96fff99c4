package process

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// FuzzLines: whatever a child or a parent writes, the lines are those between its ends of line,
// but for those that are too long, and nothing is held of these.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\n\nbc\nd"))
	f.Add([]byte("0123456789\n01234567\n012345678\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 8
		whole := bytes.Split(data, []byte("\n"))
		whole = whole[:len(whole)-1]
		for _, r := range []*reader{newReader(bytes.NewReader(data), most), newReader(iotest.OneByteReader(bytes.NewReader(data)), most)} {
			for i, want := range whole {
				got, err := r.next()
				if long := len(want) > most; errors.Is(err, errLong) != long || !long && !bytes.Equal(got, want) {
					t.Fatalf("line %d of %q is %q, %v", i, data, got, err)
				}
			}
			if got, err := r.next(); err == nil {
				t.Fatalf("after the last line of %q comes %q", data, got)
			}
		}
	})
}

// FuzzBeat: whatever a child writes, it is a beat, no beat, or refused.
func FuzzBeat(f *testing.F) {
	f.Add([]byte(`{"beat":{"clock":1,"cpu":2,"starved":-1,"memory":3}}`))
	f.Add([]byte(`{"beat":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, isBeat, err := parseBeat(line{text: data})
		if isBeat && err != nil {
			t.Fatalf("%q is a beat, and refused", data)
		}
		l := liveness{patience: 1}
		l.beat(b)
		l.beat(b)
		if silent := l.inside.silent; silent < 0 || silent > 2*interval {
			t.Fatalf("%q counts as %v", data, silent)
		}
	})
}

// TestOutput: the beginning and the end are kept, and no more.
func TestOutput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const most = 5
		o := NewOutput(most)
		var all []byte
		for _, p := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 12)).Draw(t, "writes") {
			n, err := o.Write(p)
			if n != len(p) || err != nil {
				t.Fatalf("wrote %d of %d: %v", n, len(p), err)
			}
			all = append(all, p...)
		}
		want := all
		if lost := len(all) - 2*most; lost > 0 {
			want = fmt.Appendf(bytes.Clone(all[:most]), "\n… %d bytes …\n%s", lost, all[len(all)-most:])
		}
		if got := o.Bytes(); !bytes.Equal(got, want) {
			t.Fatalf("of %q is kept %q, want %q", all, got, want)
		}
	})
}
