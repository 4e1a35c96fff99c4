//go:build go1.26

// Package maps provides range over maps in an order that is the same in every run of one schedule. It is that of the keys, or one that the
// strategy picks: see [Arrange].
//
//	for k, v := range m {     for it, k, v := maps.Range(m); it.Next(&k, &v); {
//	for k := range m {        for it, k, _ := maps.Range(m); it.Next(&k, nil); {
//	for k, v = range m {      for it := maps.Each(m); it.Next(&k, &v); {
//	for range m {             for it := maps.Each(m); it.Next(nil, nil); {
//
// Outside of a controlled run the order is random, as in Go. What is deleted before it is reached is not produced; what is
// added meanwhile is not, either, as in Go it need not be.
package maps
