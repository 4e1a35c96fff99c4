// Package browser shows pages in a headless Chromium, for tests: begin with Open. It is there with the tag browser only.
package browser
