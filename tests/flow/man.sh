#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The man page knows what the program knows: every error word, every option, every command.
set -u
: "${BESIGN:?}" "${TOP:?}"
number=0
bad=0
page=$(sed 's/\\-/-/g' "$TOP/contrib/besign.1")

# holds TEXT WORDS...: each of the words stands in the page by itself.
holds() {
	text=$1 missing=
	shift
	for word in "$@"; do
		printf '%s\n' "$page" | grep -qE -- "(^|[^a-z0-9-])$word([^a-z0-9-]|\$)" || missing="$missing $word"
	done
	number=$((number + 1))
	if [ $# -gt 0 ] && [ -z "$missing" ]; then
		echo "ok $number - $text"
	else
		echo "not ok $number - $text"
		echo "# missing:$missing (of $#)"
		bad=1
	fi
}

# shellcheck disable=SC2046 # lists of words
{
	holds 'every error word of error.h stands in it' \
		$(sed -n 's/^[[:space:]]*X(BE_[A-Z0-9_]*, *"\([a-z-]*\)").*/\1/p' "$TOP/src/base/error.h")
	commands=$("$BESIGN" help | sed -n 's/^  besign \([a-z]*\) .*/\1/p')
	# shellcheck disable=SC2086
	holds 'every command stands in it' $commands
	for command in $commands; do
		options=$("$BESIGN" help "$command" | sed 1d | grep -oE -- '(^|[ ,])--[a-z0-9-]+' | tr -d ' ,')
		# shellcheck disable=SC2086
		[ -z "$options" ] || holds "every option of $command stands in it" $options
	done
}
holds 'every exit status stands in it' $(seq 0 3) 5 130

number=$((number + 1))
if ! command -v groff >/dev/null; then
	echo "ok $number - it is set without a complaint # SKIP groff is not installed"
elif [ -z "$(groff -man -Tutf8 -ww "$TOP/contrib/besign.1" 2>&1 >/dev/null)" ]; then
	echo "ok $number - it is set without a complaint"
else
	echo "not ok $number - it is set without a complaint"
	bad=1
fi

echo "1..$number"
exit $bad
