package gotest

const (
	System  = "go test"
	Checker = "schedules"
)
