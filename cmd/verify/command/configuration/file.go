package configuration

import (
	"bytes"
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

// file is a configuration file that is being read.
type file struct {
	path  string
	lines []string
	asked bool // it was named on the command line
	used  bool // the command has flags from it
}

// Apply reads a configuration file's content, all of it, so that a mistake is found whatever the command, and sets the flags of
// cmd that the command line has not set. asked says that the file was named on the command line: it may then have files
// written in the current folder, too, and not in its own only. used reports whether the file has flags for cmd.
//
// An error is one line; where it is about a place in the file it is a *text.Error.
func Apply(path string, content []byte, asked bool, cmd *cobra.Command) (used bool, err error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors begin a text in UTF-8 so
	c := &file{path: path, asked: asked, lines: lines(string(content))}
	err = c.apply(content, cmd)
	return c.used, err
}

// lines are the lines of a text in YAML, where a carriage return alone ends a line, too.
func lines(content string) []string {
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(content), "\n")
}

func (c *file) apply(content []byte, cmd *cobra.Command) error {
	if !utf8.Valid(content) {
		return fmt.Errorf("%s: not a text in UTF-8", c.path)
	}
	if err := c.bounded(content); err != nil {
		return err
	}
	parsed, err := parser.ParseBytes(content, 0)
	var bad yaml.Error
	switch {
	case errors.As(err, &bad):
		place := bad.GetToken().Position
		return c.wrong(place.Line, place.Column, "%s", bad.GetMessage())
	case err != nil:
		return fmt.Errorf("%s: %w", c.path, err)
	case len(parsed.Docs) > 1:
		begin := parsed.Docs[1].Start // ---, for a document may have nothing in it
		if begin == nil {
			begin = parsed.Docs[1].Body.GetToken()
		}
		return c.wrong(begin.Position.Line, begin.Position.Column, "there must be one document only")
	case len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil || parsed.Docs[0].Body.Type() == ast.NullType:
		return nil
	}
	root := cmd.Root()
	entries, err := c.mapping(parsed.Docs[0].Body, "the file must hold names of commands, and flags under them")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if f := root.PersistentFlags().Lookup(e.name); f != nil && IsKey(f) {
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
func (c *file) section(parent *cobra.Command, e entry, cmd *cobra.Command) error {
	below := parent.Commands()
	i := slices.IndexFunc(below, func(sub *cobra.Command) bool { return sub.Name() == e.name && Configurable(sub) })
	if i < 0 {
		if of := withFlag(parent, e.name); len(of) > 0 {
			return c.at(e.key, "%q is a flag of %s, and goes below the command's name, as in %q", e.name, text.And(of), strings.ReplaceAll(of[0], " ", ": ")+":")
		}
		var known []string
		for _, c := range below {
			if Configurable(c) {
				known = append(known, c.Name())
			}
		}
		if !parent.HasParent() {
			for _, f := range Keys(parent.PersistentFlags()) {
				known = append(known, f.Name)
			}
		}
		return c.at(e.key, "there is no command %q%s", strings.TrimPrefix(parent.CommandPath()+" "+e.name, "verify "), text.Suggest(e.name, slices.Values(known)))
	}
	sub := below[i]
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
		if f == nil || !IsKey(f) {
			var known []string
			for _, f := range Keys(flags) {
				known = append(known, f.Name)
			}
			return c.at(e.key, "%s has no flag %q%s", sub.CommandPath(), e.name, text.Suggest(e.name, slices.Values(known)))
		}
		if err := c.set(f, e); err != nil { // those of another command do no harm
			return err
		}
		c.used = c.used || sub == cmd
	}
	return nil
}

// withFlag are the commands below parent that have a flag of that name which can be set here, by their names below the program's.
func withFlag(parent *cobra.Command, name string) (commands []string) {
	for _, cmd := range parent.Commands() {
		if !Configurable(cmd) {
			continue
		}
		if f := cmd.LocalNonPersistentFlags().Lookup(name); f != nil && IsKey(f) && !isGroup(cmd) {
			commands = append(commands, strings.TrimPrefix(cmd.CommandPath(), cmd.Root().CommandPath()+" "))
		}
		commands = append(commands, withFlag(cmd, name)...)
	}
	return commands
}

// isGroup reports whether a command only holds others, which have the flags.
func isGroup(cmd *cobra.Command) bool { return slices.ContainsFunc(cmd.Commands(), Configurable) }

// set gives a flag its value, unless the command line has.
func (c *file) set(f *pflag.Flag, e entry) error {
	values, err := c.values(f, e.value)
	if err != nil || f.Changed {
		return err
	}
	for _, v := range values {
		if err := c.within(f, v); err != nil {
			return err
		}
		if err := f.Value.Set(v.text); err != nil {
			return c.at(v.node, "%s is %q, and must be %s", f.Name, v.text, Takes(f))
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
func (c *file) values(f *pflag.Flag, n ast.Node) ([]value, error) {
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
func (c *file) plain(f *pflag.Flag, n ast.Node) (value, error) {
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
		return value{}, c.at(n, "%s must be %s", f.Name, Takes(f))
	}
	if !fits {
		return value{}, c.at(n, "%s is %q, and must be %s", f.Name, text, Takes(f))
	}
	return value{text, n}, nil
}

// Takes says what a flag takes.
func Takes(f *pflag.Flag) string {
	if _, repeatable := f.Value.(pflag.SliceValue); repeatable {
		return "a text, or a list of texts"
	}
	switch f.Value.Type() {
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number from 0 to 18446744073709551615"
	case "duration":
		return "a duration, such as 90s or 1m30s"
	case "bool":
		return "true or false"
	case "when":
		return "auto, always or never"
	}
	return Text
}

// Text is what a flag takes that takes anything.
const Text = "a text"

// entry is a key with its value.
type entry struct {
	name  string
	key   ast.Node
	value ast.Node
}

// mapping returns the entries of n, which must be a mapping, in their order.
func (c *file) mapping(n ast.Node, otherwise string) ([]entry, error) {
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
func (c *file) at(n ast.Node, format string, args ...any) error {
	place := n.GetToken().Position
	return c.wrong(place.Line, place.Column, format, args...)
}

func (c *file) wrong(line, col int, format string, args ...any) error {
	e := &text.Error{File: c.path, Line: line, Column: col, Message: fmt.Sprintf(format, args...)}
	if line >= 1 && line <= len(c.lines) {
		e.Source = c.lines[line-1]
	}
	return e
}

// IsKey reports whether a flag may stand in a configuration file. One that starts a program may not: the file may be a stranger's.
func IsKey(f *pflag.Flag) bool {
	return !f.Hidden && !slices.Contains([]string{"help", "version", "config", "no-config", "system", "kind"}, f.Name)
}

// Keys are the flags that may stand in a configuration file, by name.
func Keys(flags *pflag.FlagSet) []*pflag.Flag {
	var all []*pflag.Flag
	flags.VisitAll(func(f *pflag.Flag) {
		if IsKey(f) {
			all = append(all, f)
		}
	})
	return all
}

// Configurable reports whether a configuration file may have flags for cmd: children of this program, and what a shell asks for
// completion, are told everything.
func Configurable(cmd *cobra.Command) bool {
	ofShell := cmd.HasParent() && cmd.Parent().Name() == "completion"
	return !cmd.Hidden && cmd.IsAvailableCommand() && !ofShell
}
