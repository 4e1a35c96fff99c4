package batch

import (
	"bytes"
	"fmt"

	"golang.org/x/tools/txtar"

	"synchrony/models/batch"
	"synchrony/properties"
)

// historyCodec is the text form of a history: the two files of each batch, in a folder of its number.
var historyCodec = properties.Codec[[]batch.Workload]{Format: formatHistory, Parse: parseHistory}

func formatHistory(ws []batch.Workload) ([]txtar.File, error) {
	var files []txtar.File
	for i, w := range ws {
		one, err := formatWorkload(w)
		if err != nil {
			return nil, err
		}
		for _, f := range one {
			files = append(files, txtar.File{Name: folder(i) + f.Name, Data: f.Data})
		}
	}
	return files, nil
}

func folder(i int) string { return fmt.Sprintf("%03d/", i+1) }

// parseHistory reads a history. Batches of the same text are the same batch, as they were: who remembers one may find
// it by its address.
func parseHistory(files []txtar.File) ([]batch.Workload, error) {
	var ws []batch.Workload
	var texts [][]byte
	for len(files) > 0 {
		var own []txtar.File
		for len(files) > 0 && bytes.HasPrefix([]byte(files[0].Name), []byte(folder(len(ws)))) {
			own = append(own, txtar.File{Name: files[0].Name[len(folder(len(ws))):], Data: files[0].Data})
			files = files[1:]
		}
		if len(own) == 0 {
			return nil, fmt.Errorf("the file %q is not in the folder %s of its batch", files[0].Name, folder(len(ws)))
		}
		w, err := parseWorkload(own)
		if err != nil {
			return nil, fmt.Errorf("batch %d: %w", len(ws)+1, err)
		}
		for i, text := range texts {
			if bytes.Equal(text, own[0].Data) {
				w.Batch = ws[i].Batch
				break
			}
		}
		ws, texts = append(ws, w), append(texts, own[0].Data)
	}
	return ws, nil
}
