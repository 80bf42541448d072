#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign share into a folder, on a disk that is full and a machine that stops.
set -u
: "${BUILD:?}" "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'a full disk and a machine that stops' 'python3 is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/share_faults.py"
