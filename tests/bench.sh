#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Measures besign against other programs that do the same: whole processes, wall time and most resident memory, in
# rounds that go through all of them in turn, so that a slow moment of the machine falls on each alike.
# Its screens are measured against other full-screen programs, on a terminal of 24 x 80 with an empty home.
#
#   sh tests/bench.sh BUILD [PATTERN...]      PATTERN: only measurements of this name, such as 'sign-*' or screens
#
# ROUNDS (default 9) for the small document and the screens; the large documents get a third of it. IDLE (default 8) is
# for how many seconds a screen is left alone. The inputs are made, not kept.
set -u
TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 2
BUILD=$(cd "${1:?the output directory is missing}" && pwd) || exit 2
shift
besign=$BUILD/besign
measure=$BUILD/tests/make/measure
measure_screen=$BUILD/tests/make/measure_screen
rounds=${ROUNDS:-9}
cd "$TOP" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 2
LC_ALL=C.UTF-8 HOME=$work
export LC_ALL HOME
patterns=$*

has() {
	command -v "$1" >/dev/null 2>&1
}

quietly() {
	"$@" >"$work/said" 2>&1 || {
		echo "this failed: $*" >&2
		cat "$work/said" >&2
		return 1
	}
}

# ---- what is signed, and with what ----

make_documents() {
	for kind in small big many many-objstm; do
		"$BUILD/tests/make/big_pdf" $kind $kind.pdf || exit 2
		"$BUILD/tests/make/big_pdf" $kind $kind-field.pdf field || exit 2
	done
}

make_key() {
	cat >extensions <<-'END'
	[ca]
	basicConstraints = critical, CA:TRUE
	keyUsage = critical, keyCertSign, cRLSign
	subjectKeyIdentifier = hash
	[signer]
	basicConstraints = critical, CA:FALSE
	keyUsage = critical, digitalSignature, nonRepudiation
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	END
	mkdir trust
	quietly openssl req -new -newkey rsa:3072 -nodes -keyout ca.key -out ca.csr \
		-subj '/C=ID/O=Bench/CN=Bench CA' || exit 2
	quietly openssl x509 -req -in ca.csr -signkey ca.key -days 30 -extfile extensions \
		-extensions ca -out trust/ca.pem || exit 2
	quietly openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -out signer.csr \
		-subj '/C=ID/O=Bench/CN=Bench Signer' || exit 2
	quietly openssl x509 -req -in signer.csr -CA trust/ca.pem -CAkey ca.key -set_serial 2 -days 20 \
		-extfile extensions -extensions signer -out cert.pem || exit 2
	echo passphrase >passphrase
	quietly openssl pkcs12 -export -in cert.pem -inkey key.pem -certfile trust/ca.pem -name bench \
		-passout file:passphrase -out key.p12 || exit 2
}

# pdfsig takes keys and trust from a database of NSS.
make_nss() {
	has pdfsig && has certutil && has pk12util || return 1
	mkdir nss
	quietly certutil -N -d sql:nss --empty-password &&
		quietly pk12util -i key.p12 -d sql:nss -w passphrase &&
		quietly certutil -A -d sql:nss -n bench-ca -t C,C,C -i trust/ca.pem
}

# ---- measuring ----

wanted() {
	set -f
	# shellcheck disable=SC2086 # patterns are meant to be split
	set -- "$1" $patterns
	set +f
	name=$1
	shift
	[ $# -gt 0 ] || return 0
	for pattern in "$@"; do
		# shellcheck disable=SC2254 # it is a pattern
		case $name in $pattern) return 0 ;; esac
	done
	return 1
}

# once NAME PROGRAM COMMAND...: one run, noted in results. The passphrase waits on descriptor 3.
once() {
	name=$1 program=$2
	shift 2
	rm -f out.pdf out.p7s
	cost=$("$measure" 1 "$@" 3<passphrase) || cost='0 0 0 127'
	echo "$name $program $cost" >>results
}

