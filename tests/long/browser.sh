#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The service's pages in a real browser without a screen.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 && has chromium && has chromedriver || skip_all 'the pages in a browser' 'chromium or its driver is not installed'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$TOP/tests/service/browser.py"
