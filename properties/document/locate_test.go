package document

import "testing"

func TestLocate(t *testing.T) {
	const text = "{\n  \"a\": 1, \"list\": [{\"x\": 2},\n    {\"x\": 3, \"ab\": \"é\", \"y\": null}],\n\t\"z\": 4\n}\n"
	for path, want := range map[string][2]int{
		"": {1, 1}, "a": {2, 8}, "list": {2, 19}, "list[0]": {2, 20}, "list[1].x": {3, 11}, "list[1].y": {3, 30}, "z": {4, 7},
		"list[1].none": {3, 5}, "list[7]": {2, 19}, "ab": {1, 1},
	} {
		if line, column := Locate([]byte(text), path); line != want[0] || column != want[1] {
			t.Errorf("%q is at %d:%d, want %d:%d", path, line, column, want[0], want[1])
		}
	}
}

func FuzzLocate(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":2}]}`), "a[1].b")
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		if line, column := Locate(data, path); line < 1 || column < 1 {
			t.Fatalf("%d:%d", line, column)
		}
	})
}
