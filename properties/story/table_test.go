package story

import (
	"strconv"
	"strings"
	"testing"
)

// TestColumns: few columns are as wide as each other; many have what they need, so that lines stay short; and nothing is cut that fits into the line, as nothing stands beside it.
func TestColumns(t *testing.T) {
	const long = "adds 20 to the shared variable N, which is 20"
	for _, c := range []struct {
		texts []string // of a row of each worker
		want  string
	}{
		{[]string{"a", long}, "" +
			"      0                                                 1\n" +
			"   1  a\n" +
			"   2                                                    " + long},
		{[]string{"begins", "ends", long, "is merged", "ends"}, "" +
			"      0       1     2                                              3          4\n" +
			"   1  begins\n" +
			"   2          ends\n" +
			"   3                " + long + "\n" +
			"   4                                                               is merged\n" +
			"   5                                                                          ends"},
		{[]string{long, long, long, long}, "" +
			"      0                               1                               2                               3\n" +
			"   1  " + long + "\n" +
			"   2                                  " + long + "\n" +
			"   3                                                                  " + long + "\n" +
			"   4                                                                                                  adds 20 to the shared variable N, which is …"},
		{[]string{"a", "b", "c", "d", "e", "f", "g"}, "" +
			"      2  3  4  5  6  others\n" +
			"   1                 0: a\n" +
			"   2                 1: b\n" +
			"   3  c\n   4     d\n   5        e\n   6           f\n   7              g"},
	} {
		var rows []Row
		for i, text := range c.texts {
			rows = append(rows, Row{Step: i + 1, Worker: int32(i), Text: text})
		}
		table := NewTable(rows, func(worker int32) string { return strconv.Itoa(int(worker)) })
		if got := strings.Join(table.Lines(rows), "\n"); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}
