#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the built programs are linked with, and how: a run pays only for what it uses, and an attacker finds the usual doors shut.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
has readelf || skip_all 'how the programs are linked' 'readelf is not installed'
cd "$TMP" || exit 2

# besign-render, which may not be built, has no way to a key or to a network.
programs='besign besign-judge besignd'
[ ! -e "$BUILD/besign-render" ] || programs="$programs besign-render"
# Nor has besign-unlockd, which is root, anything to do with documents; it alone is linked with the bus.
[ ! -e "$BUILD/besign-unlockd" ] || programs="$programs besign-unlockd"
for program in $programs; do
	readelf -d "$BUILD/$program" >dynamic.txt 2>&1
	without='libcurl|libp11|libsystemd|libpoppler|libcairo|libpango|libchafa|libgdk|libglib|libfontconfig' with=libcrypto
	[ $program != besign-render ] || without='libcurl|libp11|libsystemd|libcrypto|libssl|libgio' with=libpoppler-glib
	[ $program != besign-unlockd ] || without='libcurl|libp11|libpoppler|libcairo|libglib|libqrencode|libseccomp|libz' with=libsystemd
	[ $program = besign ] || without="$without|libncurses"
	[ $program = besignd ] || without="$without|libmicrohttpd|libsqlite"
	! grep -qE "$without" dynamic.txt && grep -q "$with" dynamic.txt
	ok $? "$program is not linked with what it does not use" dynamic.txt
	if grep -q 'libasan' dynamic.txt; then
		skip "$program is hardened" 'a build with sanitizers is not meant to be'
		continue
	fi
	grep -q 'BIND_NOW\|NOW' dynamic.txt && readelf -hl "$BUILD/$program" >headers.txt && grep -q 'Type: *DYN' headers.txt &&
		grep -q GNU_RELRO headers.txt && ! grep -A 1 GNU_STACK headers.txt | grep -q RWE && ! grep -q 'LOAD.*RWE' headers.txt
	ok $? "$program is position-independent, bound at the start, and has no memory both writable and executable" headers.txt
done

# The library shows its public functions and nothing else.
readelf --wide --dyn-syms "$BUILD/libbesign.so.0" | awk '$7 ~ /^[0-9]+$/ && $5 == "GLOBAL" { print $8 }' | sed 's/@.*//' | sort >shown
grep -o 'besign_[a-z0-9_]*(' "$TOP/src/besign.h" | tr -d '(' | sort -u >promised
[ -s shown ] && cmp -s shown promised
ok $? 'libbesign.so shows exactly what besign.h promises' shown
plan
