//go:build !cgo

package spin

// Forever never returns. There is no C in this build.
func Forever() {
	for {
	}
}
