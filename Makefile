# SPDX-License-Identifier: GPL-3.0-or-later
#
#   make              the programs and the library, into build/
#   make run          builds and opens the screens; without a terminal it walks through signing, verifying and an account
#   make check        every test; check-long adds the slow ones
#   make bench        measures against other programs
#   make fuzz         libFuzzer on every harness, FUZZ_SECONDS each; FUZZ=name for one
#   make install      DESTDIR and PREFIX as usual; uninstall takes it away again
#   make i18n         brings i18n/id.po up to the sentences of the sources
#   make clean format
#
# SAN=1 builds with the address and undefined-behaviour sanitizers, beside the other build in build/san.
# WERROR=1 makes warnings fatal. V=1 shows the commands.

PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
LIBEXECDIR ?= $(PREFIX)/libexec/besign
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/besign
INCLUDEDIR ?= $(PREFIX)/include
FUZZ ?= *
FUZZ_SECONDS ?= 60

VERSION := $(shell cat VERSION)
SONAME := libbesign.so.0

# The kind of build decides where it goes: several stand side by side.
KIND := $(or $(KIND),$(if $(filter 1,$(SAN)),san,plain))
ifeq ($(KIND),plain)
O ?= build
else
O ?= build/$(KIND)
endif

ifneq ($(V),1)
Q := @
SAY = @printf '  %-5s %s\n'
else
SAY = @:
endif

