package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"synchrony/reports/internal/golden"
)

// text is the JSON form of a run.
func text(t testing.TB, run *Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWhatCannotBeRead: each kind of report that no run can have written, with what is said of it.
func TestWhatCannotBeRead(t *testing.T) {
	whole, shard, tests := text(t, sample()), text(t, shardSample()), text(t, testsSample())
	const huge = "9007199254740992"
	for _, c := range []struct{ name, report, old, new, want string }{
		// The form.
		{"trailing garbage", whole, "\n}\n", "\n} {}", "there is something after the end of the document"},
		{"trailing report", whole, "\n}\n", "\n}\n" + whole, "there is something after the end of the document"},
		{"cut short", whole, "\n}\n", "", "not a report of verify run --json: unexpected EOF"},
		{"unknown key", whole, `"seed": 7`, `"seed": 7, "sead": 8`, `line 6: the key "sead" is not known here`},
		{"unknown key inside", whole, `"covered": 210`, `"covered": 210, "\u001b[31m": 1`, `properties[0]: the key "\x1b[31m" is not known here`},
		{"other letters", whole, `"seed": 7`, `"Seed": 7`, `the key "Seed" is not known here`},
		{"duplicate key", whole, `"seed": 7`, `"seed": 8, "seed": 7`, `the key "seed" is there twice`},
		{"duplicate key inside", whole, `"rule": "race"`, `"rule": "x", "rule": "race"`, `properties[1].failures[1]: the key "rule" is there twice`},
		{"missing key", whole, `"covered": 210,`, ``, `properties[0]: the key "covered" is missing`},
		{"null", whole, `"covered": 210`, `"covered": null`, `properties[0].covered: it is "null", and must be a whole number`},
		{"another type", whole, `"covered": 210`, `"covered": "210"`, `properties[0].covered: it is "\"210\"", and must be a whole number`},
		{"half a case", whole, `"covered": 210`, `"covered": 210.5`, `it is "210.5", and must be a whole number`},
		{"no list", whole, `"classification": [`, `"classification": {}, "x": [`, `classification: it must be a list`},
		{"no UTF-8", whole, `it broke`, "it \xff broke", ""},
		{"a number too large for any type", whole, `"covered": 210`, `"covered": 1e400`, `it is "1e400", and must be a whole number`},
		// Counts.
		{"negative count", whole, `"covered": 210`, `"covered": -1`, `properties[0].covered: -1, which is no count`},
		{"absurd count", whole, `"replayed": 1,`, `"replayed": ` + huge + `,`, `properties[0].replayed: ` + huge + `, which is no count`},
		{"covered more than there are", whole, `"covered": 210`, `"covered": 1501`, `properties[0].covered: 1501, of 1500 cases`},
		{"more cases than asked for", whole, `"cases": 1500,` + "\n      \"covered\"", `"cases": 1501,` + "\n      \"covered\"", `properties[0].cases: 1501, and 1500 were asked for`},
		{"label of more cases", whole, `"cases": 1499`, `"cases": 1501`, `properties[0].labels[0].cases: 1501, of 1500 cases`},
		{"condition of more cases", whole, `"cases": 1400`, `"cases": 1501`, `properties[0].sometimes[0].cases: 1501, of 1500 cases`},
		{"label twice", whole, `"contention: none"`, `"contention: high"`, `properties[0].labels[1].name: "contention: high" is there twice`},
		{"negative label", whole, `"cases": 1499`, `"cases": -1`, `properties[0].labels[0].cases: -1, which is no count`},
		{"more schedules than by strategies", whole, `"schedules": 234567`, `"schedules": 234566`, `properties[0].schedules: 1234567, of which 1 were chosen by no strategy`},
		{"fewer schedules than by strategies", whole, `"schedules": 234567`, `"schedules": 234568`, `properties[0].strategies[1].schedules: 1000000, of 1234567 schedules, of which 234568 were chosen otherwise`},
		{"fewer schedules than controlled cases", whole, `"cases": 3,` + "\n      \"covered\": 0,\n      \"replayed\": 0,\n      \"schedules\": 3", `"cases": 3,` + "\n      \"covered\": 0,\n      \"replayed\": 0,\n      \"schedules\": 2", `properties[2].schedules: 2, of 3 controlled cases`},
		{"uncontrolled without a reason", whole, `"uncontrolled": 2`, `"uncontrolled": 0`, `properties[1].uncontrolled: 0, for the reason "in case 3`},
		{"more uncontrolled than cases", whole, `"uncontrolled": 2`, `"uncontrolled": 19`, `properties[1].uncontrolled: 19, of 18 cases`},
		{"more out of control than cases", whole, `"uncontrolled": 2`, `"uncontrolled": 18`, `properties[1].covered: 0, beside 18 uncontrolled and 1 idle ones, of 18 cases`},
		{"undecided without a reason", whole, `"unknown": 0`, `"unknown": 1`, `properties[0].unknown: 1, for the reason ""`},
		{"fewer replays than known failures", whole, `"replayed": 2`, `"replayed": 1`, `properties[1].replayed: 1, and 2 known counterexamples failed or were stale`},
		{"stale after more schedules", whole, `"schedules": 98`, `"schedules": 901`, `properties[1].stale[0].schedules: 901, of 900 schedules`},
		{"negative condition", whole, `"covered": 210`, `"covered": 210, "enough": -1`, `properties[0].enough: -1, which is no count`},
		{"negative budget", whole, `"single": 4`, `"single": -4`, `budget.single: -4, which is no count`},
		{"overflowing sum", strings.Replace(whole, `"replayed": 0`, `"replayed": 1`, 1), `"schedules": 900,`, `"schedules": 9007199254740991,`, `schedules: 9007199255975558, which is no count`},
		// Failures.
		{"failure of no case", tests, `"cases": 1,` + "\n      \"covered\": 0", `"cases": 0,` + "\n      \"covered\": 0", `properties[1].failures[0].case: 0, and no case was run`},
		{"failure of a case that is none", whole, `"case": -1`, `"case": -2`, `properties[1].failures[1].case: -2, which is no number of a case`},
		{"failure of a case that was not asked for", whole, `"case": 17`, `"case": 1500`, `properties[1].failures[0].case: 1500, which is none of the cases 0 to 1499`},
		{"failure found after the end", tests, `"schedules": 3,` + "\n          \"foundSeconds\"", `"schedules": 4,` + "\n          \"foundSeconds\"", `properties[1].failures[0].schedules: 4, of 3 schedules`},
		{"more hits than repeats", tests, `"hits": 3`, `"hits": 21`, `properties[1].failures[0].hits: 21, in 20 repeats`},
		{"negative size", tests, `"size": 9`, `"size": -9`, `properties[1].failures[0].size: -9, which is no count`},
		// Verdicts and sums.
		{"status of a run that failed", whole, `"status": "fail",` + "\n  \"interrupted\"", `"status": "pass",` + "\n  \"interrupted\"", `status: "pass", and what it contains makes it "fail"`},
		{"status of a property that failed", whole, `"status": "fail",` + "\n      \"cases\"", `"status": "pass",` + "\n      \"cases\"", `properties[1].status: "pass", and what it contains makes it "fail"`},
		{"status of a property that passed", whole, `"status": "pass"`, `"status": "fail"`, `properties[0].status: "fail", and what it contains makes it "pass"`},
		{"status that is none", whole, `"status": "pass"`, `"status": "great"`, `properties[0].status: "great", and what it contains makes it "pass"`},
		{"status despite a condition", whole, `"status": "inconclusive",` + "\n      \"why\": \"never happened: a cycle\"", `"status": "pass"`, `properties[2].status: "pass", and what it contains makes it "inconclusive"`},
		{"passed for a reason", whole, `"status": "pass",`, `"status": "pass", "why": "it was late",`, `properties[0].why: "it was late", of a property whose status is "pass"`},
		{"inconclusive for no reason", whole, `"why": "never happened: a cycle",`, ``, `properties[2].why: "", of a property whose status is "inconclusive"`},
		{"another sum of cases", whole, `"cases": 1523`, `"cases": 1524`, `cases: 1524, and the properties have 1523`},
		{"another sum of schedules", whole, `"schedules": 1235470`, `"schedules": 1`, `schedules: 1, and the properties have 1235470`},
		{"another classification", whole, `"group": "batch",` + "\n      \"cases\": 1518", `"group": "batch",` + "\n      \"cases\": 1517", `classification[0]: of "batch", and it is not the sum of the properties' labels`},
		{"no classification", shard, shard[strings.Index(shard, `"classification": [`):strings.LastIndex(shard, "]")], `"classification": [`, `classification: 0 groups, and the properties' labels are of 1`},
		// Times.
		{"negative time", whole, `"seconds": 12.345`, `"seconds": -1`, `seconds: -1, which is no time in seconds`},
		{"absurd time", whole, `"seconds": 12.345`, `"seconds": 1e300`, `seconds: 1e+300, which is no time in seconds`},
		{"time that is none", whole, `"seconds": 12.345`, `"seconds": NaN`, `invalid character 'N'`},
		{"negative time of a property", whole, `"seconds": 1.25`, `"seconds": -1.25`, `properties[0].seconds: -1.25, which is no time in seconds`},
		{"negative time of a failure", whole, `"shrunkSeconds": 0.2`, `"shrunkSeconds": -0.2`, `properties[1].failures[0].shrunkSeconds: -0.2, which is no time in seconds`},
		{"began before computers", whole, `"began": "2026`, `"began": "0026`, `began: 0026-02-03 04:05:06 +0000 UTC, which cannot be`},
		{"no limit", shard, `"time": "1m0s"`, `"time": "0s"`, `time: "0s", which is no limit`},
		{"negative limit", shard, `"time": "1m0s"`, `"time": "-1m0s"`, `time: -1m0s, which is no limit`},
		{"no duration", shard, `"time": "1m0s"`, `"time": "soon"`, `time: "soon", which is no duration`},
		// Shards, and what was asked for.
		{"shard after the last", shard, `"index": 1`, `"index": 5`, `shard: 5/4, which is no part of a run`},
		{"shard 0", shard, `"index": 1`, `"index": 0`, `shard: 0/4, which is no part of a run`},
		{"shard of none", shard, `"index": 1,` + "\n    \"of\": 4", `"index": 0,` + "\n    \"of\": 0", `shard: 0/0, which is no part of a run`},
		{"negative shard", shard, `"of": 4`, `"of": -4`, `shard: 1/-4, which is no part of a run`},
		{"more shards than cases", shard, `"of": 4`, `"of": 1501`, `shard: 1/1501, of a run of 1500 cases for each property`},
		{"shard with more cases than its range", shard, `"of": 4`, `"of": 5`, `properties[0].cases: 375, and 300 were asked for`},
		{"shard of no build", shard, `"build": "0123456789abcdef",`, ``, `build: it is missing`},
		{"negative iterations", whole, `"iterations": 1500`, `"iterations": -1500`, `iterations: -1500, which is no count`},
		{"another subject", tests, `"subject": "tests"`, `"subject": "texts"`, `subject: "texts", which is not known`},
		{"property twice", whole, `"id": "S2"`, `"id": "S1"`, `properties[1].id: "S1" is that of properties[0], too`},
		{"property without a name", whole, `"id": "S2"`, `"id": ""`, `properties[1].id: it is empty`},
	} {
		report := strings.Replace(c.report, c.old, c.new, 1)
		if c.name == "no UTF-8" {
			report = strings.Replace(whole, `"statement": "nobody knows"`, "\"statement\": \"\xff\"", 1)
			c.want = "it is not a text in UTF-8"
		}
		if report == c.report {
			t.Errorf("%s: the report has no %q", c.name, c.old)
			continue
		}
		run, err := ReadJSON(strings.NewReader(report))
		if run != nil || err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%s: %v, want one line with %q", c.name, err, c.want)
		}
	}
}

