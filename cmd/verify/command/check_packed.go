package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"synchrony/models/recording"
)

// zstdMagic begins what is packed with Zstandard (RFC 8878).
const zstdMagic = "\x28\xb5\x2f\xfd"

// unpacked is a history as text, unpacked if it is packed: with Zstandard by the program zstd, for there is nothing for that
// in Go's own library.
func unpacked(ctx context.Context, path string, in io.Reader) (io.Reader, error) {
	r := bufio.NewReader(in)
	if head, _ := r.Peek(len(zstdMagic)); string(head) != zstdMagic {
		return recording.Unpacked(path, r)
	}
	cmd := exec.CommandContext(ctx, "zstd", "-dcq")
	u := &unpacking{cmd: cmd, path: path}
	cmd.Stdin, cmd.Stderr = r, &u.said
	var err error
	if u.out, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%s is packed with zstd, and the program zstd, which unpacks it, is not installed", path)
	} else if err != nil {
		return nil, err
	}
	return recording.Unpacked(path, u)
}

// unpacking is the output of zstd, whose failure is an error of reading.
type unpacking struct {
	cmd  *exec.Cmd
	out  io.Reader
	path string
	said bytes.Buffer
	end  error // once it has ended
}

func (u *unpacking) Read(b []byte) (int, error) {
	if u.end != nil {
		return 0, u.end
	}
	n, err := u.out.Read(b)
	if errors.Is(err, io.EOF) {
		if failed := u.cmd.Wait(); failed != nil {
			err = fmt.Errorf("zstd cannot unpack %s: %s", u.path, strings.TrimSpace(u.said.String()))
		}
		u.end = err
	}
	return n, err
}
