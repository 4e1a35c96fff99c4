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
	s := &scanner{file: file, mark: noMark, words: map[string]string{}}
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
		d, err := r.operation(process, kind, rest)
		d.line = r.line
		return d, err
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
	s.buf, s.pos, s.end, s.err, s.line, s.stack, s.depth = rest, 0, len(rest), io.EOF, r.line, s.stack[:0], 0
	if !r.words.keep {
		s.arena = s.arena[:0]
	}
	d := datum{kind: mapDatum, items: make([]datum, 0, 12)}
	add := func(name string, x datum) {
		d.items = append(d.items, datum{kind: keywordDatum, text: name}, x)
	}
	add("process", s.atom(process))
	if process[0] == ':' {
		d.items[1] = datum{kind: keywordDatum, text: string(process[1:])}
	}
	add("type", datum{kind: keywordDatum, text: string(kind)})
	for _, name := range []string{"f", "value", "error"} {
		c, err := r.words.start()
		if errors.Is(err, io.EOF) {
			if name == "error" {
				break
			}
			return d, badRecord(r.file, r.line, "an operation in a log needs a process, a type, a name and a value")
		}
		var x datum
		if err == nil {
			x, err = r.words.value(c)
		}
		var bad *text.Error
		if errors.As(err, &bad) {
			return d, badRecord(r.file, r.line, bad.Message)
		}
		if err != nil {
			return d, err
		}
		add(name, x)
	}
	if isRefusal(&d) {
		// The store answers that the comparison failed, which is a result like any other;
		// what failed otherwise has an error.
		d.items[3].text = "ok"
		add("result", datum{kind: boolDatum})
	}
	return d, nil
}

// isRefusal reports whether an operation is a compare-and-set that failed by its
// comparison: it repeats the values, and there is no error.
func isRefusal(d *datum) bool {
	value, failed := d.get("value"), d.get("error")
	return d.items[3].text == "fail" && d.items[5].text == "cas" && value.kind == listDatum && failed.kind == nilDatum
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
