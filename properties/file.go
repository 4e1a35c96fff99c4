package properties

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes data to path so that a reader sees the old content or the new, never a part.
// An existing file keeps its mode, and a new one gets what the umask leaves of 0666. Through a
// symbolic link, what it points to is written, and the link stays. What is no regular file, such as
// a device or a pipe, is written to as it is.
func WriteFile(path string, data []byte) error {
	target, mode, err := writable(path)
	if err != nil {
		return err
	}
	if mode&fs.ModeType != 0 {
		return os.WriteFile(target, data, 0o666)
	}
	tmp, err := newBeside(target)
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err == nil && mode != 0 {
		err = tmp.Chmod(mode.Perm())
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

// writable returns the file that path stands for, and its mode; 0 if there is none yet. A symbolic
// link to a file that is yet to be made stands for that.
func writable(path string) (string, fs.FileMode, error) {
	for range maxLinks {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, 0, nil
		case err != nil:
			return "", 0, err
		case info.Mode()&fs.ModeSymlink == 0:
			return path, info.Mode(), nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", 0, err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", 0, fmt.Errorf("%s is a symbolic link that leads nowhere: more than %d links follow one another", path, maxLinks)
}

// MaxFile is how many bytes a file has at most that is read whole, unless it has a limit of its own.
const MaxFile = 64 << 20

// errLarge says that a file has no end, as far as anybody wants to know.
var errLarge = fmt.Errorf("it has more than %d MiB", MaxFile>>20)

// ReadFile reads a file as [os.ReadFile] does, but none that is larger than MaxFile, or endless, as a device can be.
// Its errors are *fs.PathError.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if path == "-" && errors.Is(err, fs.ErrNotExist) { // what it is elsewhere
		return nil, &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("%w; standard input is not read here, name a file", fs.ErrNotExist)}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err == nil && len(data) > MaxFile {
		err = &fs.PathError{Op: "read", Path: path, Err: errLarge}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// SameFile reports whether [WriteFile] would write the same regular file, which need not exist, by both paths.
func SameFile(a, b string) bool {
	a, modeA, errA := writable(a)
	b, modeB, errB := writable(b)
	if errA != nil || errB != nil || (modeA|modeB)&fs.ModeType != 0 {
		return false
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil || errB == nil {
		return os.SameFile(infoA, infoB)
	}
	return absolute(a) == absolute(b)
}

// absolute is the absolute path of a file, by the real name of its folder if there is one.
func absolute(path string) string {
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	}
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	return filepath.Clean(path)
}

// maxLinks is how many symbolic links may follow one another, as in Linux.
const maxLinks = 40

// newBeside makes a new file in the folder of path, with the mode that the umask leaves. Its name
// ends in a number that is not taken.
func newBeside(path string) (*os.File, error) {
	for i := os.Getpid(); ; i++ {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), i))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