sign_once() {
	once "sign-$1" besign "$besign" sign --p12 key.p12 --passphrase-fd 3 --quiet -o out.pdf "$1.pdf"
	if [ "$1" = big ]; then
		# shellcheck disable=SC2016 # the inner shell expands it
		once "sign-$1" 'cp+openssl-cms' sh -c 'cp "$1.pdf" out.pdf && openssl cms -sign -binary -in "$1.pdf" \
			-signer cert.pem -inkey key.pem -outform DER -out out.p7s' sh "$1"
		return
	fi
	if has mutool; then
		once "sign-$1" mutool mutool sign -s key.p12 -P passphrase -o out.pdf "$1-field.pdf" "$(field_of "$1")"
	fi
	if [ $nss = yes ]; then
		once "sign-$1" pdfsig pdfsig -nssdir sql:nss -nick bench -add-signature -no-ocsp "$1.pdf" out.pdf
	fi
}

# A batch of letters, and the same visibly: what is seen is drawn once for all of them.
letters_once() {
	rm -rf letters-out
	once sign-letters besign "$besign" sign --p12 key.p12 --passphrase-fd 3 --quiet --out letters-out letters/*.pdf
	rm -rf letters-out
	once sign-letters besign-visible "$besign" sign --p12 key.p12 --passphrase-fd 3 --quiet --out letters-out \
		--visible --page 1 --rect 300,600,200,60 letters/*.pdf
}

# All verify what besign signed.
verify_once() {
	[ -s "$1-signed.pdf" ] || return
	once "verify-$1" besign "$besign" verify --trust trust --no-default-trust --revocation none --offline \
		"$1-signed.pdf"
	if has mutool; then
		once "verify-$1" mutool mutool sign -v "$1-signed.pdf"
	fi
	if [ $nss = yes ]; then
		once "verify-$1" pdfsig pdfsig -nssdir sql:nss -no-ocsp "$1-signed.pdf"
	fi
}

# Number of the field's object, as mutool wants it.
field_of() {
	case $1 in
	big) echo 30 ;;
	*)   echo 5 ;;
	esac
}

sign_for_verifying() {
	"$besign" sign --p12 key.p12 --passphrase-fd 3 --quiet -o "$1-signed.pdf" "$1.pdf" 3<passphrase >said 2>&1 || {
		echo "verify-$1 is left out: besign could not sign $1.pdf"
		cat said
	}
}

all_rounds() {
	: >results
	for kind in small big many many-objstm; do
		! wanted "verify-$kind" || sign_for_verifying $kind
		round=0
		[ $kind = small ] && most=$rounds || most=$(((rounds + 2) / 3))
		while [ $round -lt "$most" ]; do
			round=$((round + 1))
			! wanted "sign-$kind" || sign_once $kind
			! wanted "verify-$kind" || verify_once $kind
		done
	done
}

letter_rounds() {
	mkdir letters
	for i in $(seq 200); do
		cp "$TOP/contrib/letter.pdf" "letters/$i.pdf"
	done
	for i in $(seq "$rounds"); do
		letters_once
	done
}

# ---- the table ----

print_table() {
	printf '%-18s %-16s %6s %10s %10s %9s %7s %7s  %s\n' measurement program runs \
		'median ms' 'least ms' 'RSS MiB' time memory status
	sort -k1,1 -k2,2 -k3,3n results | awk '
		{
			key = $1 " " $2
			if (!(key in runs))
				keys[++count] = key
			wall[key, ++runs[key]] = $3
			if ($5 > kib[key])
				kib[key] = $5
			if ($6 > status[key])
				status[key] = $6
		}
		END {
			for (i = 1; i <= count; i++) {
				split(keys[i], name, " ")
				own = name[1] " besign"
				median = wall[keys[i], int((runs[keys[i]] + 1) / 2)]
				base = wall[own, int((runs[own] + 1) / 2)]
				time = (base > 0) ? sprintf("%.2f", median / base) : "-"
				memory = (kib[own] > 0) ? sprintf("%.2f", kib[keys[i]] / kib[own]) : "-"
				printf "%-18s %-16s %6d %10.1f %10.1f %9.1f %7s %7s  %d\n", name[1], name[2],
					runs[keys[i]], median, wall[keys[i], 1], kib[keys[i]] / 1024, time, memory, status[keys[i]]
			}
		}'
	echo 'time and memory: times that of besign in the same measurement; above 1 besign needs less.'
}

bench_documents() {
	has openssl || { echo 'openssl is needed to make a key; "sh contrib/deps.sh bench" installs it'; exit 2; }
	has mutool || echo 'mutool is not installed: left out'
	has pdfsig || echo 'pdfsig is not installed: left out'
	make_documents
	make_key
	nss=no
	if make_nss; then
		nss=yes
	elif has pdfsig; then
		echo 'there is no NSS database (certutil, pk12util): pdfsig is left out'
	fi
	all_rounds
	! wanted sign-letters || letter_rounds
	print_table
}

# ---- the screens ----

# The floor is the least that a full-screen program can be.
find_screens() {
	screens=floor
	case $("$besign" 2>&1 </dev/null) in
	*'screens are not in this version'*) echo 'besign has no screens yet: left out of the screens' ;;
	*) screens="$screens besign" ;;
	esac
	for program in nnn ncdu tig htop mc; do
		if has $program && { [ $program != tig ] || has git; }; then
			screens="$screens $program"
		else
			echo "$program is not installed: left out"
		fi
	done
}

make_places() {
	mkdir tree repository
	for number in $(seq 30); do
		seq "$number" >"tree/document-$number.pdf"
	done
	! has git || (
		cd repository && quietly git init -q && for number in $(seq 30); do
			quietly git -c user.name=Bench -c user.email=bench@example.org commit -q --allow-empty \
				-m "Commit $number" || exit
		done
	)
}

# screen_once PROGRAM TERM SECONDS: one run; the figures of measure_screen behind the program and the terminal.
screen_once() {
	program=$1 term=$2 idle=$3
	case $program in
	floor)  set -- "$BUILD/tests/make/hello_screen" ;;
	besign) set -- -q 'q 2' "$besign" ;;
	nnn)    set -- -d "$work/tree" nnn ;;
	ncdu)   set -- ncdu "$work/tree" ;;
	tig)    set -- -d "$work/repository" tig ;;
	htop)   set -- htop ;;
	mc)     set -- -q 'Escape 0 Enter' mc -u ;;
	esac
	figures=$(TMPDIR=$work "$measure_screen" -t "$term" -i "$idle" "$@") || figures='- - - - - - failed'
	echo "$program $term $idle $figures"
}

screen_rounds() {
	round=0
	while [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		for program in $screens; do
			for term in xterm-256color vt100; do
				screen_once "$program" $term 0 >>screens
			done
		done
	done
	# Left alone side by side: what one does then is no matter of the others.
	for program in $screens; do
		screen_once "$program" xterm-256color "${IDLE:-8}" >"idle.$program" &
	done
	wait
	cat idle.* >>screens
}

print_screens() {
	cat <<-END

	screens            first screen, ms   RSS    first screen, bytes   bytes a key     left alone ${IDLE:-8} s
	program      runs  median  -floor     MiB      xterm     vt100    xterm  vt100   wake-ups   bytes
	END
	sort -k1,1 -k2,2 -k3,3n -k4,4n screens | awk -v names="$screens" '
		function aim(what, value, most, form) {
			printf "  %-44s " form "  %s\n", what, value, value <= most ? "reached" : "not reached"
		}
		$10 != 0 { failed[$1] = 1 }
		$10 == "failed" { next }
		$3 > 0 { wakes[$1] = $8; idle[$1] = $9; next }
		{
			runs[$1, $2]++
			ms[$1, $2, runs[$1, $2]] = $4
			if ($5 > kib[$1]) kib[$1] = $5
			if ($6 > first[$1, $2]) first[$1, $2] = $6
			if ($7 > key[$1, $2]) key[$1, $2] = $7
		}
		END {
			x = "xterm-256color"
			count = split(names, name, " ")
			for (i = 1; i <= count; i++) {
				n = name[i]
				median[n] = ms[n, x, int((runs[n, x] + 1) / 2)]
				printf "%-12s %4d  %6.1f  %6.1f  %6.1f  %9d %9d  %7.1f %6.1f  %9d %7d%s\n", n, runs[n, x],
					median[n], median[n] - median["floor"], kib[n] / 1024, first[n, x], first[n, "vt100"],
					key[n, x], key[n, "vt100"], wakes[n], idle[n], n in failed ? "  (a run failed)" : ""
			}
			if (names !~ /besign/)
				exit
			if ("besign" in failed) {
				print "\na run of besign failed: none of its aims is judged"
				exit
			}
			print "\nwhat the screens of besign aim at:"
			aim("first screen at most 10 ms above the floor", median["besign"] - median["floor"], 10, "%6.1f")
			aim("at most 9 MiB", kib["besign"] / 1024, 9, "%6.1f")
			aim("first screen in at most 700 bytes on a vt100", first["besign", "vt100"], 700, "%6d")
			aim("at most 100 bytes an arrow key", key["besign", x], 100, "%6.1f")
			aim("left alone: no wake-up", wakes["besign"], 0, "%6d")
			aim("left alone: no byte", idle["besign"], 0, "%6d")
		}'
}

bench_screens() {
	find_screens
	make_places
	screen_rounds
	print_screens
}

# ---- pages ----

# A letter of one page, and a document of 100 MB: the helper sees them, this process sees cells.
bench_pages() {
	"$BUILD/tests/make/measure_page" "$TOP/contrib/letter.pdf" >/dev/null 2>said || {
		echo 'pages cannot be drawn here: left out'
		cat said
		return
	}
	"$BUILD/tests/make/big_pdf" big pages.pdf || exit 2
	printf '\n%-12s %4s  %10s %10s %10s %8s\n' pages runs 'start ms' 'first ms' 'again ms' 'RSS MiB'
	for document in "$TOP/contrib/letter.pdf" pages.pdf; do
		round=0
		: >costs
		while [ $round -lt "$rounds" ]; do
			round=$((round + 1))
			"$BUILD/tests/make/measure_page" "$document" >>costs
		done
		for column in 1 2 3; do
			sort -n -k$column,$column costs | awk -v c=$column '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'
		done | tr '\n' ' ' >medians
		awk -v name="$(basename "$document")" -v runs="$rounds" -v medians="$(cat medians)" '
			$4 > kib { kib = $4 }
			END {
				split(medians, m, " ")
				printf "%-12s %4d  %10.1f %10.1f %10.1f %8.1f\n", name, runs, m[1], m[2], m[3], kib / 1024
				if (name == "letter.pdf")
					printf "  helper there within 60 ms: %s; first page within 50 ms: %s\n",
						m[1] <= 60 ? "reached" : "not reached", m[2] <= 50 ? "reached" : "not reached"
			}' costs
	done
}

# ---- the service ----

# What openssl makes of it: signatures a second by the clock, one process.
openssl_signs() {
	openssl speed -elapsed -seconds 3 "$1" 2>/dev/null | sed -n 's/.*s *\([0-9.]*\) *[0-9.]*$/\1/p' | tail -n 1
}

# service_key RSA3072_OR_P256 NAME_FOR_OPENSSL
service_key() {
	alone=$(openssl_signs "$2")
	TMPDIR=$work "$BUILD/tests/make/service_load" "$1" >load 2>said || {
		cat said >&2
		return 1
	}
	awk -v key="$1" -v alone="$alone" '
		{ value[$1] = $2 }
		END {
			single = value["single"] / alone
			batch = value["batch"] / alone
			printf "%-8s %9.0f %9.0f (%3.0f %%) %9.0f (%3.0f %%) %9.0f ms %9.1f %9.1f %11s %9s of %s\n", key, alone,
				value["single"], 100 * single, value["batch"], 100 * batch, 1000 * value["authorise"],
				value["rss_before"] / 1024, value["rss_after"] / 1024, value["clients"] " of 200",
				value["signed"], value["wanted"]
			printf "  %-52s %5.0f %%  %s\n", "a thousand at a time aims at 70 % of openssl", 100 * batch,
				(batch >= 0.7 ? "reached" : "not reached")
			printf "  %-52s %5s    %s\n", "200 clients: nothing lost, nothing signed twice", "",
				(value["clients"] == 200 && value["signed"] == value["wanted"] ? "reached" : "not reached")
		}' load
}

bench_service() {
	has sqlite3 || return
	cat <<-END

	service: signHash of a besignd on its Unix socket against "openssl speed -elapsed", signatures a second
	key       openssl    single             1000 at a time      authorise  MiB before  MiB after  clients      signed
	END
	service_key rsa3072 rsa3072
	service_key p256 ecdsap256
}

documents=no
for kind in small big many many-objstm; do
	! wanted "sign-$kind" && ! wanted "verify-$kind" || documents=yes
done
! wanted sign-letters || documents=yes
[ $documents = no ] || bench_documents
! wanted screens || bench_screens
! wanted pages || bench_pages
! wanted service || bench_service
