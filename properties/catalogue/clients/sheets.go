package clients

import (
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
)

// sheets draws up to so many histories, which are judged one after another, each for itself.
func sheets[H any](one *rapid.Generator[H], most int) *rapid.Generator[[]H] {
	return rapid.Custom(func(t *rapid.T) []H {
		n := rapid.IntRange(1, most).Draw(t, "histories")
		return rapid.SliceOfN(one, n, n).Draw(t, "sheet")
	})
}

// eachOf is a checker that judges what was seen of each history of a sheet. The reason says of which history it is, and what follows its number.
func eachOf[H, S any](name string, judge func(H, S) checkers.Verdict, which func(H) string) checkers.Checker[[]H, []S] {
	return checkers.New(name, func(sheet []H, seen []S) checkers.Verdict {
		for i, h := range sheet {
			if v := judge(h, seen[i]); v.Status != checkers.Pass {
				v.Reason = fmt.Sprintf("history %d%s: %s", i+1, which(h), v.Reason)
				return v
			}
		}
		return checkers.Passed()
	})
}

// numbered is the text form of a sheet: files in folders that are numbered from 1 on, one for each history.
type numbered []txtar.File

// add adds a file of the history with an index.
func (n *numbered) add(i int, name, text string) {
	*n = append(*n, txtar.File{Name: fmt.Sprintf("%d/%s", i+1, name), Data: []byte(text)})
}

// folders reads files of folders that are numbered from 1 on, each a thing of its own.
func folders[T any](files []txtar.File, read func(x *T, name string, f txtar.File) error) ([]T, error) {
	var list []T
	for _, f := range files {
		folder, name, _ := strings.Cut(f.Name, "/")
		if folder == fmt.Sprint(len(list)+1) {
			list = append(list, *new(T))
		}
		if len(list) == 0 || folder != fmt.Sprint(len(list)) {
			return nil, fmt.Errorf("the file %q is not NUMBER/FILE, with the next number or the same", f.Name)
		}
		if err := read(&list[len(list)-1], name, f); err != nil {
			return nil, err
		}
	}
	return list, nil
}
