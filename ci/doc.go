// Package ci holds what keeps the project's shape: the floor plan of who may
// import whom, as a test; and what others put in theirs: a composite action, and
// templates of workflows, which tests hold to what their readers accept.
package ci
