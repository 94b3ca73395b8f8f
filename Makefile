# Thin: each target does its set-up (tools/bootstrap installs what is missing) and then the job.
#   make demo    build, make the demonstration city, load it, verify it, say how to look at it
#   make test    build everything, house rules, unit, conformance and scenario tests, short fuzzing
#   make bench   benchmarks beside their peers          make fuzz   60 s for each parser
.PHONY: all demo test bench fuzz asan clang clean bootstrap build release

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
FUZZ_SECONDS_SHORT ?= 2

all: build

bootstrap:
	@tools/bootstrap

build: bootstrap
	@cmake --preset dev
	@cmake --build --preset dev -j $(JOBS)

release: bootstrap
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS)

demo: bootstrap
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS) --target yipan
	@tools/demo build/release/bin/yipan

test: build
	@tools/fuzz $(FUZZ_SECONDS_SHORT)
	@ctest --preset dev -j $(JOBS)

asan clang: bootstrap
	@cmake --preset $@
	@cmake --build --preset $@ -j $(JOBS)
	@ctest --preset $@ -j $(JOBS)

bench: bootstrap
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS) --target bench yipan
	@tools/bench build/release

fuzz: bootstrap
	@tools/fuzz $(FUZZ_SECONDS)

clean:
	@rm -rf build
