package html

// causeView is the failures of one cause: the first is read, the others are folded below it.
type causeView struct {
	Title  string // empty if there is one failure
	First  failureView
	Others []failureView
}

// byCause groups failures by their cause, in order of first appearance. The views are those of the failures.
func byCause(list []Failure, views []failureView) []causeView {
	type cause struct{ checker, rule string }
	var all []causeView
	at := map[cause]int{}
	for i := range list {
		c := list[i].Found.RootCause()
		n, known := at[cause{c.Checker, c.Rule}]
		if !known {
			at[cause{c.Checker, c.Rule}] = len(all)
			all = append(all, causeView{First: views[i]})
			continue
		}
		all[n].Title = c.Checker + ", " + c.Rule
		all[n].Others = append(all[n].Others, views[i])
	}
	return all
}
