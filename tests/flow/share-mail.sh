#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign share by mail, with a mail server of others as witness.
set -u
: "${BUILD:?}" "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 && has openssl || skip_all 'documents by mail' 'python3 or openssl is not installed'
# The system's own has the system's packages, whichever comes first on the path.
python=python3
python3 -c 'import aiosmtpd' 2>/dev/null || python=/usr/bin/python3
$python -c 'import aiosmtpd' 2>/dev/null || skip_all 'documents by mail' 'python3-aiosmtpd is not installed'
PYTHONDONTWRITEBYTECODE=1 exec $python "$TOP/tests/service/share_mail.py"
