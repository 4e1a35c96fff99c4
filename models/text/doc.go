// Package text provides what all readers of text forms share: a [Line] that
// hands out its words, words for numbered kinds, names quoted where they must
// be, and the errors that say where a text is wrong ([SyntaxError]) or what in
// it contradicts itself ([MalformedError]).
package text
