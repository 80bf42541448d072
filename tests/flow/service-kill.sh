#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A sample of tests/long/service-kill.sh: kill -9 while the service does what a person asked for.
exec "${BUILD:?}/tests/make/service_kill" 21
