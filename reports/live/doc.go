// Package live shows a run in a browser while it goes: begin with [Listen], and tell the [Server] what happens.
//
// Its page has the progress, the workers if there is a farm, the verdicts as they come, and each failure's story; it follows the run by server-sent
// events and asks for nothing else. /metrics has figures for Prometheus. In the end the page becomes the run's HTML report. All of it can only be
// read. On an address beyond loopback a token is asked for, which the server's URL has.
package live
