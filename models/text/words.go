package text

import (
	"fmt"
	"strconv"
	"strings"
)

// word is the i-th of words, or "?i" for a value without one.
func Word(words []string, i int) string {
	if i < 0 || i >= len(words) || words[i] == "" {
		return "?" + strconv.Itoa(i)
	}
	return words[i]
}

// unword is the inverse of word for values up to 255.
func Unword(what string, words []string, s string) (int, error) {
	for i, w := range words {
		if w == s && w != "" {
			return i, nil
		}
	}
	if i, ok := Unresolved(s); ok && i >= 0 && i <= 255 {
		return int(i), nil
	}
	var known []string
	for _, w := range words {
		if w != "" {
			known = append(known, w)
		}
	}
	return 0, fmt.Errorf("unknown %s %q: want one of %s", what, s, strings.Join(known, ", "))
}

// unresolved parses "?17", which stands for a number without a name.
func Unresolved(s string) (int32, bool) {
	if !strings.HasPrefix(s, "?") {
		return 0, false
	}
	i, err := strconv.ParseInt(s[1:], 10, 32)
	return int32(i), err == nil
}

func Join[T any](xs []T, name func(T) string) string {
	var sb strings.Builder
	for i, x := range xs {
		if i > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(name(x))
	}
	return sb.String()
}

// quoteName returns a name as it is, if it reads as one word and is neither
// "init" nor "->", and quoted otherwise.
func QuoteName(name string) string {
	if name == "" || name == InitName || !wordStart(name[0]) {
		return strconv.Quote(name)
	}
	for i := 1; i < len(name); i++ {
		if c := name[i]; !wordStart(c) && !('0' <= c && c <= '9') && c != '.' && c != ':' && c != '-' {
			return strconv.Quote(name)
		}
	}
	return name
}

// QuoteWord returns a word of a command as a shell reads it: as it is, or in single quotes if it has anything that a shell may take for something else.
func QuoteWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=@%+,", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func wordStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// initName stands for [InitialVersion] in text; a transaction of that name is
// quoted.
const InitName = "init"
