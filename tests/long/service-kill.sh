#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kill -9 a thousand times, before and in the middle of every call that changes a file and at random moments, while a
# person registers, requests a certificate, sets its passphrase, renews, revokes, changes the passphrase, signs.
exec "${BUILD:?}/tests/make/service_kill" 1000
