package gotest

import (
	"encoding/json"

	protocol "synchrony/executor/shim/testing"
)

// request is the replay of a counterexample as a line of the protocol.
func (l *Loaded) request() (string, error) {
	line, err := json.Marshal(protocol.Request{Test: l.Case.Test, Replay: &protocol.Replay{
		Settings: l.Case.Settings, Schedule: l.Counterexample.Schedule.String(), Cold: l.Case.Cold,
	}})
	return string(line), err
}
