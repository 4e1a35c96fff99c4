package clients

import (
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/models/history"
	"synchrony/properties"
)

// sheetCodec is the text form of histories of calls, each in a folder of its number: the calls, the name of the model, and what is known of it if that
// is not found out.
var sheetCodec = properties.Codec[sheet]{Format: formatSheet, Parse: parseSheet}

const (
	callsFile = "calls"
	modelFile = "model"
	knownFile = "known" // "right", "wrong", or "wrong N" for the call that is impossible by itself
)

func formatSheet(cs sheet) ([]txtar.File, error) {
	var files numbered
	for i, c := range cs {
		files.add(i, modelFile, c.Model+"\n")
		files.add(i, callsFile, history.FormatCalls(c.Calls))
		switch k := c.Known; {
		case k == nil:
		case k.right:
			files.add(i, knownFile, "right\n")
		case k.impossible < 0:
			files.add(i, knownFile, "wrong\n")
		default:
			files.add(i, knownFile, fmt.Sprintf("wrong %d\n", k.impossible))
		}
	}
	return files, nil
}

func parseSheet(files []txtar.File) (sheet, error) {
	cs, err := folders(files, (*called).parse)
	if err != nil {
		return nil, err
	}
	for i, c := range cs {
		if c.Model == "" || c.Calls == nil || c.Known != nil && c.Known.impossible >= len(c.Calls.Calls) {
			return nil, fmt.Errorf("of history %d, the file %q or %q is missing, or a call that is known to be wrong", i+1, modelFile, callsFile)
		}
	}
	return cs, nil
}

// parse reads one file of a history.
func (c *called) parse(name string, f txtar.File) (err error) {
	text := strings.TrimSpace(string(f.Data))
	switch name {
	case modelFile:
		c.Model = text
		if _, err := lookup(c.Model); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	case callsFile:
		c.Calls, err = history.ParseCalls(f.Name, string(f.Data))
	case knownFile:
		c.Known = &known{right: text == "right", impossible: -1}
		if at, numbered := strings.CutPrefix(text, "wrong "); numbered {
			if _, err := fmt.Sscanf(at, "%d", &c.Known.impossible); err != nil || c.Known.impossible < 0 {
				return fmt.Errorf("%s: expected the number of a call, found %q", f.Name, at)
			}
		} else if text != "wrong" && text != "right" {
			return fmt.Errorf("%s: expected right, wrong, or wrong and the number of a call, found %q", f.Name, text)
		}
	default:
		return fmt.Errorf("the file %q is not known: a history of calls is %s, %s and %s", f.Name, modelFile, callsFile, knownFile)
	}
	return err
}
