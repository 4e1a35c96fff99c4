package choice

// Place is which transactions the failure strikes.
type Place uint8

const (
	first Place = iota
	last
	middle
	firstAndLast
	everyOne
	EverySecond // of detours only
)

// Strikes reports whether the place includes the i-th of n transactions.
func (p Place) Strikes(i, n int) bool {
	switch p {
	case first:
		return i == 0
	case last:
		return i == n-1
	case middle:
		return i == n/2
	case firstAndLast:
		return i == 0 || i == n-1
	case EverySecond:
		return i%2 == 0
	default:
		return true
	}
}
