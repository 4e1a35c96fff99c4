#!/bin/sh
# Makes the pictures in docs/images anew: of the report of two mutants, and of the live page of a farm that runs them.
#
#	ci/pictures.sh [FOLDER]
#
# FOLDER is docs/images by default. Look at each before it is committed. Needs what make browser does.
set -eu
cd "$(dirname "$0")/.."
out=$(mkdir -p "${1:-docs/images}" && cd "${1:-docs/images}" && pwd)
work=$(mktemp -d)
farm=
trap '[ -z "$farm" ] || kill "$farm" 2>/dev/null || true; rm -rf "$work"' EXIT

# The program, broken in two ways.
mkdir "$work/source"
git ls-files -z | tar -c --null -T - | tar -x -C "$work/source"
for mutant in graph-no-war vm-atomic-add-torn; do
	patch -s -d "$work/source" -p1 <"properties/mutants/patches/$mutant.patch"
done
(cd "$work/source" && go build -o "$work/verify" ./cmd/verify)
go test -tags=browser -c -o "$work/browser" ./reports/html

# picture FILE NAME=VALUE… takes one: see TestBrowserPicture.
picture() {
	file=$1
	shift
	(cd reports/html && env PICTURE="$out/$file" "$@" "$work/browser" -test.run '^TestBrowserPicture$')
}

cd "$work"
for property in S6 V4b; do
	./verify run "$property" --seed 1 --no-store --html "$property.html" >/dev/null || [ $? = 1 ]
done
cd - >/dev/null
picture report-failure.png PAGE="$work/S6.html" HEIGHT=1640
picture report-phone.png PAGE="$work/S6.html" WIDTH=390 HEIGHT=1500
picture report-program.png PAGE="$work/V4b.html" SCHEME=dark HEIGHT=1760

# A farm while it works: port is where it is watched.
port=${PORT:-18080}
mkdir "$work/farm" # without the counterexamples of before
(cd "$work/farm" && exec ../verify farm run -n 600 --seed 1 --no-store --listen "127.0.0.1:$port" >/dev/null 2>&1) &
farm=$!
failed='document.querySelector("#found .failure .story") && document.querySelector("#workers tr")'
picture live.png PAGE="http://127.0.0.1:$port/" HEIGHT=1400 WAIT="$failed"
picture live-phone.png PAGE="http://127.0.0.1:$port/" WIDTH=390 HEIGHT=1400 SCHEME=dark WAIT="$failed"
