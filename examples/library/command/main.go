// Command command shows the whole of command verify over properties of one's own: run, replay, explore, reports, shards, and a process for each
// property. Its second property is violated, for a demonstration.
package main

import (
	"synchrony/cmd/verify/command"
	"synchrony/examples/library/transfers"
	"synchrony/properties"
)

func main() {
	right, hasty := transfers.Property(transfers.Executor{Workers: 2}), transfers.Property(transfers.Executor{Workers: 2, Hasty: true})
	hasty.ID, hasty.Group = "hasty", properties.BrokenGroup
	command.Main(properties.NewRegistry(right, hasty))
}
