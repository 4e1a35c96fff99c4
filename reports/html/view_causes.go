package html

import "synchrony/properties"

// causeView is the failures of one cause: the first is read, the others are folded below it.
type causeView struct {
	Title  string // empty if there is one failure
	First  failureView
	Others []failureView
}

// byCause groups failures by their cause, in order of first appearance. The views are those of the failures.
func byCause(list []Failure, views []failureView) []causeView {
	var all []causeView
	at := map[properties.Group]int{}
	for i := range list {
		g := list[i].Found.Group(list[i].Info.ID)
		n, known := at[g]
		if !known {
			at[g] = len(all)
			all = append(all, causeView{First: views[i]})
			continue
		}
		all[n].Title = g.String()
		all[n].Others = append(all[n].Others, views[i])
	}
	return all
}
