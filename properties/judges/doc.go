// Package judges holds the properties of checkers by themselves: X3, that each gives recorded
// runs of batches the verdicts that they deserve, and X4, that one that is out of its limits
// says so. A checker that is blind makes other properties pass; these do not.
package judges
