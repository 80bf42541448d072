#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# As tests/flow/service-fuzz.sh, for longer.
BODIES=100000 exec sh "${TOP:?}/tests/flow/service-fuzz.sh"
