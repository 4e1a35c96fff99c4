package vm

import (
	"testing"

	"synchrony/models/program"
)

func build(t testing.TB, text string) *program.Program {
	t.Helper()
	p, err := program.Assemble("test.zxasm", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
