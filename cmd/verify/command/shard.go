package command

import (
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/reports/results"
)

// completionIndex is where Kubernetes says which pod of an Indexed Job this is,
// counted from 0.
const completionIndex = "JOB_COMPLETION_INDEX"

// shardOf is the shard that a command line asks for: "2/4", or "auto/4".
func shardOf(cmd *cobra.Command, text string) (results.Shard, error) {
	index, of, _ := strings.Cut(text, "/")
	var s results.Shard
	var err error
	if s.Of, err = strconv.Atoi(of); err != nil || s.Of < 1 {
		return s, wrongUse(cmd, "--shard is %q, and must be a part of the run such as 2/4, or auto/4", text)
	}
	source := "--shard"
	if index == "auto" {
		source = completionIndex
		text, index = os.Getenv(source), ""
		if i, err := strconv.Atoi(text); err == nil {
			index = strconv.Itoa(i + 1)
		}
		if index == "" {
			return s, wrongUse(cmd, "--shard auto/%d needs the number of this shard, from 0, in the environment variable %s, which is %q", s.Of, source, text)
		}
	}
	if s.Index, err = strconv.Atoi(index); err != nil || s.Index < 1 || s.Index > s.Of {
		least, most := 1, s.Of
		if source == completionIndex {
			least, most = 0, s.Of-1
		}
		return s, wrongUse(cmd, "%s is %q, and must be from %d to %d of %d shards", source, text, least, most, s.Of)
	}
	return s, nil
}

// completeShard checks --shard together with the options that it depends on.
func (o *runOptions) completeShard(cmd *cobra.Command, text string) (err error) {
	if o.shard, err = shardOf(cmd, text); err != nil {
		return err
	}
	switch {
	case !cmd.Flags().Changed("seed"):
		return wrongUse(cmd, "--shard needs --seed: all shards must draw the same cases")
	case o.iterations == 0:
		return wrongUse(cmd, "--shard needs --iterations beside --time: there must be a number of cases to divide")
	case o.iterations < o.shard.Of:
		return wrongUse(cmd, "there are more shards (%d) than cases (%d)", o.shard.Of, o.iterations)
	}
	return nil
}
