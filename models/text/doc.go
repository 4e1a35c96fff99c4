// Package text provides what all readers of text forms share: a [Line] that
// hands out its words, words for numbered kinds, names quoted where they must
// be, lists of exceptions with their reasons ([ParseReasons]), the errors that say
// where a text is wrong ([Error], [ErrorList]) or what in it contradicts itself
// ([MalformedError]), and what a mistyped word may have meant ([Suggest]).
package text
