# Each of these is one line that also works without make.
GOLANGCI = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: help build test lint bench fuzz image generate

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## a static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/replyguard/replyguard/pkg/ctl.version=$(VERSION)" -o bin/ ./cmd/replyguard

test: ## all tests, and the examples of all rules
	go test -race -shuffle=on ./...
	go run ./cmd/replyguard rules test

lint: ## format, vet, linters, generated files
	test -z "$$(gofmt -l .)"
	go vet ./...
	$(GOLANGCI) run

bench: ## benchmarks of every stage, of a check and of an HTTP call
	go test -run '^$$' -bench . -benchmem ./pkg/...

fuzz: ## every fuzz target for a while (FUZZTIME=60s)
	@for pkg in $$(go list ./pkg/...); do \
	  for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $${FUZZTIME:-60s} $$pkg || exit 1; \
	  done; \
	done

image: ## a container image
	docker build --build-arg VERSION=$(VERSION) -t replyguard:$(VERSION) .

generate: ## models from api/openapi.yaml, configs/replyguard.yaml, tables, what the READMEs show
	go generate ./...
	go test ./pkg/config -update
	go test ./pkg/ctl -run Readme -update
