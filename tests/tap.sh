# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a flow test says, in TAP. Read by ". $TOP/tests/tap.sh"; ends with plan.
number=0
bad=0

# ok STATUS TEXT [FILES...]: the files are shown when it is not ok.
ok() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
		return
	fi
	echo "not ok $number - $2"
	bad=1
	shift 2
	for file; do
		[ ! -s "$file" ] || head -n 40 "$file" | cat -v | sed "s/^/# $file: /"
	done
}

skip() { # TEXT REASON
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

# Ends here, everything skipped: TEXT REASON.
skip_all() {
	skip "$1" "$2"
	plan
}

has() {
	command -v "$1" >/dev/null 2>&1
}

plan() {
	echo "1..$number"
	exit $bad
}
