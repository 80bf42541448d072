#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sees to the packages that building and testing need.
#
#   sh contrib/deps.sh GROUP...        groups: make build run check long bench fuzz
#
# On Debian and its relatives it installs what is missing: as root, or through sudo. Where that cannot be done, and on
# other systems, it prints the line that an administrator has to type and ends with status 2. When nothing is missing
# it does nothing at all. None of these packages starts a service.
set -u

# ---- what each group needs: FAMILY GROUP PACKAGES; a group without a line needs nothing ----

packages='
debian make  make
debian build gcc make gettext pkg-config libc6-dev libssl-dev libcjson-dev zlib1g-dev libseccomp-dev linux-libc-dev
debian build libncurses-dev libmicrohttpd-dev libsqlite3-dev libcurl4-openssl-dev libp11-kit-dev
debian build libqrencode-dev libsystemd-dev
debian run   libpoppler-glib-dev libchafa-dev libpango1.0-dev libcairo2-dev libgdk-pixbuf-2.0-dev libfontconfig-dev
debian run   fonts-dejavu-core poppler-data libzxing-dev g++
debian check libcmocka-dev openssl qpdf poppler-utils mupdf-tools libnss3-tools python3 groff-base libvterm-dev tmux
debian check softhsm2 sqlite3 curl python3-aiosmtpd oathtool python3-yaml zbar-tools openssh-client dbus-daemon python3-asyncssh
debian bench openssl poppler-utils mupdf-tools libnss3-tools libvterm-dev
debian bench sqlite3 libcmocka-dev nnn ncdu tig htop mc git
debian long  chromium chromium-driver
debian fuzz  clang libclang-rt-14-dev
fedora make  make
fedora build gcc make gettext pkgconf-pkg-config glibc-devel kernel-headers
fedora build openssl-devel cjson-devel zlib-devel libseccomp-devel ncurses-devel qrencode-devel systemd-devel
fedora run   poppler-glib-devel chafa-devel pango-devel cairo-devel gdk-pixbuf2-devel fontconfig-devel
fedora run   dejavu-sans-fonts poppler-data zxing-cpp-devel gcc-c++
fedora build libmicrohttpd-devel sqlite-devel libcurl-devel p11-kit-devel
fedora check libcmocka-devel openssl qpdf poppler-utils mupdf nss-tools python3 groff-base libvterm-devel tmux
fedora check softhsm sqlite curl python3-aiosmtpd oathtool python3-pyyaml zbar openssh-clients dbus-daemon python3-asyncssh
fedora bench openssl poppler-utils mupdf nss-tools libvterm-devel
fedora bench sqlite libcmocka-devel nnn ncdu tig htop mc git
fedora long  chromium chromedriver
fedora fuzz  clang compiler-rt
arch   make  make
arch   build gcc make gettext pkgconf openssl cjson zlib libseccomp qrencode linux-api-headers ncurses
arch   run   poppler-glib chafa pango cairo gdk-pixbuf2 fontconfig ttf-dejavu poppler-data zxing-cpp
arch   build libmicrohttpd sqlite curl p11-kit systemd-libs
arch   check cmocka openssl qpdf poppler mupdf-tools nss python groff libvterm tmux
arch   check softhsm sqlite curl python-aiosmtpd oath-toolkit python-yaml zbar openssh dbus python-asyncssh
arch   bench openssl poppler mupdf-tools nss libvterm
arch   bench sqlite cmocka nnn ncdu tig htop mc git
arch   long  chromium
arch   fuzz  clang compiler-rt
alpine make  make
alpine build gcc make gettext pkgconf musl-dev openssl-dev cjson-dev zlib-dev libseccomp-dev libqrencode-dev linux-headers ncurses-dev
alpine run   poppler-dev chafa-dev pango-dev cairo-dev gdk-pixbuf-dev fontconfig-dev font-dejavu poppler-data zxing-cpp-dev g++
alpine build libmicrohttpd-dev sqlite-dev curl-dev p11-kit-dev
alpine check cmocka-dev openssl qpdf poppler-utils mupdf-tools nss-tools python3 groff libvterm-dev tmux
alpine check softhsm sqlite curl py3-aiosmtpd oath-toolkit-oathtool py3-yaml zbar openssh-client dbus py3-asyncssh
alpine bench openssl poppler-utils mupdf-tools nss-tools libvterm-dev
alpine bench sqlite cmocka-dev nnn ncdu tig htop mc git
alpine long  chromium chromium-chromedriver
alpine fuzz  clang compiler-rt
'

