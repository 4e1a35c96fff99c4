// Package conservation decides whether a batch was atomic and kept the money that
// it moved: use [New]. Its arithmetic is exact, in 128 bits.
package conservation
