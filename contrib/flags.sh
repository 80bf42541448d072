#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Asks the compiler which flags it takes, one by one, and where the libraries are; writes the answer as a makefile.
# The answer is kept until the compiler, the kind of build or this script changes.
#
#   sh contrib/flags.sh OUTPUT CC plain|san|fuzz CXX
set -u
out=$1 cc=$2 kind=$3 cxx=$4

warnings='
-Wall -Wextra -Wformat=2 -Wformat-overflow=2 -Wformat-truncation=2 -Wformat-signedness -Wconversion -Wsign-conversion
-Warith-conversion -Wimplicit-fallthrough=5 -Wtrampolines -Wbidi-chars=any -Wshadow=local -Wcast-qual
-Wcast-align=strict -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wundef -Wvla
-Walloca -Walloc-zero -Wstringop-overflow=4 -Warray-bounds=2 -Wnull-dereference -Wlogical-op -Wduplicated-cond
-Wduplicated-branches -Wdouble-promotion -Wswitch-enum -Wuse-after-free=3 -Wdangling-pointer=2 -Wunused-result
-Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion -Werror=vla -Werror=format-security'

hardening='
-fstack-protector-strong -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
-fzero-call-used-regs=used-gpr -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing -fno-common
-fharden-compares -fharden-conditional-branches -fno-semantic-interposition'

# nodlopen is not among them: a program may load libbesign when it needs it.
linking='
-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,--as-needed -Wl,--no-copy-dt-needed-entries
-Wl,--warn-execstack -Wl,--warn-rwx-segments'

# Both change the code too much for a sanitizer to be of use.
fortify='-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'
sanitizers='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'

libraries='libcrypto libcjson zlib libseccomp libqrencode ncursesw vterm cmocka libmicrohttpd sqlite3 libcurl p11-kit-1'

# What draws pages. Where one is missing there is no besign-render and all the rest works.
render_libraries='poppler-glib chafa >= 1.12 pangocairo cairo-pdf gdk-pixbuf-2.0 fontconfig'

# The bus of besign-unlockd. Where it is missing there are no fingerprints and all the rest works.
unlockd_libraries='libsystemd >= 245'

# shellcheck disable=SC2086 # CC may be "ccache gcc", and lists of flags are meant to be split
answers() {
	printf '' | $cc -Werror $2 "$1" -S -x c -o /dev/null - 2>/dev/null
}

# What reads QR codes, and its few lines of C++. Where it is missing, besign-render does all the rest.
scan_library=zxing
scan_source=src/helper/render_scan.cpp

# Each flag is asked together with those already taken: some of them (format-security) need another one first.
# shellcheck disable=SC2086
accepted() {
	taken=
	for flag in "$@"; do
		answers "$flag" "$taken" && taken="$taken $flag"
	done
	echo "$taken"
}

# shellcheck disable=SC2086
links() {
	taken=
	for flag in "$@"; do
		echo 'int main(void) { return 0; }' | $cc -Werror $taken "$flag" -x c -o "$out.probe" - 2>"$out.said" &&
			[ ! -s "$out.said" ] && taken="$taken $flag"
	done
	rm -f "$out.probe" "$out.said"
	echo "$taken"
}

# Foreign headers are not ours to warn about, hence -isystem.
library_flags() {
	for name in $libraries; do
		found=$(pkg-config --cflags-only-I "$name" 2>/dev/null) || found=
		[ "$name" != libcjson ] || [ -n "$found" ] || found=-I/usr/include/cjson
		echo "$found"
	done | tr -s ' ' '\n' | sed -n 's/^-I/-isystem /p' | sort -u | tr '\n' ' '
}

library_links() {
	case $1 in
	libcrypto)  plain=-lcrypto ;;
	libcjson)   plain=-lcjson ;;
	zlib)       plain=-lz ;;
	libseccomp) plain=-lseccomp ;;
	ncursesw)   plain=-lncursesw ;;
	vterm)      plain=-lvterm ;;
	libqrencode) plain=-lqrencode ;;
	cmocka)     plain=-lcmocka ;;
	libmicrohttpd) plain=-lmicrohttpd ;;
	sqlite3)    plain=-lsqlite3 ;;
	esac
	pkg-config --libs "$1" 2>/dev/null || echo "$plain"
}

