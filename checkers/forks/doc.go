// Package forks decides whether the workers of forks began, met, ended and were joined as
// they must: [Workers] judges beginning, end and merging, [Barriers] who passed a barrier and
// when. Whether what the workers computed is right is for the checker of outcomes.
package forks