// TestEveryReportIsRead: whatever a run came to, its report is read.
func TestEveryReportIsRead(t *testing.T) {
	for name, run := range runs() {
		if _, err := ReadJSON(strings.NewReader(text(t, run))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReaderKeepsTheSchema: what the documented schema refuses, the reader refuses, wherever a report
// is changed: a value left out, of another type, or below its least.
func TestReaderKeepsTheSchema(t *testing.T) {
	valid := golden.Validator(t, runSchema)
	tried := 0
	for name, run := range map[string]*Run{"sample": sample(), "shard": shardSample(), "tests": testsSample()} {
		var doc any
		if err := json.Unmarshal([]byte(text(t, run)), &doc); err != nil {
			t.Fatal(err)
		}
		for path, changed := range changes(doc) {
			data, err := json.Marshal(changed)
			if err != nil {
				t.Fatal(err)
			}
			if valid(bytes.NewReader(data)) == nil {
				continue
			}
			tried++
			if _, err := ReadJSON(bytes.NewReader(data)); err == nil {
				t.Errorf("%s: read with another %s", name, path)
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d changes tried", tried)
	}
}

// changes are documents that differ from doc in one place, with where.
func changes(doc any) map[string]any {
	out := map[string]any{}
	switch v := doc.(type) {
	case map[string]any:
		for k, inner := range v {
			without := maps.Clone(v)
			delete(without, k)
			out["without "+k] = without
			for path, changed := range changes(inner) {
				with := maps.Clone(v)
				with[k] = changed
				out[k+"."+path] = with
			}
		}
	case []any:
		for i, inner := range v {
			for path, changed := range changes(inner) {
				with := slices.Clone(v)
				with[i] = changed
				out[fmt.Sprintf("[%d].%s", i, path)] = with
			}
		}
	}
	for _, other := range []any{nil, -1, 0.5, "x", true, []any{}, map[string]any{}} {
		out[fmt.Sprintf("%v", other)] = other
	}
	return out
}
