package batch

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"synchrony/models/text"
)

// setting is one line of a setup's text form.
type setting struct {
	key string
	// values are the texts to print, a line each: none for the default.
	values func(*Setup) []string
	// set sets the field from a text. Its error says what is expected.
	set func(*Setup, string) error
	// list settings may be given several times.
	list bool
}

// FormatSetup prints a setup as lines "key value". What has its default is left
// out, but for the workers:
//
//	workers 2
//	mode parallel
//	limit 64
//	timeout 1ms
//	transaction-timeout 500µs
//	untraced true
//	now 2030-01-01T00:00:00Z
//	cancel-after 2ms
//	observers 1
//	panic transfer1
//
// The timeout "none" is NoTimeout. There is one panic line for each transaction;
// an ID that is not a plain name is quoted as in Go.
func FormatSetup(s Setup) []byte {
	var out []byte
	for _, setting := range settings() {
		for _, value := range setting.values(&s) {
			out = append(out, setting.key+" "+value+"\n"...)
		}
	}
	return out
}

// ParseSetup parses what FormatSetup prints. Blank lines and lines that begin
// with # are skipped, and without a workers line there are
// DefaultWorkers. The error is an [text.ErrorList].
func ParseSetup(file string, src []byte) (Setup, error) {
	s := Setup{Workers: DefaultWorkers}
	lines, all := string(src), settings()
	var errs []*text.Error
	first := map[string]int{} // the offset of the key's first line
	for offset := 0; offset < len(lines) && len(errs) < text.MaxErrors; {
		line, _, _ := strings.Cut(lines[offset:], "\n")
		start := offset + len(line) - len(strings.TrimLeft(line, " \t\r"))
		offset += len(line) + 1
		key, value := strings.TrimSpace(line), ""
		if key == "" || key[0] == '#' {
			continue
		}
		if end := strings.IndexAny(key, " \t"); end >= 0 {
			key, value = key[:end], strings.TrimSpace(key[end:])
		}
		if message := applySetting(all, &s, key, value, first); message != "" {
			errs = append(errs, text.ErrorAt(file, lines, start, message))
		}
		if _, ok := first[key]; !ok {
			first[key] = start
		}
	}
	if len(errs) > 0 {
		return Setup{}, text.NewErrorList(errs)
	}
	return s, nil
}

// applySetting applies one line, and returns what is wrong with it, if anything.
func applySetting(all []setting, s *Setup, key, value string, first map[string]int) string {
	for _, setting := range all {
		if setting.key != key {
			continue
		}
		if _, again := first[key]; again && !setting.list {
			return quote(key) + " is given twice"
		}
		if err := setting.set(s, value); err != nil {
			return key + ": " + err.Error()
		}
		return ""
	}
	return "unknown setting " + quote(key) + suggest(key, func(yield func(string) bool) {
		for _, setting := range all {
			if !yield(setting.key) {
				return
			}
		}
	})
}

// settings are all of them, in the order in which they are printed.
func settings() []setting {
	return []setting{
		{key: "workers", values: func(s *Setup) []string { return []string{strconv.Itoa(s.Workers)} }, set: setWorkers},
		{key: "mode", values: modeValues, set: setMode},
		countSetting("limit", func(s *Setup) *int { return &s.Limit }),
		durationSetting("timeout", func(s *Setup) *time.Duration { return &s.Timeout }, true),
		durationSetting("transaction-timeout", func(s *Setup) *time.Duration { return &s.TransactionTimeout }, false),
		{key: "untraced", values: untracedValues, set: setUntraced},
		{key: "now", values: nowValues, set: setNow},
		durationSetting("cancel-after", func(s *Setup) *time.Duration { return &s.CancelAfter }, false),
		countSetting("observers", func(s *Setup) *int { return &s.Observers }),
		{key: "panic", values: panicValues, set: addPanic, list: true},
	}
}

// setWorkers lets 0 and negative numbers pass: refusing them is the executor's
// part, and a workload can ask whether it does.
func setWorkers(s *Setup, value string) (err error) {
	if s.Workers, err = strconv.Atoi(value); err != nil {
		return fmt.Errorf("expected a number of workers, found %s", quote(value))
	}
	return nil
}

func modeValues(s *Setup) []string {
	if s.Mode == Auto {
		return nil
	}
	return []string{s.Mode.String()}
}

func setMode(s *Setup, value string) (err error) {
	s.Mode, err = ParseMode(value)
	return err
}

func untracedValues(s *Setup) []string {
	if !s.Untraced {
		return nil
	}
	return []string{"true"}
}

func setUntraced(s *Setup, value string) error {
	if value != "true" && value != "false" {
		return fmt.Errorf("expected true or false, found %s", quote(value))
	}
	s.Untraced = value == "true"
	return nil
}

func nowValues(s *Setup) []string {
	if s.Now.IsZero() {
		return nil
	}
	return []string{formatExpiry(s.Now)}
}

func setNow(s *Setup, value string) error {
	t, err := time.Parse(time.RFC3339Nano, value)
	if t = t.UTC(); err != nil || !printableTime(t) {
		return fmt.Errorf("expected a time like 2030-01-01T00:00:00Z, found %s", quote(value))
	}
	s.Now = t
	return nil
}

func countSetting(key string, field func(*Setup) *int) setting {
	return setting{
		key: key,
		values: func(s *Setup) []string {
			if *field(s) == 0 {
				return nil
			}
			return []string{strconv.Itoa(*field(s))}
		},
		set: func(s *Setup, value string) error {
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 {
				return fmt.Errorf("expected a number from 0, found %s", quote(value))
			}
			*field(s) = n
			return nil
		},
	}
}

func durationSetting(key string, field func(*Setup) *time.Duration, canBeNone bool) setting {
	expected := "expected a duration like 10ms or 1.5s"
	if canBeNone {
		expected += ", or none"
	}
	return setting{
		key: key,
		values: func(s *Setup) []string {
			switch d := *field(s); {
			case d == 0:
				return nil
			case d < 0 && canBeNone:
				return []string{"none"}
			default:
				return []string{d.String()}
			}
		},
		set: func(s *Setup, value string) error {
			d, err := time.ParseDuration(value)
			if value == "none" && canBeNone {
				d, err = NoTimeout, nil
			} else if err != nil || d < 0 {
				return fmt.Errorf("%s, found %s", expected, quote(value))
			}
			*field(s) = d
			return nil
		},
	}
}

func panicValues(s *Setup) []string {
	values := make([]string, len(s.Panics))
	for i, id := range s.Panics {
		if values[i] = id; !isName(id) {
			values[i] = strconv.Quote(id)
		}
	}
	return values
}

func addPanic(s *Setup, value string) error {
	id := value
	if !isName(value) {
		var err error
		if id, err = strconv.Unquote(value); err != nil {
			return fmt.Errorf("expected a transaction's name, found %s", quote(value))
		}
	}
	s.Panics = append(s.Panics, id)
	return nil
}
