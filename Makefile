# make verify   set up what is missing, and run the main job
# make test     set up what is missing, and run all tests

ITERATIONS ?= 200
SEED       ?= 1

# Homebrew keeps Z3 where the compiler does not look by itself.
ifeq ($(shell uname -s),Darwin)
export CGO_CFLAGS  += -I$(shell brew --prefix)/include
export CGO_LDFLAGS += -L$(shell brew --prefix)/lib
endif

.PHONY: verify test race bench fuzz setup build lint clean

verify: build
	bin/verify run --iterations $(ITERATIONS) --seed $(SEED)

test: setup lint
	go test ./...
	$(MAKE) race

# Where goroutines are real, the race detector watches.
race: setup
	go test -race ./executor/... ./properties ./properties/isolate ./properties/broken

bench: setup
	go test -run '^$$' -bench . -benchmem ./executor/...

fuzz: setup
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s ./models/batch

lint:
	@test -z "$$(gofmt -l .)" || { echo "not formatted by gofmt:"; gofmt -l .; exit 1; }
	go vet ./...

build: setup
	go build -o bin/verify ./cmd/verify

setup:
	@ci/setup.sh

clean:
	rm -rf bin
