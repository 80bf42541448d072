#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Gathers the sentences of the sources: those in N_() and tr(), the pairs in tr_n() and ui_put_count(), and those of the
# table of bundled certificates. A comment that begins with
# "max:" says how many columns a translation may have, as in /* max: 20 */ N_("Document").
#
#   sh i18n/extract.sh OUTPUT
set -eu
out=$(realpath "${1:?the output is missing}")
cd "$(dirname "$0")/.."
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT

# Where a bundled certificate was seen is said by a table, whose last column is given the form of a source here.
anchors=contrib/trust/anchors.tsv
mkdir -p "$elsewhere/contrib/trust"
sed -e '/^#/d' -e 's/.*\t//' -e 's/["\\]/\\&/g' -e 's/.*/N_("&")/' $anchors >"$elsewhere/$anchors"

set -- src
[ ! -d screens ] || set -- src screens
{
	find "$@" -name '*.[ch]'
	echo $anchors
} | LC_ALL=C sort | xgettext --directory="$elsewhere" --directory=. --files-from=- --language=C --from-code=UTF-8 \
	--keyword --keyword=N_ --keyword=tr --keyword=tr_n:1,2 --keyword=ui_put_count:2,3 --flag=N_:1:pass-c-format --flag=tr:1:pass-c-format \
	--flag=tr_n:1:pass-c-format --flag=tr_n:2:pass-c-format --add-comments=max: --sort-by-file --add-location=file \
	--no-wrap --package-name=besign -o "$out"
# A date that changes each time says nothing.
sed '/^"POT-Creation-Date:/d' "$out" >"$out.new"
mv "$out.new" "$out"
