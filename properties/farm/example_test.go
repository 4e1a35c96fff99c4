package farm_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"synchrony/properties/farm"
)

// A server inside this process, and a campaign on it that has not handed out anything yet.
func ExampleSubmit() {
	folder, err := os.MkdirTemp("", "farm")
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := farm.Embed(folder, func(string) {})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	conn, err := farm.Connect(ctx, e.Server(), "an example")
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := farm.Submit(ctx, conn, farm.Identity{Build: "1", Command: "an example"}, farm.Limits{}, func(what string) { fmt.Println(what) })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Resumed(), "answers of before,", s.Status().Tasks, "tasks")
	err = s.Close(ctx, true)
	conn.Close()
	fmt.Println(errors.Join(err, e.Remove()))
	// Output:
	// 0 answers of before, 0 tasks
	// <nil>
}
