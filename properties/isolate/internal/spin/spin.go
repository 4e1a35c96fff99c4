//go:build cgo

package spin

/*
static void spin(void) { for (volatile int x = 0;; x++) {} }
*/
import "C"

// Forever never returns.
func Forever() { C.spin() }
