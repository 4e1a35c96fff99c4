package command

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
)

// identity tells this build of the program from others: see identityOf.
func identity() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return identityOf(info, thisExecutable)
}

// thisExecutable opens the file that this process runs: where the system can tell, also if another
// was put in its place since.
func thisExecutable() (io.ReadCloser, error) {
	f, err := os.Open("/proc/self/exe")
	if err == nil {
		return f, nil
	}
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// identityOf is a hash of what a build was made from: of its build information, which says all
// of a released version, or of a revision without changes; and of the executable itself
// otherwise.
func identityOf(info *debug.BuildInfo, open func() (io.ReadCloser, error)) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n", info)
	if isDevelopment(info) {
		f, err := open()
		if err != nil {
			return "", fmt.Errorf("which build of verify this is cannot be told: %w", err)
		}
		_, err = io.Copy(sum, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("which build of verify this is cannot be told: %w", err)
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), nil
}

// isDevelopment reports whether the build information does not say what was built.
func isDevelopment(info *debug.BuildInfo) bool {
	setting := func(key string) string {
		i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == key })
		if i < 0 {
			return ""
		}
		return info.Settings[i].Value
	}
	released := info.Main.Sum != "" && info.Main.Replace == nil
	revision := setting("vcs.revision") != "" && setting("vcs.modified") == "false"
	return !released && !revision
}
