# Thin names for what scripts/ and deno.json do; they find Deno and set it up.

DENO = scripts/deno
ARCH ?= $(shell uname -m)

# OVS_VERSION=3.5 make demo (or test, bench, torture) runs with that version of Open vSwitch.
ifdef OVS_VERSION
OVS_PROGRAMS := $(shell scripts/openvswitch.sh $(OVS_VERSION))
$(if $(OVS_PROGRAMS),,$(error no Open vSwitch $(OVS_VERSION)))
export PATH := $(OVS_PROGRAMS):$(PATH)
endif

.PHONY: build image test test-versions demo recording texts bench bench-in-force torture ok ok-newest fmt workflows clean coverage

# Both executables, in dist/. DENO_VERSION=… builds them with another Deno, NET=ADDRESS,… lets them
# connect to these databases only.
build:
	@$(DENO) run -A scripts/build.ts --arch $(ARCH) --out dist $(if $(NET),--net $(NET))

# The installer's image, for the architecture that docker builds for. IMAGE=NAME names it.
IMAGE ?= registry.example/ovs-mirror-cni
image:
	@arch=$$(docker version --format '{{.Server.Arch}}') && \
	$(DENO) run -A scripts/build.ts --out "dist/$$arch" && \
	$(DENO) run -A scripts/man.ts "dist/$$arch/man1" && \
	docker build --file deploy/Containerfile \
	  --tag "$(IMAGE):$$(sed -n 's/^appVersion: //p' deploy/helm/Chart.yaml)" .

# Unit tests without permissions, then the executables against a real Open vSwitch.
test:
	@$(DENO) run -A scripts/test.ts

# Packets and the demo on each version of Open vSwitch that Debian's suites have.
test-versions: build
	@scripts/test-versions.sh $(OVS_VERSION)

# Pods, mirrors and traffic on a private Open vSwitch, start to end.
demo:
	@$(DENO) run -A scripts/demo.ts

# The picture in the README: show and lint in a terminal, as root.
recording:
	@$(DENO) run -A scripts/recording.ts

# Help, manual page and completion as they are now, for tests to compare and reviews to read.
texts: build
	@$(DENO) run -A tests/support/cli/texts.ts

# What a call costs; BENCH="--quick" or "--peer DIR" for less or more.
bench:
	@$(DENO) run -A bench/main.ts $(BENCH)

# How soon mirrors are in force on each version of Open vSwitch; BENCH="--quick 3.5" for less.
bench-in-force: build
	@$(DENO) run -A bench/in_force/main.ts $(BENCH)

# All that should not lose anything, as docs/RELIABILITY.md has it; SEED=n tries other cases,
# STEPS=n that many random steps by executables, KIND="random steps" one kind alone.
torture: build
	@SEED=$(SEED) STEPS=$(STEPS) $(DENO) run -A tests/torture/main.ts $(if $(KIND),"$(KIND)")

# What CI checks besides the tests: format, lint, types, documentation.
ok:
	@$(DENO) task ok

# The same under the newest Deno that releases are built with.
ok-newest:
	@. scripts/versions.env && DENO_VERSION=$$DENO_NEWEST $(DENO) task ok

# Which lines of lib/ the tests run; fails below 95 %.
coverage:
	@$(DENO) run -A scripts/coverage.ts

fmt:
	@$(DENO) fmt

# Lints .github/workflows with actionlint and zizmor.
workflows:
	@scripts/check-workflows.sh

clean:
	rm -rf dist coverage
