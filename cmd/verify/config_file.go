package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/models/text"
)

// configFile is a configuration file that is being read.
type configFile struct {
	path  string
	lines []string
	asked bool // it was named on the command line
	used  bool // the command has flags from it
}

// apply reads the file, all of it, so that a mistake is found whatever the command, and
// sets the flags of cmd.
func (c *configFile) apply(content []byte, cmd *cobra.Command) error {
	if !utf8.Valid(content) {
		return fmt.Errorf("%s: not a text in UTF-8", c.path)
	}
	if err := c.bounded(content); err != nil {
		return err
	}
	file, err := parser.ParseBytes(content, 0)
	var bad yaml.Error
	switch {
	case errors.As(err, &bad):
		place := bad.GetToken().Position
		return c.wrong(place.Line, place.Column, "%s", bad.GetMessage())
	case err != nil:
		return fmt.Errorf("%s: %w", c.path, err)
	case len(file.Docs) > 1:
		begin := file.Docs[1].Start // ---, for a document may have nothing in it
		if begin == nil {
			begin = file.Docs[1].Body.GetToken()
		}
		return c.wrong(begin.Position.Line, begin.Position.Column, "there must be one document only")
	case len(file.Docs) == 0 || file.Docs[0].Body == nil || file.Docs[0].Body.Type() == ast.NullType:
		return nil
	}
	root := cmd.Root()
	entries, err := c.mapping(file.Docs[0].Body, "the file must hold names of commands, and flags under them")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if f := root.PersistentFlags().Lookup(e.name); f != nil && isKey(f) {
			err = c.set(f, e)
		} else {
			err = c.section(root, e, cmd)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// section reads the flags of one command under parent, or the sections of its own commands, and
// sets the flags if it is cmd.
func (c *configFile) section(parent *cobra.Command, e entry, cmd *cobra.Command) error {
	commands := parent.Commands()
	i := slices.IndexFunc(commands, func(sub *cobra.Command) bool { return sub.Name() == e.name && configurable(sub) })
	if i < 0 {
		known := commandNames(parent)
		if !parent.HasParent() {
			for _, f := range keys(parent.PersistentFlags()) {
				known = append(known, f.Name)
			}
		}
		return c.at(e.key, "there is no command %q%s", strings.TrimPrefix(parent.CommandPath()+" "+e.name, "verify "), didYouMean(e.name, known))
	}
	sub := commands[i]
	if isGroup(sub) {
		entries, err := c.mapping(e.value, fmt.Sprintf("%s must hold names of its commands, and flags under them", e.name))
		for _, e := range entries {
			if err == nil {
				err = c.section(sub, e, cmd)
			}
		}
		return err
	}
	entries, err := c.mapping(e.value, fmt.Sprintf("%s must hold flags", e.name))
	if err != nil {
		return err
	}
	flags := sub.LocalNonPersistentFlags()
	for _, e := range entries {
		f := flags.Lookup(e.name)
		if f == nil || !isKey(f) {
			var known []string
			for _, f := range keys(flags) {
				known = append(known, f.Name)
			}
			return c.at(e.key, "%s has no flag %q%s", sub.CommandPath(), e.name, didYouMean(e.name, known))
		}
		if err := c.set(f, e); err != nil { // those of another command do no harm
			return err
		}
		c.used = c.used || sub == cmd
	}
	return nil
}

// isGroup reports whether a command only holds others, which have the flags.
func isGroup(cmd *cobra.Command) bool { return slices.ContainsFunc(cmd.Commands(), configurable) }

// set gives a flag its value, unless the command line has.
func (c *configFile) set(f *pflag.Flag, e entry) error {
	values, err := c.values(f, e.value)
	if err != nil || f.Changed {
		return err
	}
	for _, v := range values {
		if err := c.within(f, v); err != nil {
			return err
		}
		if err := f.Value.Set(v.text); err != nil {
			return c.at(v.node, "%s is %q, and must be %s", f.Name, v.text, takes(f))
		}
		f.Changed = true
	}
	return nil
}

// value is a plain value in the file.
type value struct {
	text string
	node ast.Node
}

// values returns what the file has for a flag: one plain value, or a list for a flag that
// may be repeated.
func (c *configFile) values(f *pflag.Flag, n ast.Node) ([]value, error) {
	_, repeatable := f.Value.(pflag.SliceValue)
	if list, ok := n.(*ast.SequenceNode); ok && repeatable {
		var all []value
		for _, item := range list.Values {
			one, err := c.plain(f, item)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	}
	one, err := c.plain(f, n)
	return []value{one}, err
}

// plain returns a plain value, if its type in YAML is one that the flag takes.
func (c *configFile) plain(f *pflag.Flag, n ast.Node) (value, error) {
	var text string
	kind := f.Value.Type()
	fits := kind != "bool" && kind != "int" && kind != "uint64"
	switch n := n.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.IntegerNode:
		text = n.GetToken().Value
		fits = kind != "bool"
	case *ast.FloatNode:
		text = n.GetToken().Value
	case *ast.BoolNode:
		text = n.GetToken().Value
		fits = kind == "bool"
	default:
		return value{}, c.at(n, "%s must be %s", f.Name, takes(f))
	}
	if !fits {
		return value{}, c.at(n, "%s is %q, and must be %s", f.Name, text, takes(f))
	}
	return value{text, n}, nil
}

// takes says what a flag takes.
func takes(f *pflag.Flag) string {
	kind := f.Value.Type()
	if _, repeatable := f.Value.(pflag.SliceValue); repeatable {
		return "a text, or a list of texts"
	}
	if want := wanted[kind]; want != "" {
		return want
	}
	return "a text"
}

// entry is a key with its value.
type entry struct {
	name  string
	key   ast.Node
	value ast.Node
}

// mapping returns the entries of n, which must be a mapping, in their order.
func (c *configFile) mapping(n ast.Node, otherwise string) ([]entry, error) {
	var nodes []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		nodes = n.Values
	case *ast.MappingValueNode:
		nodes = []*ast.MappingValueNode{n}
	case *ast.NullNode: // a section with everything commented out
		return nil, nil
	default:
		return nil, c.at(n, "%s", otherwise)
	}
	var entries []entry
	for _, v := range nodes {
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			return nil, c.at(v.Key, "a key must be a plain word")
		}
		entries = append(entries, entry{key.Value, v.Key, v.Value})
	}
	return entries, nil
}

// at is an error at a node.
func (c *configFile) at(n ast.Node, format string, args ...any) error {
	place := n.GetToken().Position
	return c.wrong(place.Line, place.Column, format, args...)
}

func (c *configFile) wrong(line, col int, format string, args ...any) error {
	e := &text.Error{File: c.path, Line: line, Column: col, Message: fmt.Sprintf(format, args...)}
	if line >= 1 && line <= len(c.lines) {
		e.Source = strings.TrimRight(c.lines[line-1], "\r")
	}
	return e
}

// isKey reports whether a flag may stand in a configuration file.
func isKey(f *pflag.Flag) bool {
	return !f.Hidden && !slices.Contains([]string{"help", "version", "config", "no-config"}, f.Name)
}

// keys are the flags that may stand in a configuration file, by name.
func keys(flags *pflag.FlagSet) []*pflag.Flag {
	var all []*pflag.Flag
	flags.VisitAll(func(f *pflag.Flag) {
		if isKey(f) {
			all = append(all, f)
		}
	})
	return all
}
