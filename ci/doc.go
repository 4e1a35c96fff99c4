// Package ci holds what keeps the project's shape: the floor plan of who may
// import whom, as a test.
package ci