# The standard that the library's headers want, or nothing where they, or a compiler for them, are missing.
# shellcheck disable=SC2046,SC2086
scan_standard() {
	pkg-config --exists $scan_library 2>/dev/null || return
	for standard in -std=c++17 -std=c++20; do
		$cxx $standard -Isrc $(pkg-config --cflags $scan_library) -S -o /dev/null $scan_source 2>/dev/null &&
			echo $standard && return
	done
}

# shellcheck disable=SC2086
version=$($cc --version 2>/dev/null) || {
	echo "flags.sh: the C compiler '$cc' does not run; \"sh contrib/deps.sh build\" installs one" >&2
	exit 1
}
# shellcheck disable=SC2086
render=$(pkg-config --modversion $render_libraries 2>/dev/null) || render=
# shellcheck disable=SC2086
unlockd=$(pkg-config --modversion $unlockd_libraries 2>/dev/null) || unlockd=
# A compiler that comes later, or another one, is asked again.
scan=
[ -z "$render" ] ||
	scan="$(pkg-config --modversion $scan_library 2>/dev/null) $cxx $($cxx -dumpversion 2>/dev/null) $(cksum <"$scan_source")"
key="# $kind $cc $(printf '%s\n' "$version" | head -n1) $(cksum <"$0")$(printf ' %s' $render $scan / $unlockd)"
[ -f "$out" ] && [ "$(head -n1 "$out")" = "$key" ] && exit 0

mkdir -p "$(dirname "$out")"
# shellcheck disable=SC2086
{
	echo "$key"
	echo "WARNINGS :=$(accepted $warnings)"
	case $kind in
	plain)
		echo "HARDENING :=$(accepted $hardening) $fortify"
		echo "LINKING :=$(links $linking)"
		echo "LINKING_SHARED := -Wl,-z,defs"
		echo "OPTIMISE := -O2"
		;;
	san)
		echo "HARDENING := $sanitizers"
		echo "LINKING := $sanitizers -Wl,--as-needed"
		echo "OPTIMISE := -O1 -g"
		;;
	fuzz)
		echo "HARDENING := -fsanitize=fuzzer-no-link $sanitizers"
		echo "LINKING := $sanitizers -Wl,--as-needed"
		echo "OPTIMISE := -O1 -g"
		;;
	esac
	echo "LIBRARY_FLAGS := $(library_flags)"
	echo "LIBRARIES := $(for name in libcrypto libcjson zlib libseccomp libqrencode; do library_links $name; done | tr '\n' ' ')"
	echo "SERVICE_LIBRARIES := $(for name in libmicrohttpd sqlite3; do library_links $name; done | tr '\n' ' ')"
	echo "NCURSES := $(library_links ncursesw)"
	echo "VTERM := $(library_links vterm)"
	echo "CMOCKA := $(library_links cmocka)"
	if [ -n "$render" ]; then
		echo "RENDER := yes"
		echo "RENDER_FLAGS := $(pkg-config --cflags $render_libraries | sed 's/-I/-isystem /g')"
		echo "RENDER_LIBRARIES := $(pkg-config --libs $render_libraries) -lm"
		standard=$(scan_standard)
	fi
	if [ -n "${standard:-}" ]; then
		echo "SCAN := yes"
		echo "SCAN_FLAGS := $standard $(pkg-config --cflags $scan_library | sed 's/-I/-isystem /g')"
		echo "SCAN_LIBRARIES := $(pkg-config --libs $scan_library) -lstdc++"
	fi
	if [ -n "$unlockd" ]; then
		echo "UNLOCKD := yes"
		echo "UNLOCKD_FLAGS := -DBESIGN_SD_BUS $(pkg-config --cflags $unlockd_libraries | sed 's/-I/-isystem /g')"
		echo "UNLOCKD_LIBRARIES := $(pkg-config --libs $unlockd_libraries)"
	fi
} >"$out.new" && mv "$out.new" "$out"
