#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The built-in authority and its letters, with openssl and a mail server of others as witnesses.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'the authority of a service' 'python3 is not installed'
# The system's own has the system's packages, whichever comes first on the path.
python=python3
python3 -c 'import aiosmtpd' 2>/dev/null || ! /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || python=/usr/bin/python3
PYTHONDONTWRITEBYTECODE=1 exec $python "$TOP/tests/service/authority.py"
