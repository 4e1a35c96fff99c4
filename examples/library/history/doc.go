// Package history shows how to judge what clients of any system have recorded: was there
// an order of their operations that explains all results? The system may be a database on
// another continent; only its history is needed. Command verify check does the same to a
// file.
package history
