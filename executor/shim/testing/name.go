//go:build go1.26

package testing

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// subName makes a subtest's name that no other of the test has, as the standard library does.
func (c *common) subName(name string) string {
	base := c.name + "/" + rewrite(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]int{}
	}
	for {
		n := c.names[base]
		c.names[base]++
		if n == 0 && name != "" {
			if prefix, k := subNumber(base); prefix != base && k < c.names[prefix] {
				continue // it is named like the k-th of that name, which there was already
			}
			return base
		}
		if full := fmt.Sprintf("%s#%02d", base, n); c.names[full] == 0 {
			return full
		}
	}
}

// subNumber splits a name that ends in a number as subName gives it.
func subNumber(name string) (prefix string, n int) {
	i := strings.LastIndexByte(name, '#')
	if i < 0 {
		return name, 0
	}
	n, err := strconv.Atoi(name[i+1:])
	if err != nil || n < 0 || fmt.Sprintf("%02d", n) != name[i+1:] {
		return name, 0
	}
	return name[:i], n
}

// rewrite makes a name one printable word.
func rewrite(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte('_')
		case !strconv.IsPrint(r):
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
