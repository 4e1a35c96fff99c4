package instrument

import "path"

const (
	// module is the module path that the runtime's sources are written for, and
	// away the one they are compiled under: a user's module may be that itself,
	// or import it, and must not share state with the scheduler that controls it.
	module = "synchrony"
	away   = "verify.invalid/runtime"
)

// Packages of the runtime, by their folder below the module's root.
const (
	shimDir     = "executor/shim"
	schedDir    = "executor/sched"
	channelDir  = shimDir + "/channel"
	contextDir  = shimDir + "/context"
	mapsDir     = shimDir + "/maps"
	runtimeDir  = shimDir + "/runtime"
	taskDir     = shimDir + "/task"
	testingDir  = shimDir + "/testing"
	timeDir     = shimDir + "/time"
	synctestDir = shimDir + "/synctest"
)

// standIns says which package of the runtime stands in for which of the
// standard library. Only the names that the stand-in exports are redirected;
// the others remain the standard library's, whatever a Go release adds.
var standIns = map[string]string{
	"context":          contextDir,
	"iter":             shimDir + "/iter",
	"maps":             mapsDir,
	"math/rand":        shimDir + "/rand",
	"math/rand/v2":     shimDir + "/rand/v2",
	"os/exec":          shimDir + "/exec",
	"runtime":          runtimeDir,
	"sync":             shimDir + "/sync",
	"sync/atomic":      shimDir + "/atomic",
	"testing":          testingDir,
	"testing/synctest": synctestDir,
	"time":             timeDir,
}

// whole are packages all of which a stand-in should have: a name that a newer
// release adds to them is not controlled.
var whole = []string{"context", "sync", "sync/atomic", "testing/synctest"}

// unraced are the packages of the runtime that the race detector must not see:
// their memory is shared between tasks by construction, and instrumenting it
// would add happens-before edges that the user's program does not have. Those
// that make the user's edges (task, atomic, context) are not among them.
var unraced = []string{
	"models/schedule", "models/trace", channelDir, mapsDir,
	shimDir + "/sync", timeDir, shimDir + "/rand", testingDir,
}

// aliasOf is the name, without the file's prefix, under which a package of the
// runtime is imported.
func aliasOf(dir string) string {
	if base := path.Base(dir); base != "v2" {
		return base
	}
	return path.Base(path.Dir(dir)) + "2"
}
