// Package selects holds kernels about select statements that lose a signal, a choice or a sender.
package selects
