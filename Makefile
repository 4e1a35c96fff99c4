# make verify   set up what is missing, and run the main job
# make test     set up what is missing, and run all tests

ITERATIONS ?= 200
SEED       ?= 1
FUZZTIME   ?= 60s
# TAGS=noz3 builds without the solver.
TAGS       ?=
GOTAGS     := $(addprefix -tags=,$(TAGS))

# Homebrew keeps Z3 where the compiler does not look by itself.
ifeq ($(shell uname -s),Darwin)
export CGO_CFLAGS  += -I$(shell brew --prefix)/include
export CGO_LDFLAGS += -L$(shell brew --prefix)/lib
endif

.PHONY: verify test race browser pictures mutants bench bench-compare bench-peers compare fuzz rename setup build lint lint-deploy clean

verify: build
	bin/verify run --iterations $(ITERATIONS) --seed $(SEED)

test: setup lint
	go test $(GOTAGS) ./...
	$(MAKE) race

# The race detector watches, on controlled schedules and where goroutines are real. The last lines say how many.
race: setup
ifeq ($(CGO_ENABLED),0)
	@echo "the race detector needs cgo, and CGO_ENABLED is 0: not run"
else
	go test $(GOTAGS) -race -short -skip '^TestRaceSearch$$' ./executor/...
	go test $(GOTAGS) -race ./properties ./properties/isolate ./properties/catalogue/broken
	go test $(GOTAGS) -race -skip '^TestStranger$$' ./properties/batchtest
	go test $(GOTAGS) -race -count=1 -v -run '^TestRaceSearch$$' ./executor/synchrony ./executor/vm
endif

# The HTML pages in a real browser. SHOTS=folder keeps pictures of it.
browser: setup
	@WITH=browser TAGS='$(strip $(TAGS))' ci/setup.sh
	@test -z '$(SHOTS)' || mkdir -p '$(SHOTS)'
	go vet -tags=browser ./reports/...
	go test -tags=browser -count=1 -run Browser -v ./reports/html ./reports/checked ./reports/live ./reports/internal/browser

# The pictures in docs/images, made anew.
pictures: setup
	@WITH=browser TAGS='$(strip $(TAGS))' ci/setup.sh
	ci/pictures.sh

# The systems broken in known ways, and who notices: see docs/mutants.md.
mutants: build
	bin/verify mutants run

bench: setup
	go test -run '^$$' -bench . -benchmem ./executor/... ./checkers/...

# Fails if a benchmark is worse than at the revision BASE, for real: see ci/benchcompare.
BASE  ?= main
BENCH ?= .
bench-compare: setup
	go run ./ci/benchcompare -base '$(BASE)' -bench '$(BENCH)' ./executor/... ./checkers/...

# The virtual machine beside other interpreters, in a module of its own.
compare: setup
	cd executor/vm/compare && go test -bench . -benchtime 5x -timeout 30m

# What docs/performance.md says, measured anew: the batch executor beside other executors of blocks, and the rest, in a module of its own.
# PEERS=hypersdk=/folder,bor=/folder are checkouts of peers; ONLY=peers,share measures less; IMAGES=docs/images draws the curves.
PEERS  ?=
ONLY   ?=
IMAGES ?=
bench-peers: setup
	cd executor/synchrony/compare && go test ./... && $(if $(GOTAGS),GOFLAGS='$(GOTAGS)') go run . -peers '$(PEERS)' -only '$(ONLY)' -images '$(abspath $(IMAGES))'

# FUZZTIME for each fuzz test; what they find is kept in their package's testdata.
fuzz: setup
	@grep -rhoE '^func Fuzz[A-Za-z]+' --include='*_test.go' --with-filename . | sed 's/:func / /' | while read -r file name; do \
		echo "$$name in $$(dirname $$file)"; \
		go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$(dirname $$file)" || exit 1; \
	done

# Another name for the module, for the day on which it is published: make rename MODULE=example.org/verify
rename:
	go run ./ci/rename '$(MODULE)'

lint:
	@test -z "$$(gofmt -l .)" || { echo "not formatted by gofmt:"; gofmt -l .; exit 1; }
	go vet $(GOTAGS) ./...
	go tool -modfile=tools/go.mod staticcheck $(GOTAGS) ./...

# The templates of a deployment, by the validators of those who define their formats; their first build takes minutes.
lint-deploy:
	go run sigs.k8s.io/kubectl-validate@v0.0.4 --version 1.30 ci/templates/kubernetes.yaml ci/templates/farm/kubernetes.yaml
	go run github.com/compose-spec/compose-go/v2/cmd@v2.16.2 -no-interpolation ci/templates/farm/compose.yaml >/dev/null
	@command -v systemd-analyze >/dev/null || { echo "the unit of systemd is not looked at: there is no systemd-analyze"; exit 1; }
	! systemd-analyze verify ci/templates/farm/verify-work.service 2>&1 | grep -v '/usr/local/bin/verify is not executable'

build: setup
	go build $(GOTAGS) -o bin/verify ./cmd/verify

setup:
	@TAGS='$(strip $(TAGS))' ci/setup.sh

clean:
	rm -rf bin
