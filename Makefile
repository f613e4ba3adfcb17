# plumbline: `make run` prints the readiness of this host, `make test` runs every fast test. Both install what they need, as root on
# Debian. Nothing but make itself has to be there when this file is read: what asks pkg-config is expanded in recipes only.

VERSION = 0.1.0
PREFIX ?= /usr
DESTDIR ?=
PROFILE ?= trading
FUZZ_SECONDS ?= 60
COVERAGE_MINIMUM = 85
JOBS ?= $(shell nproc)
MAKEFLAGS += -j$(JOBS)
.DELETE_ON_ERROR:
.SUFFIXES:

LIBRARIES = libsystemd libmnl yaml-0.1 jansson
# Its header only: the library is loaded by the verbs that pack or unpack.
HEADERS_OF = libarchive

agent_sources := $(wildcard agent/*.c agent/core/*.c probes/*.c tuning/*.c)
part_sources  := $(filter-out agent/main.c,$(agent_sources))
unit_sources  := $(wildcard tests/unit/*.c)
laws_sources  := $(wildcard tests/laws/*.c)
tree_sources  := $(filter-out tests/support/tree_main.c,$(wildcard tests/support/tree*.c))
check_sources := $(filter-out tests/support/tree%,$(wildcard tests/support/*.c))
fuzz_sources  := $(wildcard tests/fuzz/fuzz_*.c)
all_sources   := $(agent_sources) $(wildcard tests/*/*.c)
all_headers   := $(wildcard agent/*.h agent/core/*.h probes/*.h tuning/*.h tests/*/*.h)

.PHONY: all run test check live-test clang-test journal-test browser-test vm-test matrix lint fuzz bench coverage install clean setup golden format
all: build/plumbline

# --- set-up: which packages which goal needs; `all` and `install` take what there is -----------------------------------------

needs_run      = build
needs_live-test = build
needs_journal-test = build journal
needs_clang-test = build test fuzz
needs_test     = build test
needs_check    = build test
needs_golden   = build test
needs_lint     = build test lint
needs_format   = lint
needs_fuzz     = build fuzz
needs_bench    = build bench
needs_browser-test = build test browser
needs_coverage = build test coverage
needs_deb      = build deb
needs_vm-test  = build deb vm
needs_matrix   = build deb vm
needed := $(sort $(foreach goal,$(MAKECMDGOALS),$(needs_$(goal))))

setup:
	@sh tests/setup.sh $(needed)

# --- how things are compiled -------------------------------------------------------------------------------------------------

CPPFLAGS = -I. -D_GNU_SOURCE -DPLUMBLINE_VERSION='"$(VERSION)"'
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wpointer-arith -Wwrite-strings \
	-Wundef -Wvla -Wcast-qual -Wimplicit-fallthrough -Wconversion -Wno-sign-conversion -Werror

# Asked once, and only when the first recipe needs it: by then set-up has run.
pkg_cflags = $(eval pkg_cflags := $$(shell pkg-config --cflags $(LIBRARIES) $(HEADERS_OF)))$(pkg_cflags)
pkg_libs   = $(eval pkg_libs := $$(shell pkg-config --libs $(LIBRARIES)))$(pkg_libs)

base_flags     = -std=gnu17 -g $(CPPFLAGS) $(pkg_cflags) $(WARNINGS)
release_flags  = $(base_flags) -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE $(CFLAGS)
# GCC takes the null check that the sanitizer adds before a format for a null format.
test_flags     = $(base_flags) -O1 -fno-omit-frame-pointer -Wno-format-truncation -Wno-format-overflow $(sanitize)
coverage_flags = $(base_flags) -O0 --coverage -fprofile-update=atomic
fuzz_flags     = $(base_flags) -O1 -fno-omit-frame-pointer $(sanitize),fuzzer-no-link
sanitize       = -fno-sanitize-recover=all -fsanitize=address,undefined
link_flags     = -Wl,--as-needed
release_link   = -pie -Wl,-z,relro,-z,now
fuzz_link      = $(sanitize),fuzzer

