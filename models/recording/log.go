package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"synchrony/models/text"
)

// logPrefix begins the lines of a Jepsen log that are operations.
const logPrefix = "jepsen.util - "

// parseLogLine reads a line of the log that Jepsen's test of etcd writes,
//
//	INFO  jepsen.util - 2	:invoke	:cas	[3 0]
//
// as the operation map that later versions of Jepsen write. Lines of other parts of
// Jepsen are none.
func parseLogLine(line []byte) (datum, bool, error) {
	_, rest, ok := strings.Cut(string(line), logPrefix)
	if !ok {
		return datum{}, false, nil
	}
	words := strings.Fields(rest)
	if len(words) > 0 && words[0] == ":nemesis" {
		return datum{}, false, nil
	}
	if len(words) < 3 {
		return datum{}, false, errors.New("a line of jepsen.util needs a process, a type, an operation and a value")
	}
	if _, err := strconv.ParseInt(words[0], 10, 32); err != nil {
		return datum{}, false, fmt.Errorf("%q is no process: want a number, or :nemesis", words[0])
	}
	r := newEDNReader("", bufio.NewReader(strings.NewReader(rest)))
	d := datum{kind: mapDatum}
	for _, name := range []string{"process", "type", "f", "value"} {
		r.begun = true // no list of all
		x, err := r.next()
		var bad *text.Error
		switch {
		case errors.Is(err, io.EOF) && name == "value":
		case errors.As(err, &bad):
			return datum{}, false, errors.New(bad.Message)
		case err != nil:
			return datum{}, false, err
		}
		d.items = append(d.items, datum{kind: keywordDatum, text: name}, x)
	}
	if isRefusal(&d) {
		// etcd answers that the comparison failed, which is a result like any other;
		// what timed out is logged as :info.
		d.items[3] = datum{kind: keywordDatum, text: "ok"}
		d.items = append(d.items, datum{kind: keywordDatum, text: "result"}, datum{kind: boolDatum})
	}
	return d, true, nil
}

// isRefusal reports whether an operation is a compare-and-set that failed by its
// comparison: it repeats the values, where one that failed otherwise has a reason.
func isRefusal(d *datum) bool {
	value := d.get("value")
	return d.items[3].text == "fail" && d.items[5].text == "cas" && value.kind == listDatum
}

// isLog reports whether a text begins as a Jepsen log.
func isLog(head []byte) bool {
	return bytes.HasPrefix(head, []byte("INFO")) || bytes.Contains(head, []byte(logPrefix))
}
