package story

import "fmt"

const (
	maxPeriod   = 12 // rows of a loop that is folded
	leastRounds = 4  // of which the first and the last are shown
)

// fold leaves out what a story tells again and again, as ticks and loops do: of rounds that are alike, all but the first and the last. A row at
// which the scheduler leaves its default is like no other.
func fold(rows []Row) (folded []Row) {
	for i := 0; i < len(rows); {
		period, rounds := repeated(rows[i:])
		if rounds < leastRounds {
			folded = append(folded, rows[i])
			i++
			continue
		}
		first, last := rows[i:i+period], rows[i+(rounds-1)*period:i+rounds*period]
		folded = append(folded, first...)
		folded = append(append(folded, elided(first, last[0].Step-rows[i+period].Step, rounds-2)), last...)
		i += rounds * period
	}
	return folded
}

// elided stands for so many steps, which are as many rounds like the first.
func elided(first []Row, steps, rounds int) Row {
	text := fmt.Sprintf("… %d steps of %s …", steps, first[0].Text)
	if len(first) > 1 {
		text = fmt.Sprintf("… %d steps: %d times these %d rows …", steps, rounds, len(first))
	}
	return Row{Text: text, Folded: true}
}

// repeated is how many rows at the beginning come again at once, and how often they are there: as few rows as can be.
func repeated(rows []Row) (period, rounds int) {
	for period = 1; period <= maxPeriod && leastRounds*period <= len(rows); period++ {
		n := period
		for n < len(rows) && alike(&rows[n], &rows[n-period]) {
			n++
		}
		if n/period >= leastRounds {
			return period, n / period
		}
	}
	return 0, 0
}

func alike(a, b *Row) bool {
	return a.Worker == b.Worker && a.kind() == b.kind() && !a.Deviates && !b.Deviates
}

// kind is what r has in common with rows that do the same.
func (r *Row) kind() string {
	if r.Kind != "" {
		return r.Kind
	}
	return r.Text
}
