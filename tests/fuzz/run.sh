#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# libFuzzer on each harness in turn; what it learns stays in BUILD/fuzz/NAME, what broke in BUILD/fuzz/NAME-crash-*.
#
#   sh tests/fuzz/run.sh BUILD SECONDS NAME...
set -u
build=$1 seconds=$2
shift 2
[ $# -gt 0 ] || echo 'there is no such harness in tests/fuzz'
broken=0
for name in "$@"; do
	corpus=$build/fuzz/$name
	mkdir -p "$corpus"
	set -- "$corpus"
	[ ! -d "tests/fuzz/seeds/$name" ] || set -- "$corpus" "tests/fuzz/seeds/$name"
	log=$build/fuzz/$name.log
	if "$build/libfuzzer/fuzzers/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 \
		-artifact_prefix="$build/fuzz/$name-" "$@" >"$log" 2>&1; then
		echo "  ok     $name: $(sed -n 's/^Done /ran /p' "$log")"
	else
		echo "  FAIL   $name; see $log"
		tail -n 25 "$log"
		broken=1
	fi
done
exit $broken
