#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Wrong codes, spent links, weak passphrases, races: besignd tells each what it is.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'bad days' 'python3 is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/bad_days.py"
