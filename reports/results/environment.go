package results

import (
	"strings"

	"synchrony/reports"
)

// Environment is where a run ran. What a controlled run shows does not depend on it, but for times.
type Environment struct {
	Host       string `json:"host,omitempty"`
	Platform   string `json:"platform,omitempty"`   // "linux/amd64"
	Processors int    `json:"processors,omitempty"` // logical ones
	Go         string `json:"go,omitempty"`         // the version that the program was built with
	Revision   string `json:"revision,omitempty"`   // of version control, that the program was built from
	Modified   bool   `json:"modified,omitempty"`   // there were changes that no revision has
}

// shared is what the environments of the parts of a run have in common.
func (e Environment) shared(other Environment) Environment {
	keep := func(a *string, b string) {
		if *a != b {
			*a = ""
		}
	}
	keep(&e.Host, other.Host)
	keep(&e.Platform, other.Platform)
	keep(&e.Go, other.Go)
	if e.Processors != other.Processors {
		e.Processors = 0
	}
	if e.Revision != other.Revision || e.Modified != other.Modified {
		e.Revision, e.Modified = "", false
	}
	return e
}

// Words tell it in parts, each a few words; none of what is not known.
func (e Environment) Words() (parts []string) {
	if e.Revision != "" {
		revision := e.Revision
		if len(revision) > 12 && strings.Trim(revision, "0123456789abcdef") == "" {
			revision = revision[:12]
		}
		if revision = "revision " + revision; e.Modified {
			revision += ", with changes"
		}
		parts = append(parts, revision)
	}
	if e.Host != "" {
		parts = append(parts, "on "+e.Host)
	}
	if machine := strings.TrimSpace(e.Go + " " + e.Platform); machine != "" {
		parts = append(parts, machine)
	}
	if e.Processors > 0 {
		parts = append(parts, reports.Plural(e.Processors, "processor"))
	}
	return parts
}
