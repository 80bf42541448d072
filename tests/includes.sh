#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Holds the includes of src/ and screens/ against the plan of the house: tests/rooms.txt (which room may know which) and
# tests/foreign-headers.txt (which room may know which library).
#
#   sh tests/includes.sh [ROOT]         judges the tree under ROOT, this one by default
#   sh tests/includes.sh --self-test    makes small wrong trees and expects each fault to be found
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2

# One line a fault: KIND WHERE: WHAT
faults() {
	(
		cd "$1" || exit 2
		set -- src
		[ ! -d screens ] || set -- src screens
		find "$@" -name '*.[ch]' -o -name '*.cpp' | LC_ALL=C sort | tr '\n' '\0' |
			xargs -0 -r awk -f "$here/includes.awk" "$here/rooms.txt" "$here/foreign-headers.txt"
	)
}

judge() {
	found=$(faults "$1")
	number=0
	bad=0
	while read -r kind sentence; do
		number=$((number + 1))
		these=$(printf '%s\n' "$found" | sed -n "s/^$kind /# /p")
		if [ -z "$these" ]; then
			echo "ok $number - $sentence"
		else
			echo "not ok $number - $sentence"
			printf '%s\n' "$these"
			bad=1
		fi
	done <<-'END'
	room every source file lies in a room of the list
	form every header of ours is named with its room
	arrow a room includes only rooms that stand above it
	cycle no two rooms know each other
	foreign a library's header stays in the rooms that own the library
	screen a screen includes ui.h, besign.h, app.h, the list of screens and the C library alone
	END
	echo "1..$number"
	return $bad
}

# ---- the test of the test ----

tree() {
	rm -rf "$TMP/tree"
	for room in base crypto pdf sign app ui; do
		mkdir -p "$TMP/tree/src/$room"
		echo '#include <stdint.h>' >"$TMP/tree/src/$room/$room.h"
	done
	mkdir -p "$TMP/tree/screens"
	printf '#include "base/base.h"\n#include "pdf/pdf.h"\n' >"$TMP/tree/src/sign/sign.c"
	printf '#include "ui.h"\n#include <string.h>\n' >"$TMP/tree/screens/home.c"
	printf '#include "app/app.h"\n' >"$TMP/tree/src/app.h"
	printf '#include "ui/ui.h"\n' >"$TMP/tree/src/ui.h"
	echo '#include <openssl/evp.h>' >"$TMP/tree/src/crypto/digest.c"
}

# expect KIND SENTENCE: the tree as it stands has faults of this kind and of no other; none when KIND is "nothing".
expect() {
	tests=$((tests + 1))
	kinds=$(faults "$TMP/tree" | cut -d ' ' -f 1 | sort -u | tr '\n' ' ')
	if [ "${kinds:-nothing }" = "$1 " ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		faults "$TMP/tree" | sed 's/^/# found: /'
		wrong=1
	fi
}

# with FILE LINE: a fresh tree in which FILE has LINE as well.
with() {
	tree
	mkdir -p "$(dirname "$TMP/tree/$1")"
	echo "$2" >>"$TMP/tree/$1"
}

self_test() {
	tests=0
	wrong=0
	tree
	expect nothing 'a tree as it should be has no fault'
	with src/attic/old.c '#include <stdio.h>'
	expect room 'a room that is not on the list is found'
	with src/base/base.c '#include "base.h"'
	expect form 'a header without its room is found'
	with src/base/base.c '#include "../pdf/pdf.h"'
	expect form 'a way around by .. is found'
	with src/base/base.c '  #  include "pdf/pdf.h"'
	expect arrow 'an include of a higher room is found'
	with src/app/app.c '#include "service/api.h"'
	expect arrow 'an include of the service by the app is found'
	with src/pdf/pdf.c '#include "sign/sign.h"'
	expect 'arrow cycle' 'two rooms that know each other are found'
	with src/ui.h '#include "app.h"'
	expect nothing 'the header of a room may include the header of a room above it'
	with src/app.h '#include "ui/ui.h"'
	expect arrow 'the header of a room that includes a lower room is found'
	with src/app/app.c '#include "ui.h"'
	expect arrow 'an include of a lower room by its one header is found'
	with src/app.c '#include <stdio.h>'
	expect room 'a source beside the rooms is found'
	with src/sign.h '#include <stdio.h>'
	expect room 'a header beside the rooms that shows none of the known ones is found'
	with src/sign/sign.c '#include <openssl/cms.h>'
	expect foreign 'a library out of its room is found'
	with src/crypto/digest.c '#include <mystery.h>'
	expect foreign 'a library that no room owns is found'
	with src/sign/sign.c '#include "build.h"'
	expect foreign 'the installed paths out of their rooms are found'
	with src/crypto/digest.c '#include <sys/stat.h>'
	expect nothing 'the C library is for every room'
	with screens/home.c '#include "pdf/pdf.h"'
	expect screen 'a screen that reaches past its three headers is found'
	with screens/home.c '#include <ncurses.h>'
	expect screen 'a screen that draws by itself is found'
	echo "1..$tests"
	return $wrong
}

if [ "${1:-}" = --self-test ]; then
	: "${TMP:?a directory to make trees in}"
	self_test
else
	judge "${1:-$here/..}"
fi
