package batch

import "strconv"

// count is "1 argument", "2 arguments".
func count(n int, noun string) string { return strconv.Itoa(n) + " " + plural(n, noun, noun+"s") }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
