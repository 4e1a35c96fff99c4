package record

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
)

// Compare asks about all parts, and says in what they differ from the record, which is that of a file; or writes the file, if it is to be updated. It is for
// the tests of whoever has a record.
func (of Of) Compare(file string, parts []string, update bool) error {
	got, whole := Said{}, Table{}
	for _, p := range parts {
		t, err := of.Ask(p)
		if err != nil {
			return err
		}
		got[p] = t
		maps.Copy(whole, t)
	}
	if update {
		return os.WriteFile(file, []byte(whole.String()), 0o644)
	}
	want, err := Parse(file, of.Record)
	if err != nil {
		return err
	}
	var all []error
	if want.String() != of.Record {
		all = append(all, fmt.Errorf("%s is not as it is written: try -update", file))
	}
	on := want.By(of.Part)
	parts = slices.Sorted(slices.Values(parts))
	if there := slices.Sorted(maps.Keys(on)); !slices.Equal(there, parts) {
		all = append(all, fmt.Errorf("the parts on record are %q, and there are %q", there, parts))
	}
	for _, p := range parts {
		if rule, reason := got[p].Difference(on[p]); rule != "" {
			all = append(all, fmt.Errorf("%s: %s: %s; if that is as it should be, write it down with -update", file, rule, reason))
		}
	}
	return errors.Join(all...)
}
