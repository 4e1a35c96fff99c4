package command

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"synchrony/models/program"
)

// TestExamplePrograms executes every example in every mode: each must end as its text expects, and
// have something to say about that.
func TestExamplePrograms(t *testing.T) {
	paths, err := filepath.Glob("../../../examples/vm/*/*.zxasm")
	if err != nil || len(paths) != 40 {
		t.Fatalf("%d examples, want 40 (%v)", len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".zxasm")
		for _, mode := range []string{"auto", "parallel", "sequential"} {
			t.Run(name+"/"+mode, func(t *testing.T) {
				var stdout, stderr bytes.Buffer
				// An attempt that hangs is given up after a tenth of the timeout.
				args := []string{"exec", "--mode", mode, "--workers", "3", "--chunk-size", "5", "--chunks", "--timeout", "5s", path}
				if code := verify(args, &stdout, &stderr); code != exitPassed {
					t.Errorf("exit code %d, want %d\n%s%s", code, exitPassed, &stdout, &stderr)
				}
				if !strings.Contains(stdout.String(), "\nas expected\n") || stderr.Len() > 0 {
					t.Errorf("unexpected output:\n%s%s", &stdout, &stderr)
				}
			})
		}
	}
}

// TestDamagedPrograms damages examples, in text and in binary form: each is executed or refused, and what
// is refused has one message that begins with its place, and no output.
func TestDamagedPrograms(t *testing.T) {
	paths, err := filepath.Glob("../../../examples/vm/*/*.zxasm")
	if err != nil || len(paths) == 0 {
		t.Fatal(len(paths), err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	damaged := filepath.Join(t.TempDir(), "damaged.zxasm")
	codes := map[int]int{}
	for i := range 400 {
		path := paths[i%len(paths)]
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		content = damage(random, content, i%2 == 1)
		if err := os.WriteFile(damaged, content, 0o644); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		code := verify([]string{"exec", damaged, "--timeout", "100ms", "--mode", []string{"auto", "parallel"}[i/2%2]}, &stdout, &stderr)
		codes[code]++
		message, refused := stderr.String(), code == exitError
		if code > exitError || refused != (stdout.Len() == 0) || refused != strings.HasPrefix(message, "verify: "+damaged+":") {
			t.Errorf("%s: exit code %d\n%s%s\n%q", path, code, &stdout, message, content)
		}
	}
	for _, code := range []int{exitPassed, exitViolated, exitError} {
		if codes[code] == 0 {
			t.Errorf("no damaged program had exit code %d: %v", code, codes)
		}
	}
}

// damage changes a few bytes of a program; in its binary form, if asked to, with the right checksum.
func damage(random *rand.Rand, text []byte, binaryForm bool) []byte {
	content := text
	if binaryForm {
		w, err := program.Load("", text)
		if err != nil {
			panic(err)
		}
		data, _ := w.Program.MarshalBinary()
		content = data[:len(data)-4]
	}
	content = bytes.Clone(content)
	for range 1 + random.IntN(3) {
		at := 5 + random.IntN(len(content)-5)
		switch random.IntN(3) {
		case 0:
			content[at] = byte(random.IntN(256))
		case 1:
			content = slices.Delete(content, at, at+1)
		default: // something that stands elsewhere
			content = slices.Insert(content, at, content[random.IntN(len(content))])
		}
	}
	if binaryForm {
		content = binary.BigEndian.AppendUint32(content, crc32.ChecksumIEEE(content))
	}
	return content
}
