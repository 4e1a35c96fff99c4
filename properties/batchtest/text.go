package batchtest

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// blockFile is the name of a block's text in a counterexample. Its lines are, in this order:
//
//	workers 3
//	a = 5
//	t1: read a; move a b 5
//	t1 guesses: a | a b
//
// the number of workers, what is there initially, the transactions with their operations, and estimates that are not the truth, of reads and of writes.
const blockFile = "block"

// String is the text form of a block.
func (b *Block) String() string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "workers %d\n", b.workers)
	for k, v := range b.initial.Sorted() {
		fmt.Fprintf(&out, "%s = %d\n", k, v)
	}
	for i := range b.bodies {
		t := &b.bodies[i]
		ops := make([]string, len(t.ops))
		for j := range t.ops {
			ops[j] = t.ops[j].String()
		}
		fmt.Fprintln(&out, strings.TrimSpace(t.name+": "+strings.Join(ops, "; ")))
	}
	for i := range b.bodies {
		if t := &b.bodies[i]; t.hint != nil {
			fmt.Fprintf(&out, "%s guesses: %s\n", t.name, strings.TrimSpace(strings.Join(t.hint.reads, " ")+" | "+strings.Join(t.hint.writes, " ")))
		}
	}
	return out.String()
}

func format(b Block) ([]txtar.File, error) {
	return []txtar.File{{Name: blockFile, Data: []byte(b.String())}}, nil
}

func parse(files []txtar.File) (Block, error) {
	if len(files) != 1 || files[0].Name != blockFile {
		return Block{}, fmt.Errorf("there must be one file, %q", blockFile)
	}
	return parseBlock(string(files[0].Data))
}

// parseBlock reads what String writes, and refuses what no block can be.
func parseBlock(text string) (Block, error) {
	b := Block{initial: State{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := b.parseLine(strings.TrimSpace(line), number); err != nil {
			return Block{}, fmt.Errorf("%s:%d: %w", blockFile, number, err)
		}
	}
	if number == 0 {
		return Block{}, fmt.Errorf("%s: it is empty, and must begin with the number of workers, such as \"workers 2\"", blockFile)
	}
	return b, nil
}

var (
	keyForm  = regexp.MustCompile(`^(?:(?:0|[1-9][0-9]?)/)?[A-Za-z][A-Za-z0-9_]*$`)
	nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

func (b *Block) parseLine(line string, number int) error {
	if number == 1 {
		n, err := strconv.Atoi(strings.TrimPrefix(line, "workers "))
		if err != nil || n < 1 || n > mostWorkers {
			return fmt.Errorf("%q is no number of workers, such as \"workers 2\"; there are from 1 to %d", line, mostWorkers)
		}
		b.workers = n
		return nil
	}
	if key, value, ok := strings.Cut(line, " = "); ok && len(b.bodies) == 0 {
		return b.parseInitial(key, value)
	}
	name, rest, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q is neither what a key has, such as \"a = 5\", nor a transaction, such as \"t1: add a 1\"", line)
	}
	if of, ok := strings.CutSuffix(name, " guesses"); ok {
		return b.parseHint(of, rest)
	}
	return b.parseBody(name, rest)
}

func (b *Block) parseInitial(key, value string) error {
	k, err := parseKey(key)
	if err != nil {
		return err
	}
	n, err := parseValue(value)
	if _, twice := b.initial[k]; twice {
		err = fmt.Errorf("what %s has is there twice", k)
	}
	b.initial[k] = n
	return err
}

func parseKey(word string) (Key, error) {
	if !keyForm.MatchString(word) {
		return "", fmt.Errorf("%q is no key, such as a or 1/a", word)
	}
	return word, nil
}

func parseKeys(text string) (keys []Key, err error) {
	for _, w := range strings.Fields(text) {
		k, err := parseKey(w)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return set(keys), nil
}

func parseValue(word string) (Value, error) {
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no value: it must be a whole number of 64 bits", word)
	}
	return n, nil
}

func (b *Block) parseBody(name, text string) error {
	switch {
	case !nameForm.MatchString(name):
		return fmt.Errorf("%q is no name of a transaction, such as t1", name)
	case b.find(name) != nil:
		return fmt.Errorf("there are two transactions %s", name)
	case len(b.bodies) == mostTxs:
		return fmt.Errorf("there are more than %d transactions", mostTxs)
	}
	t := body{name: name}
	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(text) == "" {
			break
		}
		o, err := parseOp(strings.Fields(part))
		if err != nil {
			return err
		}
		t.ops = append(t.ops, o)
	}
	b.bodies = append(b.bodies, t)
	return nil
}

func (b *Block) find(name string) *body {
	for i := range b.bodies {
		if b.bodies[i].name == name {
			return &b.bodies[i]
		}
	}
	return nil
}

func parseOp(words []string) (o op, err error) {
	at := -1
	if len(words) > 0 {
		at = slices.IndexFunc(forms[:], func(f form) bool { return f.word == words[0] })
	}
	if at < 0 {
		return o, fmt.Errorf("%q is no operation, such as \"add a 1\"", strings.Join(words, " "))
	}
	o.kind = kind(at)
	f := forms[at]
	want := 1 + f.keys
	if f.number {
		want++
	}
	if len(words) != want {
		return o, fmt.Errorf("%q: %s takes %d words, and this has %d", strings.Join(words, " "), f.word, want-1, len(words)-1)
	}
	for i := range f.keys {
		if o.keys[i], err = parseKey(words[1+i]); err != nil {
			return o, err
		}
	}
	if f.number {
		o.n, err = parseValue(words[want-1])
	}
	return o, err
}

func (b *Block) parseHint(name, text string) error {
	t := b.find(name)
	if t == nil {
		return fmt.Errorf("there is no transaction %s before", name)
	}
	reads, writes, ok := strings.Cut(text, "|")
	if !ok || t.hint != nil {
		return fmt.Errorf("%s guesses: want the keys that it reads, a |, and those that it writes, once", name)
	}
	r, err := parseKeys(reads)
	if err != nil {
		return err
	}
	w, err := parseKeys(writes)
	t.hint = &hint{r, w}
	return err
}
