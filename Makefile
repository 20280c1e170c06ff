# Each target is the npm script of the same purpose; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help install build start simulator tail test test-crash check format gen-proto bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: ## install what package-lock.json names
	npm ci

build: ## build all apps
	npm run build

start: ## run the hub
	npm start

simulator: ## run the simulator alone
	npm run simulator

tail: ## print posts of a running hub
	npm run tail

test: ## unit, contract and end-to-end tests
	npm test

test-crash: ## the long crash run
	npm run test:crash

check: ## format, lint, types, dependency rules, unused code, wire contracts
	npm run check

format: ## format all files
	npm run format

gen-proto: ## generate code from proto/
	npm run gen:proto

bench: ## benchmark of the pipeline
	npm run bench:pipeline

clean: ## remove what was built; data stays
	rm -rf dist coverage
