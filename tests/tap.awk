# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reads the TAP of one test program: a report for people on standard output, one line a test into the file `results`
# ("passed NAME", "failed NAME", "skipped NAME"). Given: name of the program, its exit status.
#
# cmocka 1.1 says "not ok 3 # SKIP name" for a skipped test and prints what the test said before that line, not after.

function record(what, test) {
	printf "%s %s: %s\n", what, name, test > results
	count[what]++
	seen++
}

function tell(line) {
	report[++reported] = "    " line
}

# What was said since the last result belongs to this one.
function tell_said(  i) {
	for (i = said > 40 ? said - 39 : 1; i <= said; i++)
		tell("  " lines[i])
	said = 0
}

function first_said() {
	return said > 0 ? lines[said] : "no reason given"
}

{
	sub(/\r$/, "")
	last[NR % 15] = $0
}

/^1\.\.[0-9]+/ {
	planned = substr($1, 4) + 0
	has_plan = 1
	if (planned == 0 && match($0, /# *[Ss][Kk][Ii][Pp] */)) {
		record("skipped", "all of it")
		tell("skipped: " substr($0, RSTART + RLENGTH))
	}
	next
}

/^(not )?ok([ \t]|$)/ {
	good = /^ok/
	test = $0
	sub(/^(not )?ok[ \t]*[0-9]*[ \t]*(-[ \t]*)?/, "", test)
	after_failure = 0
	if (match(test, /# *[Ss][Kk][Ii][Pp] */)) {
		why = substr(test, RSTART + RLENGTH)
		test = substr(test, 1, RSTART - 1)
		sub(/[ \t]+$/, "", test)
		if (test == "") {
			test = why
			why = first_said()
		}
		record("skipped", test)
		tell("skipped: " test " (" why ")")
		said = 0
	} else if (good) {
		record("passed", test)
		said = 0
	} else {
		record("failed", test)
		tell("failed: " test)
		tell_said()
		after_failure = 1
	}
	next
}

# cmocka's own summary of the group
/^# (not )?ok - / {
	next
}

# Diagnostics follow a failure; everything else waits for the result it explains.
after_failure && /^#/ {
	if (++explained <= 200)
		tell("  " $0)
	next
}

{
	lines[++said] = $0
}

function tell_end(  i) {
	for (i = NR > 15 ? NR - 14 : 1; i <= NR; i++)
		tell("  " last[i % 15])
}

END {
	expected = planned == 0 ? seen : planned
	if (status != 0 && !count["failed"] || has_plan && seen < expected) {
		why = status > 128 ? "was killed by signal " (status - 128) : "ended with status " status
		if (has_plan && seen < expected)
			why = why " after " seen " of " expected " tests"
		record("failed", why)
		tell("failed: " why "; its last words:")
		tell_end()
	} else if (!seen || !has_plan) {
		why = seen ? "named no number of tests (1..N)" : "printed no test"
		record("failed", why)
		tell("failed: " why)
		tell_end()
	}
	summary = (count["passed"] + 0) " passed"
	if (count["failed"])
		summary = summary ", " count["failed"] " failed"
	if (count["skipped"])
		summary = summary ", " count["skipped"] " skipped"
	printf "  %-6s%-32s %s\n", count["failed"] ? "FAIL" : "ok", name, summary
	for (i = 1; i <= reported; i++)
		print report[i]
}
