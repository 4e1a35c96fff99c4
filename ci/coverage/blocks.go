package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/cover"
)

// module is how the module's packages begin in a profile.
const module = "synchrony/"

// block is a stretch of statements that are executed together.
type block struct {
	Package    string // its folder, from the module's root
	File       string // from the module's root
	Line, End  int    // the first and the last line
	Function   string // "analyze", "(*scratch).edge"; of a literal the function around it
	Text       string // its source on one line, from the start of its first line: so with the condition that it depends on
	Copy       int    // among the blocks of the function with the same text, from 1
	Statements int
	Reached    bool
}

// place is where the block stands.
func (b *block) place() string { return fmt.Sprintf("%s:%d-%d", b.File, b.Line, b.End) }

// key names the block by content, so that it keeps its name while lines move.
func (b *block) key() string {
	key := b.function() + ": " + b.Text
	if b.Copy > 1 {
		key += fmt.Sprintf(" #%d", b.Copy)
	}
	return key
}

// function names the block's function.
func (b *block) function() string { return b.Package + " " + b.Function }

// readBlocks reads a profile, with the source that it is of, in the order of files and lines.
func readBlocks(root, profile string) ([]block, error) {
	files, err := cover.ParseProfiles(profile)
	if err != nil {
		return nil, err
	}
	var all []block
	for _, f := range files {
		if !isMeasured(path.Dir(strings.TrimPrefix(f.FileName, module))) {
			continue
		}
		list, err := blocksOf(root, f)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has no blocks", profile)
	}
	return all, nil
}

// blocksOf are the blocks of a file.
func blocksOf(root string, f *cover.Profile) ([]block, error) {
	name := strings.TrimPrefix(f.FileName, module)
	source, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return nil, err
	}
	functions, err := functionsOf(name, source)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(source), "\n")
	slices.SortFunc(f.Blocks, func(a, b cover.ProfileBlock) int {
		return cmp.Or(a.StartLine-b.StartLine, a.StartCol-b.StartCol)
	})
	var list []block
	copies := map[string]int{}
	for _, p := range f.Blocks {
		if p.NumStmt == 0 {
			continue
		}
		if p.EndLine > len(lines) {
			return nil, fmt.Errorf("%s has no line %d: the profile is of another version", name, p.EndLine)
		}
		b := block{
			Package: path.Dir(name), File: name, Line: p.StartLine, End: p.EndLine, Function: functionAt(functions, p.StartLine, p.StartCol),
			Text: excerpt(lines, &p), Statements: p.NumStmt, Reached: p.Count > 0,
		}
		copies[b.function()+b.Text]++
		b.Copy = copies[b.function()+b.Text]
		list = append(list, b)
	}
	return list, nil
}

// excerpt is a block's text on one line. What stands before it on its first line belongs to it: the condition, or the case.
func excerpt(lines []string, p *cover.ProfileBlock) string {
	text := slices.Clone(lines[p.StartLine-1 : p.EndLine])
	text[len(text)-1] = text[len(text)-1][:min(p.EndCol-1, len(text[len(text)-1]))]
	for i, line := range text {
		if code, _, comment := strings.Cut(line, "//"); comment && !strings.ContainsAny(code, "\"`") {
			text[i] = code
		}
	}
	return strings.Join(strings.Fields(strings.Join(text, " ")), " ")
}

// function is a declared function, and where it is.
type function struct {
	name     string
	from, to token.Position
}

func functionsOf(name string, source []byte) ([]function, error) {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var list []function
	for _, d := range syntax.Decls {
		f := function{name: "package", from: files.Position(d.Pos()), to: files.Position(d.End())} // literals in variables
		if fn, ok := d.(*ast.FuncDecl); ok {
			f.name = fn.Name.Name
			if fn.Recv != nil {
				f.name = "(" + types.ExprString(fn.Recv.List[0].Type) + ")." + f.name
			}
		}
		list = append(list, f)
	}
	return list, nil
}

// functionAt is the name of the function around a position.
func functionAt(list []function, line, column int) string {
	for _, f := range list {
		if cmp.Or(f.from.Line-line, f.from.Column-column) <= 0 && cmp.Or(line-f.to.Line, column-f.to.Column) <= 0 {
			return f.name
		}
	}
	return "package"
}