compile = @mkdir -p $(@D); echo "  $(1) $<"; $(2) -MMD -MP -c -o $@ $<
link    = @mkdir -p $(@D); echo "  link $@"; $(1) -o $@ $^ $(link_flags) $(pkg_libs) -lm -ldl $(2)

build/release/%.o: %.c Makefile | setup
	$(call compile,release,$(CC) $(release_flags))
build/test/%.o: %.c Makefile | setup
	$(call compile,test,$(CC) $(test_flags))
build/coverage/%.o: %.c Makefile | setup
	$(call compile,coverage,$(CC) $(coverage_flags))
build/fuzz/%.o: %.c Makefile | setup
	$(call compile,fuzz,clang $(fuzz_flags))

objects = $(addprefix build/$(1)/,$(patsubst %.c,%.o,$(2)))

# --- programs ----------------------------------------------------------------------------------------------------------------

build/plumbline: $(call objects,release,$(agent_sources))
	$(call link,$(CC) $(release_link) $(LDFLAGS),)

build/test/plumbline: $(call objects,test,$(agent_sources))
	$(call link,$(CC) $(sanitize),)
build/test/unit: $(call objects,test,$(unit_sources) $(check_sources) $(tree_sources) $(part_sources))
	$(call link,$(CC) $(sanitize),-lcunit)
build/test/laws: $(call objects,test,$(laws_sources) $(check_sources) $(tree_sources) $(part_sources))
	$(call link,$(CC) $(sanitize),-lcunit)
build/test/tree: $(call objects,test,tests/support/tree_main.c $(tree_sources) $(filter agent/core/%,$(part_sources)))
	$(call link,$(CC) $(sanitize),)

build/coverage/plumbline: $(call objects,coverage,$(agent_sources))
	$(call link,$(CC) --coverage,)
build/coverage/unit: $(call objects,coverage,$(unit_sources) $(check_sources) $(tree_sources) $(part_sources))
	$(call link,$(CC) --coverage,-lcunit)
build/coverage/laws: $(call objects,coverage,$(laws_sources) $(check_sources) $(tree_sources) $(part_sources))
	$(call link,$(CC) --coverage,-lcunit)

fuzz_programs := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(fuzz_sources))
$(fuzz_programs): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(call objects,fuzz,$(part_sources) $(tree_sources))
	$(call link,clang $(fuzz_link),)

build/fuzz/unit: $(call objects,fuzz,$(unit_sources) $(check_sources) $(tree_sources) $(part_sources))
	$(call link,clang $(sanitize),-lcunit)

build/bench/%: tests/bench/%.c Makefile | setup
	@mkdir -p $(@D)
	$(CC) $(release_flags) -pie -o $@ $<

# --- what people ask for -----------------------------------------------------------------------------------------------------

# 0 to 4 save 2 say what the report says; anything else means that there is none.
run: build/plumbline
	@status=0; build/plumbline check --profile $(PROFILE) || status=$$?; \
	case $$status in \
	0) word="ready";; 1) word="not ready";; 3) word="could not tell";; 4) word="ready after a reboot";; \
	*) echo "plumbline check: exit status $$status (no report)" >&2; exit $$status;; \
	esac; \
	echo "plumbline check: exit status $$status ($$word)"

tiers = unit laws cases schema formats others systemd rules
test check: build/plumbline build/test/plumbline build/test/unit build/test/laws build/test/tree
	@sh tests/run-tiers.sh build/test $(tiers)

# Takes what plumbline says now for what the cases expect; look at the difference before you commit it.
golden: build/test/plumbline build/test/tree
	@UPDATE=1 sh tests/cases/run.sh build/test

fuzz: $(fuzz_programs)
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(fuzz_programs)

# The unit tests once more: clang's sanitizers see what those of GCC let pass (a place counted from none).
clang-test: build/fuzz/unit
	@build/fuzz/unit

bench: build/plumbline build/bench/floor build/bench/measure build/test/tree
	@bash tests/bench/run.sh

# Touches this very machine for a few seconds, and puts everything back.
live-test: build/plumbline
	@sh tests/live/run.sh build/plumbline

# A journal of more than a gigabyte: half a minute, and 3 GB of room in /var/tmp for as long.
journal-test: build/plumbline
	@sh tests/journal/run.sh build/plumbline