# Where no package database is asked, these tell whether a group is there: GROUP COMMANDS, HEADERS and what pkg-config knows.
probes='
make  make
build cc make msgfmt pkg-config stdio.h openssl/evp.h cjson/cJSON.h zlib.h seccomp.h qrencode.h linux/landlock.h ncurses.h
run   poppler-glib.pc chafa.pc pangocairo.pc cairo-pdf.pc gdk-pixbuf-2.0.pc fontconfig.pc zxing.pc c++
build microhttpd.h sqlite3.h curl/curl.h p11-kit-1/p11-kit/p11-kit.h
check cmocka.h vterm.h xgettext msgmerge openssl qpdf pdfsig mutool certutil python3 groff tmux
check softhsm2-util sqlite3 curl oathtool ssh-agent dbus-daemon zbarimg ssh-keygen
bench cmocka.h vterm.h openssl pdfsig mutool certutil nnn ncdu tig htop mc git
long  chromium chromedriver
fuzz  clang
'

say() {
	printf '%s\n' "$*" >&2
}

# ---- which family this system belongs to ----

family() {
	[ -r /etc/os-release ] || return
	# ID_LIKE names the relatives: a derivative nobody has heard of still gets its parent's packages.
	# shellcheck disable=SC1091 # it is the system's
	for name in $(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}"); do
		case $name in
		debian | ubuntu)       echo debian && return ;;
		fedora | rhel | centos) echo fedora && return ;;
		arch | archlinux)      echo arch && return ;;
		alpine)                echo alpine && return ;;
		esac
	done
}

packages_of() {
	for group in $2; do
		printf '%s\n' "$packages" | sed -n "s/^$1  *$group  *//p"
	done | tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/^ *//; s/ *$//'
}

# ---- Debian: dpkg knows what is missing, apt brings it ----

missing_on_debian() {
	for package in $1; do
		case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
		*' ok installed') ;;
		*) printf '%s ' "$package" ;;
		esac
	done | sed 's/ *$//'
}

# shellcheck disable=SC2086 # a list of packages is meant to be split
apt() {
	options='-q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0'
	# An update that fails is not the end: the lists may be good enough, or the packages may lie on a medium.
	$as_root apt-get $options update ||
		say 'The package lists could not be brought up to date; trying with those at hand.'
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get $options install --no-install-recommends $1
}

# Leaves in $as_root how to become root, or fails.
find_root() {
	as_root=
	[ "$(id -u)" -ne 0 ] || return 0
	command -v sudo >/dev/null 2>&1 || return 1
	if [ -t 0 ]; then
		as_root=sudo
	else
		as_root='sudo -n'
	fi
	$as_root true 2>/dev/null
}

install_on_debian() {
	missing=$(missing_on_debian "$1")
	[ -n "$missing" ] || exit 0
	if ! find_root; then
		say 'Some packages are missing. An administrator can install them with:'
		say "    apt-get update && apt-get install --no-install-recommends $missing"
		exit 2
	fi
	say "Installing $missing"
	log=$(mktemp) || exit 2
	trap 'rm -f "$log"' EXIT
	if ! apt "$missing" >"$log" 2>&1 || [ -n "$(missing_on_debian "$1")" ]; then
		tail -n 20 "$log" >&2
		say 'The packages could not be installed; the lines above say why. This line brings them:'
		say "    apt-get update && apt-get install --no-install-recommends $missing"
		exit 2
	fi
}

# ---- elsewhere: look for the tools themselves, and say what to type ----

has_header() {
	printf '#include <%s>\n' "$1" | cc -E -x c -o /dev/null - 2>/dev/null
}

missing_elsewhere() {
	for group in $1; do
		for thing in $(printf '%s\n' "$probes" | sed -n "s/^$group  *//p"); do
			case $thing in
			*.h) has_header "$thing" ;;
			*.pc) pkg-config --exists "${thing%.pc}" 2>/dev/null ;;
			*)   command -v "$thing" >/dev/null 2>&1 ;;
			esac || printf '%s ' "$thing"
		done
	done
}

advise() {
	missing=$(missing_elsewhere "$2")
	[ -n "$missing" ] || exit 0
	say "These are missing: $missing"
	case $1 in
	fedora) say "An administrator can install them with:" && say "    dnf install $3" ;;
	arch)   say "An administrator can install them with:" && say "    pacman -S --needed $3" ;;
	alpine) say "An administrator can install them with:" && say "    apk add $3" ;;
	*)      say "On Debian they come with these packages: $(packages_of debian "$2")" ;;
	esac
	exit 2
}

for group in "$@"; do
	case $group in
	make | build | run | check | long | bench | fuzz) ;;
	*) say "deps.sh: there is no group '$group', only make, build, run, check, long, bench and fuzz" && exit 2 ;;
	esac
done
family=$(family)
if [ "$family" = debian ] && command -v dpkg-query >/dev/null 2>&1; then
	install_on_debian "$(packages_of debian "$*")"
else
	advise "$family" "$*" "$(packages_of "$family" "$*")"
fi