ROOMS := base crypto box pdf pki net wire qr token render verify account unlock signer sign
LIBRARY_C := $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c)) $(wildcard src/*.c)
APP_C := $(wildcard src/app/*.c) $(wildcard src/ui/*.c) $(wildcard screens/*.c) $(filter-out src/cli/main.c,$(wildcard src/cli/*.c))
MAIN_C := src/cli/main.c
SERVICE_C := $(filter-out src/service/main.c,$(wildcard src/service/*.c))
SERVICE_MAIN_C := src/service/main.c
JUDGE_C := src/helper/judge.c
RENDER_C := $(wildcard src/helper/render*.c)
UNLOCKD_C := $(wildcard src/helper/unlockd*.c)
SCAN_CPP := src/helper/render_scan.cpp
UNIT_C := $(wildcard tests/unit/*.c)
SUPPORT_C := $(wildcard tests/unit/support/*.c)
TOOL_C := $(wildcard tests/make/*.c)
HARNESS_C := $(filter-out tests/fuzz/driver.c,$(wildcard tests/fuzz/*.c))

objects = $(patsubst %.c,$(O)/obj/%.o,$(patsubst %.cpp,$(O)/obj/%.o,$(1)))
UNITS := $(patsubst tests/unit/%.c,$(O)/tests/unit/%,$(UNIT_C))
TOOLS := $(patsubst tests/make/%.c,$(O)/tests/make/%,$(TOOL_C))
REPLAYS := $(patsubst tests/fuzz/%.c,$(O)/tests/fuzz/%,$(HARNESS_C))
FUZZERS := $(patsubst tests/fuzz/%.c,$(O)/fuzzers/%,$(wildcard $(patsubst %,tests/fuzz/%.c,$(FUZZ))))
FUZZERS := $(filter-out $(O)/fuzzers/driver,$(FUZZERS))

PROGRAMS = $(O)/besign $(O)/besign-judge $(O)/besignd $(if $(RENDER),$(O)/besign-render) $(if $(UNLOCKD),$(O)/besign-unlockd)
UNLOCKD_FILES = $(if $(UNLOCKD),$(O)/besign-unlockd.service $(O)/besign.Unlock1.service)
LIBRARY := $(O)/libbesign.a $(O)/libbesign.so.0 $(O)/libbesign.so $(O)/besign.pc

.PHONY: all run check check-long bench fuzz i18n install uninstall clean format
.PHONY: build-tests fuzz-here FORCE
.DELETE_ON_ERROR:
.SUFFIXES:
.PRECIOUS: $(O)/obj/%.o

# Only what flags.mk answers tells whether there is a besign-render.
.SECONDEXPANSION:
all: $$(PROGRAMS) $(LIBRARY) $(O)/besignd.service $$(UNLOCKD_FILES)
	$(if $(RENDER),$(if $(SCAN),,@echo '  note  besign-render is built without reading QR codes: "sh contrib/deps.sh run" brings zxing-cpp'))
	$(if $(RENDER),,@echo '  note  besign-render, which shows pages, is not built: "sh contrib/deps.sh run" brings what it needs')
	$(if $(UNLOCKD),,@echo '  note  besign-unlockd, which a fingerprint needs, is not built: libsystemd (245 or later) is missing')

# These bring what they need first, then build with every processor unless -j was given.
INNER = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc)) KIND=$(KIND)

# Without what "run" brings there is no preview of pages, and all the rest.
run:
	@sh contrib/deps.sh build
	@sh contrib/deps.sh run || echo 'Going on without the preview of pages.' >&2
	@+$(INNER) all
	@if [ -t 0 ] && [ -t 1 ]; then $(O)/besign; else $(O)/besign walk --service --screens; fi

check:
	@sh contrib/deps.sh build run check
	@+$(INNER) all build-tests
	@sh tests/run $(O)

check-long:
	@sh contrib/deps.sh build run check long
	@+$(INNER) all build-tests
	@sh tests/run --long $(O)

bench:
	@sh contrib/deps.sh build run bench
	@+$(INNER) all build-tests
	@sh tests/bench.sh $(O)

fuzz:
	@sh contrib/deps.sh build fuzz
	@+$(INNER) KIND=fuzz CC=clang O=$(O)/libfuzzer fuzz-here
	@sh tests/fuzz/run.sh $(O) $(FUZZ_SECONDS) $(patsubst $(O)/fuzzers/%,%,$(FUZZERS))

fuzz-here: $(FUZZERS)

build-tests: $(UNITS) $(TOOLS) $(REPLAYS) $(O)/tests/unit/besign-judge $(O)/tests/unit/besignd $(O)/tests/iofault.so \
	$$(if $$(RENDER),$(O)/tests/unit/besign-render $(O)/tests/make/besign-render)

# A helper is looked for beside the program that runs, which here is a test.
$(O)/tests/unit/besign-judge $(O)/tests/unit/besignd $(O)/tests/unit/besign-render: $(O)/tests/unit/%: $(O)/%
	@mkdir -p $(@D)
	@ln -sf ../../$* $@

$(O)/tests/make/besign-render: $(O)/tests/make/%: $(O)/%
	@mkdir -p $(@D)
	@ln -sf ../../$* $@

clean:
	rm -rf $(O)

# Sentences that the sources no longer have are dropped, new ones stand there untranslated: flow/i18n names them.
i18n:
	@sh contrib/deps.sh build check
	sh i18n/extract.sh i18n/besign.pot
	msgmerge --quiet --no-fuzzy-matching -o i18n/id.po.new i18n/id.po i18n/besign.pot
	msgattrib --no-obsolete --no-wrap --sort-by-file -o i18n/id.po i18n/id.po.new
	@rm i18n/id.po.new

format:
	clang-format -i $$(find src screens tests -name '*.[ch]')

# ---- what the compiler is told; asked once, kept in flags.mk ----

ifneq ($(filter-out run check check-long bench fuzz i18n clean format uninstall,$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell sh contrib/flags.sh '$(O)/flags.mk' '$(CC)' $(KIND) '$(CXX)' || echo failed),)
$(error nothing was built)
endif
include $(O)/flags.mk
endif

CFLAGS ?= $(OPTIMISE)
LDFLAGS ?=
WERROR_FLAG := $(if $(filter 1,$(WERROR)),$(if $(filter plain,$(KIND)),-Werror))
OURS = -std=c17 -D_GNU_SOURCE -DNCURSES_WIDECHAR=1 -Isrc -I. -I$(O)/gen $(LIBRARY_FLAGS) -MMD -MP -fPIC
$(O)/obj/tests/%.o: OURS += -Itests/unit
$(call objects,$(RENDER_C)): OURS += $(RENDER_FLAGS) $(if $(SCAN),-DBESIGN_SCAN=1)
$(call objects,$(wildcard src/unlock/*.c) $(UNLOCKD_C) tests/make/fake_fprintd.c): OURS += $(UNLOCKD_FLAGS)
COMPILE = $(CC) $(OURS) $(CPPFLAGS) $(WARNINGS) $(WERROR_FLAG) $(HARDENING) $(CFLAGS)
COMPILE_CXX = $(CXX) $(SCAN_FLAGS) -Isrc -MMD -MP -fPIC $(CPPFLAGS) -Wall -Wextra $(WERROR_FLAG) $(HARDENING) $(CFLAGS)
LINK = $(CC) $(CFLAGS) $(LINKING) $(LDFLAGS)

$(O)/obj/%.o: %.c $(O)/flags.mk | $(O)/gen/build.h
	@mkdir -p $(@D)
	$(SAY) CC $*.o
	$(Q)$(COMPILE) -c -o $@ $<

$(O)/obj/%.o: %.cpp $(O)/flags.mk
	@mkdir -p $(@D)
	$(SAY) CXX $*.o
	$(Q)$(COMPILE_CXX) -c -o $@ $<

# Where the installed parts stand. Written only when it changes, so that only the files that ask are compiled again.
$(O)/gen/build.h: FORCE
	@mkdir -p $(@D)
	@printf '#define BESIGN_%s "%s"\n' VERSION '$(VERSION)' LIBEXECDIR '$(LIBEXECDIR)' DATADIR '$(DATADIR)' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# ---- the translations, as bytes that are compiled in; msgfmt leaves out what is not translated ----

$(O)/gen/id.mo: i18n/id.po
	@mkdir -p $(@D)
	$(SAY) MSG $(@F)
	$(Q)command -v msgfmt >/dev/null || { echo 'msgfmt is missing; "sh contrib/deps.sh build" installs it' >&2; exit 1; }
	$(Q)msgfmt --no-hash --endianness=little -o $@ $<

$(O)/gen/catalogue_id.h: $(O)/gen/id.mo
	@od -A n -v -t u1 $< | sed 's/\([0-9][0-9]*\)/\1,/g' >$@

$(O)/obj/src/base/catalogue_id.o: $(O)/gen/catalogue_id.h

# An archive is made anew when a file joins or leaves the rooms, not only when one changes.
$(O)/library.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(LIBRARY_C) | cmp -s - $@ || printf '%s\n' $(LIBRARY_C) >$@

$(O)/app.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(APP_C) | cmp -s - $@ || printf '%s\n' $(APP_C) >$@

$(O)/libbesign.a: $(call objects,$(LIBRARY_C)) $(O)/library.list
	$(SAY) AR $(@F)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(O)/app.a: $(call objects,$(APP_C)) $(O)/app.list
	$(SAY) AR $(@F)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(O)/service.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(SERVICE_C) | cmp -s - $@ || printf '%s\n' $(SERVICE_C) >$@

$(O)/service.a: $(call objects,$(SERVICE_C)) $(O)/service.list
	$(SAY) AR $(@F)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(O)/libbesign.so.0: $(call objects,$(LIBRARY_C)) $(O)/library.list src/besign.map
	$(SAY) LD $(@F)
	$(Q)$(LINK) $(LINKING_SHARED) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=src/besign.map -o $@ \
		$(filter %.o,$^) $(LIBRARIES)

$(O)/libbesign.so: $(O)/libbesign.so.0
	@ln -sf $(<F) $@

$(O)/besign: $(call objects,$(MAIN_C)) $(O)/app.a $(O)/libbesign.a
	$(SAY) LD $(@F)
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(NCURSES)

$(O)/besign-judge: $(call objects,$(JUDGE_C)) $(O)/libbesign.a
	$(SAY) LD $(@F)
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES)

$(O)/besign-render: $(call objects,$(RENDER_C)) $$(if $$(SCAN),$(call objects,$(SCAN_CPP))) $(O)/libbesign.a
	$(SAY) LD $(@F)
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(RENDER_LIBRARIES) $(SCAN_LIBRARIES)

$(O)/besign-unlockd: $(call objects,$(UNLOCKD_C)) $(O)/libbesign.a
	$(SAY) LD $(@F)
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(UNLOCKD_LIBRARIES)

$(O)/besignd: $(call objects,$(SERVICE_MAIN_C)) $(O)/service.a $(O)/libbesign.a
	$(SAY) LD $(@F)
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(SERVICE_LIBRARIES)

$(O)/besign.pc: contrib/besign.pc.in VERSION FORCE
	@mkdir -p $(@D)
	@sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@VERSION@|$(VERSION)|' $< >$@

$(O)/besignd.service $(UNLOCKD_FILES): $(O)/%.service: contrib/%.service.in FORCE
	@mkdir -p $(@D)
	@sed 's|@LIBEXECDIR@|$(LIBEXECDIR)|' $< >$@

# ---- tests ----

$(O)/support.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(SUPPORT_C) | cmp -s - $@ || printf '%s\n' $(SUPPORT_C) >$@

# What several tests make use of; it may use the rooms, so it stands before them.
$(O)/support.a: $(call objects,$(SUPPORT_C)) $(O)/support.list
	$(SAY) AR $(@F)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(O)/tests/unit/%: $(O)/obj/tests/unit/%.o $(O)/support.a $(O)/app.a $(O)/service.a $(O)/libbesign.a
	@mkdir -p $(@D)
	$(SAY) LD tests/unit/$*
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(SERVICE_LIBRARIES) $(NCURSES) $(VTERM) $(CMOCKA) -lm

# Stands between a program and its files, to fail or kill it there. It has nothing of ours in it, sanitizers neither.
$(O)/tests/iofault.so: tests/preload/iofault.c tests/preload/iofault.h $(O)/flags.mk
	@mkdir -p $(@D)
	$(SAY) LD tests/iofault.so
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(WERROR_FLAG) -fPIC -shared -O2 -o $@ $<

$(O)/tests/make/%: $(O)/obj/tests/make/%.o $(O)/support.a $(O)/app.a $(O)/service.a $(O)/libbesign.a
	@mkdir -p $(@D)
	$(SAY) LD tests/make/$*
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(SERVICE_LIBRARIES) $(NCURSES) $(VTERM) $(UNLOCKD_LIBRARIES) -lm

$(O)/tests/fuzz/%: $(O)/obj/tests/fuzz/%.o $(O)/obj/tests/fuzz/driver.o $(O)/support.a $(O)/app.a $(O)/service.a $(O)/libbesign.a
	@mkdir -p $(@D)
	$(SAY) LD tests/fuzz/$*
	$(Q)$(LINK) -pie -o $@ $^ $(LIBRARIES) $(SERVICE_LIBRARIES)

$(O)/fuzzers/%: $(O)/obj/tests/fuzz/%.o $(O)/support.a $(O)/app.a $(O)/service.a $(O)/libbesign.a
	@mkdir -p $(@D)
	$(SAY) LD fuzzers/$*
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBRARIES) $(SERVICE_LIBRARIES)

# ---- installing ----

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(INCLUDEDIR) \
		$(DESTDIR)$(DATADIR)/trust $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man8
	install -m 644 contrib/besign.1 $(DESTDIR)$(MANDIR)/man1/
	install -m 644 contrib/besignd.8 contrib/besign-unlockd.8 $(DESTDIR)$(MANDIR)/man8/
	install -m 755 $(O)/besign $(DESTDIR)$(BINDIR)/
	install -m 755 $(O)/besign-judge $(O)/besignd $(if $(RENDER),$(O)/besign-render) \
		$(if $(UNLOCKD),$(O)/besign-unlockd) $(DESTDIR)$(LIBEXECDIR)/
	ln -sf $(LIBEXECDIR)/besignd $(DESTDIR)$(SBINDIR)/besignd
	install -m 644 $(O)/libbesign.a $(O)/libbesign.so.0 $(DESTDIR)$(LIBDIR)/
	ln -sf libbesign.so.0 $(DESTDIR)$(LIBDIR)/libbesign.so
	install -m 644 $(O)/besign.pc $(DESTDIR)$(LIBDIR)/pkgconfig/
	install -m 644 src/besign.h $(DESTDIR)$(INCLUDEDIR)/
	install -m 644 contrib/trust/*.pem contrib/trust/anchors.tsv $(DESTDIR)$(DATADIR)/trust/
	install -m 644 contrib/letter.pdf $(O)/besignd.service contrib/besignd.conf contrib/openapi.yaml $(DESTDIR)$(DATADIR)/
	$(if $(UNLOCKD),install -m 644 $(UNLOCKD_FILES) contrib/besign.Unlock1.conf $(DESTDIR)$(DATADIR)/)

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/besign $(DESTDIR)$(SBINDIR)/besignd $(DESTDIR)$(LIBDIR)/pkgconfig/besign.pc $(DESTDIR)$(INCLUDEDIR)/besign.h \
		$(DESTDIR)$(LIBDIR)/libbesign.a $(DESTDIR)$(LIBDIR)/libbesign.so $(DESTDIR)$(LIBDIR)/libbesign.so.0 \
		$(DESTDIR)$(LIBEXECDIR)/besign-judge $(DESTDIR)$(LIBEXECDIR)/besign-render $(DESTDIR)$(DATADIR)/letter.pdf \
		$(DESTDIR)$(MANDIR)/man1/besign.1 $(DESTDIR)$(MANDIR)/man8/besignd.8 $(DESTDIR)$(LIBEXECDIR)/besignd \
		$(DESTDIR)$(DATADIR)/besignd.service $(DESTDIR)$(DATADIR)/besignd.conf $(DESTDIR)$(DATADIR)/openapi.yaml \
		$(DESTDIR)$(MANDIR)/man8/besign-unlockd.8 $(DESTDIR)$(LIBEXECDIR)/besign-unlockd \
		$(DESTDIR)$(DATADIR)/besign-unlockd.service $(DESTDIR)$(DATADIR)/besign.Unlock1.service \
		$(DESTDIR)$(DATADIR)/besign.Unlock1.conf
	rm -rf $(DESTDIR)$(DATADIR)/trust
	-rmdir $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(DATADIR)

-include $(patsubst %.o,%.d,$(call objects,$(LIBRARY_C) $(APP_C) $(MAIN_C) $(SERVICE_C) $(SERVICE_MAIN_C) $(JUDGE_C) $(RENDER_C) $(SCAN_CPP) $(UNLOCKD_C) $(UNIT_C) $(SUPPORT_C) $(TOOL_C) \
	$(HARNESS_C)))
-include $(O)/obj/tests/fuzz/driver.d
