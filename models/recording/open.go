package recording

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// HistoryFormat is a notation of recorded histories.
type HistoryFormat string

// The formats; docs/histories.md describes them.
const (
	AutoFormat HistoryFormat = "auto"  // found out from the beginning of the text
	EDNFormat  HistoryFormat = "edn"   // operations of Jepsen, Knossos and Elle
	LogFormat  HistoryFormat = "log"   // Jepsen's log lines, and its history.txt
	EtcdFormat HistoryFormat = "etcd"  // another name for the log of Jepsen's test of etcd
	KVFormat   HistoryFormat = "kv"    // operations with a :key, as porcupine's logs are
	JSONFormat HistoryFormat = "jsonl" // JSON objects, a line each or in an array
	TextFormat HistoryFormat = "text"  // what FormatCalls writes
)

// HistoryFormats lists the formats.
func HistoryFormats() []HistoryFormat {
	return []HistoryFormat{AutoFormat, EDNFormat, LogFormat, EtcdFormat, KVFormat, JSONFormat, TextFormat}
}

// Headings of texts that are not read as they are.
const (
	gzipMagic = "\x1f\x8b"
	zstdMagic = "\x28\xb5\x2f\xfd"
	byteOrder = "\xef\xbb\xbf" // the mark that some editors begin UTF-8 with
)

// headSize is how much of a text is looked at to find out its format.
const headSize = 64 << 10

// Unpacked is a history as text: unpacked, if gzip has packed it, and without a byte order mark.
func Unpacked(file string, in io.Reader) (*bufio.Reader, error) {
	r := bufio.NewReaderSize(in, headSize)
	head, err := r.Peek(len(zstdMagic))
	switch {
	case bytes.HasPrefix(head, []byte(zstdMagic)):
		return nil, fmt.Errorf("%s is packed with zstd: unpack it first, as with zstd -dc", file)
	case bytes.HasPrefix(head, []byte(gzipMagic)):
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("%s begins as a gzip file and is none: %w", file, err)
		}
		r = bufio.NewReaderSize(packed{unpacked}, headSize)
	case len(head) == 0 && !errors.Is(err, io.EOF):
		return nil, err
	}
	if mark, _ := r.Peek(len(byteOrder)); string(mark) == byteOrder {
		_, _ = r.Discard(len(byteOrder)) // were peeked
	}
	return r, nil
}

// begin opens a history, and finds out its format if o does not say it.
func begin(file string, in io.Reader, o *Options) (*bufio.Reader, error) {
	r, err := Unpacked(file, in)
	if err == nil && (o.Format == AutoFormat || o.Format == "") {
		lines := skipBlank(r)
		head, _ := r.Peek(headSize) // what is wrong with the rest, its reader will find
		o.Format = detect(head)
		if lines > 0 {
			r = bufio.NewReader(io.MultiReader(io.LimitReader(newlines{}, lines), r))
		}
	}
	return r, err
}

// skipBlank skips a blank beginning that is so long that no format can be found out by what is in sight, and returns how many lines it has.
func skipBlank(r *bufio.Reader) (lines int64) {
	for {
		head, _ := r.Peek(headSize) // the end of the text, or what is wrong with it, comes after what is there
		blank := len(head) - len(bytes.TrimLeft(head, " \t\r\n"))
		if blank < headSize/2 {
			return lines
		}
		lines += int64(bytes.Count(head[:blank], []byte{'\n'}))
		_, _ = r.Discard(blank) // it is in the buffer
	}
}

// newlines are empty lines without end.
type newlines struct{}

func (newlines) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '\n'
	}
	return len(b), nil
}

// packed says of a packed text that ends too early what it is.
type packed struct{ io.Reader }

func (p packed) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("the gzip file is cut off or damaged (%w)", err)
	}
	return n, err
}

// detect finds out the format of a text by its beginning.
func detect(head []byte) HistoryFormat {
	text := strings.TrimLeft(string(head), " \t\r\n")
	word, _, _ := strings.Cut(text, " ")
	inner := strings.TrimLeft(strings.TrimPrefix(text, "["), " \t\r\n")
	inObject, isObject := strings.CutPrefix(inner, "{")
	inObject = strings.TrimLeft(inObject, " \t\r\n")
	switch {
	case isObject && (strings.HasPrefix(inObject, `"`) || strings.HasPrefix(inObject, "}")):
		return JSONFormat
	case isObject || text == "" || strings.IndexByte("[(;", text[0]) >= 0:
		return EDNFormat
	case word == "call" || word == "initial" || strings.HasPrefix(text, "# "):
		return TextFormat
	case isLog(head):
		return LogFormat
	default:
		return EDNFormat
	}
}

// source yields the records of a text, and io.EOF at its end.
type source interface {
	next() (datum, error)
	setKeep(keep bool) // whether records stay good when more are read
}

func (r *ednReader) setKeep(keep bool)  { r.keep = keep }
func (r *jsonReader) setKeep(keep bool) { r.edn.keep = keep }
func (r *logReader) setKeep(keep bool)  { r.words.keep = keep }

// newSource reads records of a format.
func newSource(file string, format HistoryFormat, in io.Reader, skip func(line int, what string)) (source, error) {
	switch format {
	case EDNFormat, KVFormat:
		return newEDNReader(newScanner(file, in)), nil
	case JSONFormat:
		return newJSONReader(newScanner(file, in)), nil
	case LogFormat, EtcdFormat:
		return newLogReader(file, in, skip), nil
	default:
		return nil, fmt.Errorf("no format %q: there are %v", format, HistoryFormats())
	}
}
