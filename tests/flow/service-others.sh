#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is somebody else's, slow and wrong lines, and what is too old: besignd tells each what it is.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'others and time' 'python3 is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/others.py"
