package results

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"synchrony/properties"
	"synchrony/reports"
)

// sarifSchema names the schema of the Static Analysis Results Interchange Format,
// an OASIS standard; section numbers in this file are its.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// The objects of SARIF that we write.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Automation  sarifID           `json:"automationDetails"`
		Invocations []sarifInvocation `json:"invocations"`
		Artifacts   []sarifArtifact   `json:"artifacts,omitempty"`
		Results     []sarifResult     `json:"results"`
		ColumnKind  string            `json:"columnKind"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Short      sarifText      `json:"shortDescription"`
		Full       sarifText      `json:"fullDescription"`
		Help       sarifText      `json:"help"`
		Properties map[string]any `json:"properties"`
	}
	sarifInvocation struct {
		CommandLine   string              `json:"commandLine"`
		Start         string              `json:"startTimeUtc,omitempty"`
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
		Rule    sarifRef  `json:"associatedRule"`
	}
	sarifRef struct {
		ID    string `json:"id"`
		Index int    `json:"index"`
	}
	sarifArtifact struct {
		Location sarifURI  `json:"location"`
		MIME     string    `json:"mimeType"`
		Contents sarifText `json:"contents"`
		Roles    []string  `json:"roles"`
	}
	sarifURI struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Kind         string            `json:"kind"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations,omitempty"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Attachments  []sarifAttachment `json:"attachments,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   map[string]any    `json:"properties"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifURI     `json:"artifactLocation"`
		Region   *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		Line int `json:"startLine"`
	}
	sarifAttachment struct {
		Description sarifText `json:"description"`
		Artifact    sarifURI  `json:"artifactLocation"`
	}
)

// maxSARIFText bounds a counterexample in the log, in bytes: GitHub refuses logs of
// more than 10 MB, compressed.
const maxSARIFText = 64 << 10

// SARIF writes a run as a SARIF 2.1.0 log: a rule for each property, a result for
// each violation, at the place where the property is defined, with the
// counterexample. What is inconclusive, or broke the harness, is a notification:
// it says nothing about the system.
func SARIF(w io.Writer, run *Run) error {
	name, version, _ := strings.Cut(run.Tool, " ")
	r := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: name, Version: version, Rules: []sarifRule{}}},
		Automation: sarifID{"verify/"},
		Invocations: []sarifInvocation{{
			CommandLine: run.Command, Successful: run.Count(reports.Broken) == 0 && !run.Interrupted,
		}},
		Results: []sarifResult{}, ColumnKind: "unicodeCodePoints",
	}
	call := &r.Invocations[0]
	if !run.Began.IsZero() {
		call.Start = run.Began.UTC().Format(time.RFC3339)
	}
	for i := range run.Properties {
		p := &run.Properties[i]
		r.Tool.Driver.Rules = append(r.Tool.Driver.Rules, sarifRuleOf(&p.Info, run.Subject))
		for k := range p.Result.Failures {
			f := &p.Result.Failures[k]
			r.Results = append(r.Results, sarifResultOf(&p.Info, i, f))
			if f.File != "" && f.Text != "" {
				r.Artifacts = append(r.Artifacts, sarifArtifact{
					Location: sarifPath(f.File), MIME: "text/plain", Roles: []string{"attachment"}, Contents: sarifText{clip(f.Text, maxSARIFText)},
				})
			}
		}
		switch {
		case p.Err != nil:
			call.note("error", p.Err.Error(), sarifRef{p.Info.ID, i})
		case p.Status() == reports.Inconclusive:
			call.note("warning", "inconclusive: "+p.Why(), sarifRef{p.Info.ID, i})
		}
		if why := p.Result.Lost(); why != "" {
			call.note("warning", "uncontrolled: "+why, sarifRef{p.Info.ID, i})
		}
	}
	return WriteJSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{r}})
}

func (c *sarifInvocation) note(level, what string, rule sarifRef) {
	c.Notifications = append(c.Notifications, sarifNotification{level, sarifText{what}, rule})
}

func sarifRuleOf(in *properties.Info, subject Subject) sarifRule {
	again := "verify run " + in.ID
	if subject == Tests {
		_, test, _ := strings.Cut(in.ID, ".")
		again = "verify test --run '^" + test + "$'"
	}
	help := "verify replay FILE runs a counterexample again; " + again + " looks for others."
	return sarifRule{
		ID: in.ID, Short: sarifText{in.Statement}, Full: sarifText{in.Statement + "."}, Help: sarifText{help},
		Properties: map[string]any{"tags": []string{"concurrency", in.Group}, "system": in.System},
	}
}

func sarifResultOf(in *properties.Info, rule int, f *properties.Failure) sarifResult {
	message := in.ID + " is violated: " + title(f)
	r := sarifResult{
		RuleID: in.ID, RuleIndex: rule, Kind: "fail", Level: "error",
		Fingerprints: map[string]string{"primaryLocationLineHash": fingerprint(in, f)},
		Properties: map[string]any{
			"checker": f.Checker, "rule": f.Rule, "strategy": f.Strategy, "size": f.Size, "deviations": f.Deviations, "replayed": f.Replayed,
		},
	}
	if f.Case >= 0 {
		r.Properties["case"] = f.Case
	}
	if file, line, ok := place(cmp.Or(f.Position, in.Source)); ok {
		r.Locations = []sarifLocation{{Physical: sarifPhysical{sarifPath(file), &sarifRegion{line}}}}
	}
	if f.File != "" {
		message += "\nreproduce it: " + f.Reproduce()
		at := sarifPhysical{Artifact: sarifPath(f.File)}
		r.Related = []sarifLocation{{ID: 1, Physical: at, Message: &sarifText{"the counterexample"}}}
		r.Attachments = []sarifAttachment{{sarifText{"the counterexample, for verify replay"}, at.Artifact}}
		if r.Locations == nil { // GitHub shows no result without one
			r.Locations = []sarifLocation{{Physical: at}}
		}
	}
	r.Message = sarifText{noLinks(message)}
	return r
}

// fingerprint is the same for the same violation of the same property in any run,
// whatever the seed and the counterexample. GitHub tells results of a rule apart by
// it; the form, a hash and a number, is the one that its own tools write.
func fingerprint(in *properties.Info, f *properties.Failure) string {
	sum := sha256.Sum256([]byte(in.ID + "\x00" + f.Checker + "\x00" + f.Rule))
	return fmt.Sprintf("%x:1", sum[:8])
}

// sarifPath is a file's location: relative to the root of the sources, unless the
// path is absolute.
func sarifPath(path string) sarifURI {
	slashed := filepath.ToSlash(path)
	if filepath.IsAbs(path) {
		return sarifURI{URI: (&url.URL{Scheme: "file", Path: slashed}).String()}
	}
	return sarifURI{URI: (&url.URL{Path: slashed}).String(), Base: "%SRCROOT%"}
}

// noLinks keeps brackets in a message from being taken for a link (section 3.11.6).
func noLinks(message string) string { return strings.ReplaceAll(message, "](", `\](`) }

// place splits "folder/file.go:12".
func place(source string) (file string, line int, ok bool) {
	colon := strings.LastIndexByte(source, ':')
	if colon < 0 {
		return "", 0, false
	}
	line, err := strconv.Atoi(source[colon+1:])
	return source[:colon], line, err == nil && line > 0 && colon > 0
}
