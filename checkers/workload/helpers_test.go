package workload

import (
	"time"

	"synchrony/models/history"
)

func number(n int) history.Tree { return history.Tree{Value: history.NumberOf(int64(n))} }

func ticks(n int) time.Duration { return time.Duration(n) }
