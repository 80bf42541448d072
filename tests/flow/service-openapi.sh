#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# contrib/openapi.yaml says what besignd does, all of it and nothing else.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 && python3 -c 'import yaml' 2>/dev/null || skip_all 'the description of the API' 'python3 or its yaml is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/openapi.py"
