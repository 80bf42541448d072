#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Bodies changed at random, 3,000 of them; make check-long sends 100,000.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'bodies at random' 'python3 is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/fuzz_bodies.py" "${BODIES:-3000}"
