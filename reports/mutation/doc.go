// Package mutation renders what became of mutants: a table for a person, JSON, and Markdown.
package mutation
