package html

// causeView is the failures of one cause: the first is read, the others are folded below it.
type causeView struct {
	Title  string // empty if there is one failure
	First  failureView
	Others []failureView
}

// byCause groups failures by their cause, in order of first appearance. The views are those of the failures.
func byCause(list []Failure, views []failureView) []causeView {
	type cause struct{ checker, rule, alone string } // alone is the property, if no cause is known
	var all []causeView
	at := map[cause]int{}
	for i := range list {
		c := list[i].Found.RootCause()
		key := cause{c.Checker, c.Rule, ""}
		if list[i].Found.Cause == nil {
			key.alone = list[i].Info.ID
		}
		n, known := at[key]
		if !known {
			at[key] = len(all)
			all = append(all, causeView{First: views[i]})
			continue
		}
		all[n].Title = c.Checker + ", " + c.Rule
		all[n].Others = append(all[n].Others, views[i])
	}
	return all
}
