package command

import (
	"fmt"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/text"
	"synchrony/properties/campaign"
	batchprops "synchrony/properties/catalogue/batch"
)

// scope is every batch of a small scope.
func (a *app) scope(cmd *cobra.Command, o *exploreOptions) (campaign.Subject, error) {
	scope := batches.Scope{Accounts: o.accounts, Transactions: o.transactions}
	if err := scope.Validate(); err != nil {
		return campaign.Subject{}, wrongUse(cmd, "%v", err)
	}
	var all []*batch.Batch
	for b := range scope.All() {
		all = append(all, b)
	}
	return campaign.Subject{
		Title: fmt.Sprintf("every batch of up to %s on %s, %s",
			text.Plural(o.transactions, "transaction"), text.Plural(o.accounts, "account"), text.Plural(o.workers, "worker")),
		Property: "S", Cases: len(all),
		Texts: func(from, to int) ([][]txtar.File, error) {
			var cases [][]txtar.File
			for _, b := range all[from:to] {
				files, err := batchprops.Files(batch.Workload{Batch: b, Setup: o.batchSetup()})
				if err != nil {
					return nil, err
				}
				cases = append(cases, files)
			}
			return cases, nil
		},
	}, nil
}
