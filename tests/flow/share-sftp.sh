#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign share to a server by SFTP, with servers of others as witnesses.
set -u
: "${BUILD:?}" "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 && has ssh-keygen || skip_all 'documents by SFTP' 'python3 or openssh-client is not installed'
# The system's own has the system's packages, whichever comes first on the path.
python=python3
python3 -c 'import asyncssh' 2>/dev/null || python=/usr/bin/python3
$python -W ignore -c 'import asyncssh' 2>/dev/null || skip_all 'documents by SFTP' 'python3-asyncssh is not installed'
PYTHONDONTWRITEBYTECODE=1 exec $python -W ignore "$TOP/tests/service/share_sftp.py"
