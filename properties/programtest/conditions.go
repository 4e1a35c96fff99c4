package programtest

import (
	"slices"

	"synchrony/generators"
	"synchrony/generators/programs"
)

// condition is what must happen in some programs, or the interpreter was not tested.
type condition struct {
	name    string
	labels  []string          // any of them, by [programs.Classify]
	profile *programs.Options // of programs that meet it; nil if enough are drawn anyway
}

func (k *condition) met(l generators.Labels) bool { return slices.ContainsFunc(k.labels, l.Has) }

// conditions are those that the options are about.
func (c *config) conditions() []condition {
	list := []condition{
		{"a fork", []string{"parallel: fork"}, nil},
		{"workers that use shared variables", []string{"shared: race-free", "shared: racy"}, nil},
		{"a call", []string{"code: call"}, nil},
		{"a loop", []string{"code: loop"}, nil},
		{"output", []string{"code: print"}, nil},
	}
	for _, o := range []struct {
		asked bool
		condition
	}{
		{c.values, condition{"a list or a map", []string{"code: collection"}, nil}},
		{c.maps, condition{"a PARALLEL_MAP", []string{"parallel: map"}, nil}},
		{c.barriers, condition{"a barrier", []string{"parallel: barrier"}, nil}},
		{c.races, condition{"workers that race", []string{"shared: racy"}, c.racing()}},
		{c.failures, condition{"an error in a worker", []string{"parallel: error in a worker"}, c.failing()}},
	} {
		if o.asked {
			list = append(list, o.condition)
		}
	}
	return list
}

// failing draws programs of little but forks that fail.
func (c *config) failing() *programs.Options {
	o := c.profile()
	o.Errors, o.Forks = 100, 100
	o.Calls, o.Branches, o.Loops, o.Returns, o.Maps = 0, 0, 0, 0, 0
	return o
}

// racing draws programs in which workers access shared variables in any way.
func (c *config) racing() *programs.Options {
	o := c.profile()
	o.Racy, o.Errors, o.Shared, o.Forks = 100, 0, 40, 20
	return o
}
