package document_test

import (
	"fmt"

	"synchrony/properties/document"
)

// A document that has too much is refused, with its place.
func Example() {
	var d struct {
		Cases int `json:"cases"`
	}
	fmt.Println(document.Read([]byte("{\n  \"cases\": 1,\n  \"case\": 2\n}"), &d))
	fmt.Println(document.Locate([]byte(`{"list": [1, {"x": 2}]}`), "list[1].x"))
	// Output:
	// line 3: the key "case" is not known here
	// 1 20
}
