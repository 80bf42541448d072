#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A CSC client that shares no code with this project signs with a besignd of its own.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'a client of the CSC API' 'python3 is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/csc.py"
