package generators

// place is which transactions the fate strikes.
type place uint8

const (
	first place = iota
	last
	middle
	firstAndLast
	everyOne
	everySecond // of detours only
)

// strikes reports whether the place includes the i-th of n transactions.
func (p place) strikes(i, n int) bool {
	switch p {
	case first:
		return i == 0
	case last:
		return i == n-1
	case middle:
		return i == n/2
	case firstAndLast:
		return i == 0 || i == n-1
	case everySecond:
		return i%2 == 0
	default:
		return true
	}
}
