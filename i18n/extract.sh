#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Gathers the sentences of the sources: those in N_() and tr(), and the pairs in tr_n(). A comment that begins with
# "max:" says how many columns a translation may have, as in /* max: 20 */ N_("Document").
#
#   sh i18n/extract.sh OUTPUT
set -eu
out=$(realpath "${1:?the output is missing}")
cd "$(dirname "$0")/.."
set -- src
[ ! -d screens ] || set -- src screens
find "$@" -name '*.[ch]' | LC_ALL=C sort | xgettext --files-from=- --language=C --from-code=UTF-8 \
	--keyword --keyword=N_ --keyword=tr --keyword=tr_n:1,2 --flag=N_:1:pass-c-format --flag=tr:1:pass-c-format \
	--flag=tr_n:1:pass-c-format --flag=tr_n:2:pass-c-format --add-comments=max: --sort-by-file --add-location=file \
	--no-wrap --package-name=besign -o "$out"
# A date that changes each time says nothing.
sed '/^"POT-Creation-Date:/d' "$out" >"$out.new"
mv "$out.new" "$out"
