#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The man page knows what the program knows: every error word, every option, every command.
set -u
: "${BESIGN:?}" "${TOP:?}"
. "$TOP/tests/tap.sh"
page=$(sed 's/\\-/-/g' "$TOP/contrib/besign.1")

# holds TEXT WORDS...: each of the words stands in the page by itself.
holds() {
	text=$1 missing=
	shift
	for word in "$@"; do
		printf '%s\n' "$page" | grep -qE -- "(^|[^a-zA-Z0-9-])$word([^a-zA-Z0-9-]|\$)" || missing="$missing $word"
	done
	[ -z "$missing" ] || echo "# missing:$missing (of $#)"
	[ $# -gt 0 ] && [ -z "$missing" ]
	ok $? "$text"
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
holds 'how the language is chosen stands in it' --lang BESIGN_LANG LC_ALL LC_MESSAGES LANG
holds 'every exit status stands in it' $(seq 0 3) 5 6 130

# The keys are those of the screens' own tables.
sed -n '/^\.\\" keys: /,/^\.\\" end of keys$/p' "$TOP/contrib/besign.1" | sed '1d;$d' >"$TMP/keys.txt"
"$BUILD/tests/make/print_keys" >"$TMP/now.txt"
diff "$TMP/now.txt" "$TMP/keys.txt" >"$TMP/differ.txt" && [ -s "$TMP/now.txt" ]
ok $? 'its keys are those of the screens (tests/make/print_keys)' "$TMP/differ.txt"

if has groff; then
	[ -z "$(groff -man -Tutf8 -ww "$TOP/contrib/besign.1" 2>&1 >/dev/null)" ]
	ok $? 'it is set without a complaint'
else
	skip 'it is set without a complaint' 'groff is not installed'
fi
plan
