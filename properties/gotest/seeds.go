package gotest

const (
	seedVariable = "VERIFY_SEED"
	rapidPath    = "pgregory.net/rapid"
)
