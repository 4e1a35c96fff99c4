package recording

import (
	"fmt"
	"strings"

	"synchrony/models/history"
)

// Initial is what is there at first in a history that is being read, so that not all of its keys are known. The zero value has nothing. A word
// that has no kind, as on a command line and as the name of a member in JSON, may mean several keys: it is taken for the first of them that comes.
type Initial struct {
	words []*initialWord
	of    map[string]*initialWord // by key
}

// initialWord is a word with what is there under the key that it means.
type initialWord struct {
	history.Entry        // of the key, as far as it is known
	word          string // "" if the key is known from the start
	pair          string // the words of the command line, if it has them from there
	taken         bool   // the key came
}

// Add adds what is there at first, as the text of a history has it.
func (t *Initial) Add(entries []history.Entry) {
	for _, e := range entries {
		w := &initialWord{Entry: e}
		keys := []string{e.Key}
		if word, ok := strings.CutPrefix(e.Key, looseName); ok {
			w.word, keys = word, aliases(word)
		}
		t.add(w, keys)
	}
}

// AddWords adds what is there at first, as words of a command line say it: see [Recording.AddInitial].
func (t *Initial) AddWords(pair string) {
	w := &initialWord{pair: pair}
	keys := []string{SingleKey}
	if word, value, keyed := strings.Cut(pair, "="); keyed {
		w.word, w.Value, keys = word, ParseValue(value), aliases(word)
	} else {
		w.Key, w.Value = SingleKey, ParseValue(pair)
	}
	t.add(w, keys)
}

func (t *Initial) add(w *initialWord, keys []string) {
	if t.of == nil {
		t.of = map[string]*initialWord{}
	}
	t.words = append(t.words, w)
	for _, key := range keys {
		if t.of[key] == nil {
			t.of[key] = w
		}
	}
}

// Of is what is there at first under a key that comes for the first time.
func (t *Initial) Of(key string) []history.Entry {
	w := t.of[key]
	if w == nil || w.taken {
		return nil
	}
	w.taken, w.Key = true, key
	return []history.Entry{w.Entry}
}

// Settle is what is there at first in a history of which operations have named all these keys. The error is for words that do not go with them.
func (t *Initial) Settle(keys map[string]bool) ([]history.Entry, error) {
	var list []history.Entry
	for _, w := range t.words {
		now := w.Entry
		switch {
		case w.pair != "":
			var err error
			if now, err = initialEntry(w.pair, keys); err != nil {
				return nil, fmt.Errorf("--initial: %w", err)
			}
		case w.word != "":
			now.Key = resolve(w.word, keys)
		}
		if w.taken && now.Key != w.Key {
			return nil, fmt.Errorf("what is there at first under %s may be that of the key %s or of %s: such a history is not judged while it is read", w.word, w.Key, now.Key)
		}
		list = append(list, now)
	}
	return list, nil
}
