package text

import "strings"

// ParseReasons reads a list of exceptions that were looked at: a key on a line of its own, the reason in indented lines
// behind it. Keys that share a reason follow one another. A line that begins with # is a comment. No key has no reason,
// and none is there twice: the error is an [*Error].
func ParseReasons(file, content string) (map[string]string, error) {
	list := map[string]string{}
	var keys []string // that wait for their reason
	line, explained := 0, false
	wrong := func(why string) error { return &Error{File: file, Line: line, Message: why} }
	for l := range strings.Lines(content) {
		line++
		word := strings.TrimSpace(l)
		switch indented := l[0] == ' ' || l[0] == '\t'; {
		case word == "" || l[0] == '#':
		case !indented:
			if explained {
				keys, explained = nil, false
			}
			if _, twice := list[word]; twice {
				return nil, wrong("this is listed already")
			}
			list[word] = ""
			keys = append(keys, word)
		case len(keys) == 0:
			return nil, wrong("a reason for nothing: begin the line of what it is about without white space")
		default:
			explained = true
			for _, k := range keys {
				list[k] = strings.TrimSpace(list[k] + " " + word)
			}
		}
	}
	if len(keys) > 0 && !explained {
		return nil, wrong("there is no reason for this: say why in an indented line behind it")
	}
	return list, nil
}
