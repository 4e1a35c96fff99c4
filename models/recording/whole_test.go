package recording_test

import (
	"testing"

	"synchrony/models/recording"
)

func TestWhole(t *testing.T) {
	for content, want := range map[string]bool{
		"": true, "call p0 1ns": true, "{": false, `{:process 0, :value [1 2]}`: true, `{:process 0, :value [1 2`: false, ` {:f :read} ` + "\n": true,
		`{"process": 0, "value": [1, 2]}`: true, `{"process": 0, "value": [1, 2`: false, `{"process": 0, "value": "}`: false, `{:a "}`: false, "{:a 1}\n{:b": false,
	} {
		if got := recording.Whole([]byte(content)); got != want {
			t.Errorf("%q: %v", content, got)
		}
	}
}