# The HTML page in a real browser, a package of 300 MB: a minute.
browser-test: build/test/plumbline build/test/tree
	@sh tests/run-tiers.sh build/test browser

# Virtual trading boxes: bring-up, drift, power cuts, purge. POWER_CUTS=N for more of them.
vm-test: deb build/plumbline build/test/laws
	@bash tests/vm/run.sh

# Other releases of Debian, from a bare root each, and a box with another RT kernel. Takes an hour.
matrix: deb build/plumbline build/test/laws
	@bash tests/matrix/run.sh

coverage: build/coverage/plumbline build/coverage/unit build/coverage/laws build/test/tree
	@find build/coverage -name '*.gcda' -delete
	@mkdir -p build/coverage && cp build/test/tree build/coverage/tree
	@status=0; sh tests/run-tiers.sh build/coverage unit laws cases schema formats || status=$$?; \
	gcovr --root . --object-directory build/coverage --filter 'agent/' --filter 'probes/' --filter 'tuning/' \
		--fail-under-line $(COVERAGE_MINIMUM) && exit $$status

install: build/plumbline
	install -D -m 0755 build/plumbline $(DESTDIR)$(PREFIX)/bin/plumbline
	install -d -m 0755 $(DESTDIR)$(PREFIX)/share/plumbline/profiles
	install -m 0644 profiles/*.yaml $(DESTDIR)$(PREFIX)/share/plumbline/profiles
	install -D -m 0644 packaging/plumbline.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/plumbline.catalog

# The package is made from a copy, where packaging/debian stands as debian/. What comes out is the same in every folder.
deb_tree = build/deb/plumbline-$(VERSION)
.PHONY: deb
deb: | setup
	@rm -rf build/deb
	@mkdir -p $(deb_tree)
	@cp -R Makefile LICENSE README.md agent docs packaging probes profiles tests tuning $(deb_tree)
	@mv $(deb_tree)/packaging/debian $(deb_tree)/debian
	cd $(deb_tree) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc -b
	@ls build/deb/*.deb

clean:
	rm -rf build

# --- lint: two compilers, three analysers, the formatter, and the rules of the house ------------------------------------------

lint_gcc   := $(patsubst %.c,build/lint/gcc/%.o,$(all_sources))
lint_clang := $(patsubst %.c,build/lint/clang/%.o,$(filter-out $(fuzz_sources),$(all_sources)))
lint_tidy  := $(patsubst %.c,build/lint/tidy/%.checked,$(all_sources))

.PHONY: lint-gcc lint-clang lint-tidy lint-cppcheck lint-format lint-rules
lint: lint-gcc lint-clang lint-tidy lint-cppcheck lint-format lint-rules
	@echo "lint: $(words $^) passed, 0 failed"

lint-gcc: $(lint_gcc)
build/lint/gcc/%.o: %.c Makefile | setup
	$(call compile,gcc -fanalyzer,gcc $(release_flags) -fanalyzer)

lint-clang: $(lint_clang)
build/lint/clang/%.o: %.c Makefile | setup
	$(call compile,clang,clang $(release_flags))

lint-tidy: $(lint_tidy)
build/lint/tidy/%.checked: %.c .clang-tidy Makefile $(all_headers) | setup
	@mkdir -p $(@D)
	@echo "  clang-tidy $<"
	@clang-tidy --quiet $< -- $(base_flags) 2>build/lint/tidy/$*.log || { cat build/lint/tidy/$*.log; exit 1; }
	@touch $@

lint-cppcheck: | setup
	@echo "  cppcheck"
	@mkdir -p build/lint/cppcheck
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j $(JOBS) \
		--cppcheck-build-dir=build/lint/cppcheck --suppress=missingIncludeSystem --suppressions-list=tests/cppcheck.suppressions \
		-D_GNU_SOURCE -I. agent probes tuning tests

lint-format: | setup
	@echo "  clang-format"
	@clang-format --dry-run -Werror $(all_sources) $(all_headers)

format: | setup
	@clang-format -i $(all_sources) $(all_headers)

lint-rules: | setup
	@sh tests/rules.sh

-include $(shell find build -name '*.d' 2>/dev/null)
