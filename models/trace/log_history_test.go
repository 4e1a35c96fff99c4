package trace

import (
	"testing"

	"synchrony/models/history"
)

func TestHistoryOfEvents(t *testing.T) {
	o := parseEvents(t, `
1ns w0 start t1
2ns w1 start t2
3ns w0 read t1 alice 100 from init
4ns w0 write t1 alice 100 -> 90 over init
5ns w0 write t1 alice 90 -> 80 over t1
6ns w0 commit t1
7ns w1 read t2 alice 80 from t1
8ns w1 rollback t2
`)
	l, err := NewLog(o, twoAccounts())
	if err != nil {
		t.Fatal(err)
	}
	h := l.HistoryOf(NamesOf(twoAccounts()), []int64{100, 50, -1})
	const want = `initial alice 100 bob 50 "7 of \"nine\"" -1
tx t1 committed 1ns 6ns
read alice 100 from init
write alice 90 over init
write alice 80 over t1 write 1
tx t2 aborted 2ns 8ns
read alice 80 from t1
tx "init" aborted
tx "an id # with ->" aborted
tx T4 aborted
`
	if err := h.Validate(); err != nil {
		t.Fatal(err)
	}
	if got := history.FormatHistory(h); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
