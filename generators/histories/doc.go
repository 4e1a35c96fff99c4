// Package histories draws recorded histories, right ones and ones with a planted
// anomaly, for the checkers that judge them.
package histories
