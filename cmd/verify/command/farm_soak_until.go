package command

import (
	"errors"
	"time"
)

// momentOf is the moment that --until names, which is to come.
func momentOf(text string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil {
		if d <= 0 {
			return time.Time{}, errors.New("it must be more than 0")
		}
		return now.Add(d), nil
	}
	if t, err := time.ParseInLocation("15:04", text, now.Location()); err == nil {
		at := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
		if !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
		return at, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			if !t.After(now) {
				return time.Time{}, errors.New("that is over")
			}
			return t, nil
		}
	}
	return time.Time{}, errors.New("it is neither a time of the day, as 06:30, nor a moment, as 2030-01-31T06:30, nor how long, as 8h")
}
