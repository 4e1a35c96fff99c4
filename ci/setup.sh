#!/bin/sh
# Installs what is missing to build and test, and says what it does. It may be
# run any number of times. WITH=browser is for the tests that need a browser.
set -eu

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install DEBIAN-PACKAGE BREW-PACKAGE
install() {
	if command -v apt-get >/dev/null 2>&1; then
		say "installing $1 with apt-get"
		[ -n "${updated:-}" ] || { as_root apt-get update -qq; updated=1; }
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >&2
	elif command -v brew >/dev/null 2>&1; then
		say "installing $2 with brew"
		brew install --quiet "$2" >&2
	else
		say "$1 is missing, and there is neither apt-get nor brew: please install it"
		exit 1
	fi
}

command -v go >/dev/null 2>&1 || { say "Go is missing: install Go 1.26 or newer from https://go.dev/dl"; exit 1; }
version=$(go env GOVERSION)
case $version in
go1.2[6-9]*|go1.[3-9][0-9]*|go[2-9]*|devel*) ;;
*) say "this is $version; Go 1.26 or newer is needed: https://go.dev/dl"; exit 1 ;;
esac

# The race detector and Z3 need cgo, and cgo a C compiler.
if [ "${CGO_ENABLED:-1}" != 0 ]; then
	command -v "$(go env CC)" >/dev/null 2>&1 || install gcc gcc
fi

# The proofs for all inputs need Z3. Without it: make TAGS=noz3.
has_z3() { printf '#include <z3.h>\n' | "$(go env CC)" ${CGO_CFLAGS:-} -E -x c - >/dev/null 2>&1; }
if [ "${CGO_ENABLED:-1}" != 0 ] && [ "${TAGS:-}" != noz3 ]; then
	has_z3 || install libz3-dev z3
fi

# The tests hold JUnit reports against their XML schema.
command -v xmllint >/dev/null 2>&1 || install libxml2-utils libxml2

# The browser tests (make browser) need Chromium, or Chrome, and axe-core.
has_browser() {
	for name in headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
		command -v "$name" >/dev/null 2>&1 && return
	done
	[ -d "/Applications/Google Chrome.app" ] || [ -d "/Applications/Chromium.app" ]
}
if [ "${WITH:-}" = browser ]; then
	has_browser || install chromium chromium
	# They hold the pages to axe-core, which npm's registry has.
	if ! cmp -s tools/npm/package-lock.json tools/npm/node_modules/.installed; then
		command -v npm >/dev/null 2>&1 || install npm node
		say "installing what the pages are held to, with npm"
		npm ci --prefix tools/npm --ignore-scripts --no-audit --no-fund --loglevel=error >&2
		cp tools/npm/package-lock.json tools/npm/node_modules/.installed
	fi
fi

go mod download
go mod download -modfile=tools/go.mod # what tests and make run as tools
