package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"synchrony/models/text"
)

// logReader reads the operations in Jepsen's log, of any of its versions, and in its history.txt:
//
//	INFO  jepsen.util - 2	:invoke	:cas	[3 0]
//	INFO [2021-03-04 05:06:07,089] jepsen worker 0 - jepsen.util 2	:ok	:cas	[3 0]
//	2	:fail	:read	nil	:timed-out
//
// as the maps that Jepsen's history.edn has of them. A line is an operation if it has a type between two blanks, and
// a process before that; other lines are skipped.
type logReader struct {
	in    *bufio.Reader
	file  string
	line  int
	words *ednReader // of the line at hand
	skip  func(line int, what string)
}

func newLogReader(file string, in io.Reader, skip func(int, string)) *logReader {
	s := &scanner{file: file, words: map[string]string{}}
	return &logReader{in: bufio.NewReaderSize(in, 256<<10), file: file, words: newEDNReader(s), skip: skip}
}

// next is the next operation, or io.EOF.
func (r *logReader) next() (datum, error) {
	for {
		line, err := r.in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return datum{}, badRecord(r.file, r.line+1, "reading stopped here: "+err.Error())
		}
		if len(line) == 0 {
			return datum{}, io.EOF
		}
		r.line++
		if len(line) > maxToken {
			return datum{}, badRecord(r.file, r.line, fmt.Sprintf("the line is longer than %d bytes", maxToken))
		}
		process, kind, rest := operationIn(line)
		if process == nil {
			if line = bytes.TrimSpace(line); len(line) > 0 {
				r.skip(r.line, string(line))
			}
			continue
		}
		return r.operation(process, kind, rest)
	}
}

// operationIn finds the process and the type of an operation in a line, and what follows them.
func operationIn(line []byte) (process, kind, rest []byte) {
	var last []byte
	for at := 0; at < len(line); {
		for at < len(line) && isBlank(line[at]) {
			at++
		}
		from := at
		for at < len(line) && !isBlank(line[at]) {
			at++
		}
		switch word := line[from:at]; string(word) {
		case ":invoke", ":ok", ":fail", ":info":
			if len(last) > 0 && (last[0] == ':' && len(last) > 1 || isNumber(last)) {
				return last, word[1:], line[at:]
			}
			return nil, nil, nil
		default:
			last = word
		}
	}
	return nil, nil, nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isNumber(word []byte) bool {
	_, err := strconv.ParseInt(string(word), 10, 32)
	return err == nil
}

// operation is the map of an operation.
func (r *logReader) operation(process, kind, rest []byte) (datum, error) {
	s := r.words.scanner
	if s.forget(); !s.keep {
		s.pos, s.buf = 0, s.buf[:0]
	} else {
		s.pos = len(s.buf)
	}
	s.buf = append(s.buf, rest...)
	s.base, s.end, s.err, s.line, s.depth = 0, len(s.buf), io.EOF, r.line, 0
	at := len(s.nodes)
	s.push(node{kind: mapDatum})
	s.pushKeyword("process")
	if process[0] == ':' {
		s.pushKeyword(string(process[1:]))
	} else {
		s.pushWord(atom(string(process)))
	}
	s.pushKeyword("type")
	outcome := len(s.texts)
	s.pushKeyword(string(kind))
	for _, name := range []string{"f", "value", "error"} {
		c, err := r.words.start()
		if errors.Is(err, io.EOF) {
			if name == "error" {
				break
			}
			return datum{}, badRecord(r.file, r.line, "an operation in a log needs a process, a type, a name and a value")
		}
		s.pushKeyword(name)
		if err == nil {
			err = r.words.value(c)
		}
		var bad *text.Error
		if errors.As(err, &bad) {
			return datum{}, badRecord(r.file, r.line, bad.Message)
		}
		if err != nil {
			return datum{}, err
		}
	}
	s.nodes[at].length = int32(len(s.nodes) - at - 1)
	if d := s.datum(at, r.line); isRefusal(&d) {
		// The store answers that the comparison failed, which is a result like any other;
		// what failed otherwise has an error.
		s.texts[outcome] = "ok"
		s.pushKeyword("result")
		s.push(node{kind: boolDatum})
		s.nodes[at].length += 2
	}
	return s.datum(at, r.line), nil
}

// pushKeyword adds the node of a keyword that is not in the text.
func (s *scanner) pushKeyword(name string) { s.pushWord(word{kind: keywordDatum, text: name}) }

// isRefusal reports whether an operation is a compare-and-set that failed by its
// comparison: it repeats the values, and there is no error.
func isRefusal(d *datum) bool {
	value, failed := d.get("value"), d.get("error")
	return d.get("type").word() == "fail" && d.get("f").word() == "cas" && value.kind == listDatum && failed.kind == nilDatum
}

// isLog reports whether a text begins as a Jepsen log.
func isLog(head []byte) bool {
	if bytes.HasPrefix(head, []byte("INFO")) || bytes.Contains(head, []byte(" jepsen.")) {
		return true
	}
	for line := range bytes.Lines(head) {
		if process, _, _ := operationIn(line); process != nil {
			return true
		}
	}
	return false
}
