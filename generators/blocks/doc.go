// Package blocks draws blocks of transactions in which transactions meet, and makes ones that fail smaller.
package blocks
