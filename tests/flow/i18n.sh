#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two languages: every sentence of the sources has its Indonesian one, which fits where it is shown; the language is
# chosen as the man page says; what programs read is the same in both.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
for tool in xgettext msgfmt msgmerge msgattrib python3; do
	has $tool || skip_all 'the two languages' "$tool is not installed"
done
cd "$TMP" || exit 2

# ---- the catalogue ----

# untranslated TREE: the sentences of its sources that its id.po does not have, or has only as a guess; each by itself.
untranslated() {
	sh "$1/i18n/extract.sh" fresh.pot >said.txt 2>&1 &&
		msgmerge --quiet --no-fuzzy-matching --no-wrap -o merged.po "$1/i18n/id.po" fresh.pot >>said.txt 2>&1 &&
		{ msgattrib --no-wrap --untranslated merged.po && msgattrib --no-wrap --only-fuzzy merged.po; } |
		sed -n 's/^msgid "\(..*\)"$/\1/p'
}

untranslated "$TOP" >missing.txt
[ ! -s said.txt ] && [ "$(grep -c '^msgid "' fresh.pot)" -gt 400 ] && [ ! -s missing.txt ]
ok $? 'every sentence of the sources has an Indonesian one (make i18n adds those missing)' said.txt missing.txt

# The test of the test.
mkdir -p tree/contrib && cp -r "$TOP/src" "$TOP/screens" "$TOP/i18n" tree/ && cp -r "$TOP/contrib/trust" tree/contrib/
cat >>tree/src/base/error.c <<'END'
#define SOME_LIST(X) X(SOME, N_("Nobody translated this one"))
const char *some(unsigned long n) { return tr_n("%lu new page", "%lu new pages", n); }
END
[ "$(untranslated "$PWD/tree" | grep -cxF -e 'Nobody translated this one' -e '%lu new page')" -eq 2 ]
ok $? 'a sentence without one is noticed, in a list or with a plural as well' said.txt

sed -n 's/^msgid "\(..*\)"$/\1/p' "$TOP/i18n/id.po" | sort >theirs.txt
sh "$TOP/i18n/extract.sh" fresh.pot && sed -n 's/^msgid "\(..*\)"$/\1/p' fresh.pot | sort >ours.txt
comm -23 theirs.txt ours.txt >stale.txt
[ ! -s stale.txt ] && ! grep -q '^#~' "$TOP/i18n/id.po"
ok $? 'id.po has nothing that the sources do not have (make i18n drops it)' stale.txt

msgfmt --check -o checked.mo "$TOP/i18n/id.po" >said.txt 2>&1 && [ ! -s said.txt ]
ok $? 'msgfmt finds nothing wrong with it, formats agree' said.txt
printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n#, c-format\nmsgid "%%lu of %%s"\nmsgstr "%%s"\n' >wrong.po
! msgfmt --check-format -o wrong.mo wrong.po >said.txt 2>&1
ok $? 'a format that does not agree would be noticed' said.txt

# look.py PO: what is wrong with how a translation looks. The limits are those of the sources, and hold in English, too.
cat >look.py <<'END'
import re, sys, unicodedata
ALLOWED = set('éÉ…–—·')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')

def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)

def texts(entry, word):
    for line in re.findall(r'^%s(?:_plural|\[\d\])? (.*(?:\n".*)*)' % word, entry, re.M):
        yield ''.join(STRING.findall(line)).replace('\\"', '"').replace('\\n', '\n')

def look(po):
    for entry in open(po, encoding='utf-8').read().split('\n\n')[1:]:
        limit = re.search(r'^#\. max: (\d+)', entry, re.M)
        originals = list(texts(entry, 'msgid'))
        for text in list(texts(entry, 'msgstr')):
            if text != text.strip() and originals[0] == originals[0].strip():
                yield 'blanks around it: ' + text
            for c in sorted(set(text)):
                if not (' ' <= c <= '~' or c in ALLOWED or c == '\n'):
                    yield 'U+%04X in it: %s' % (ord(c), text)
            if originals[0][-1] in '.:?!' and text[-1:] != originals[0][-1]:
                yield 'ends otherwise than the English one: ' + text
        for text in originals + list(texts(entry, 'msgstr')):
            if text.endswith(' '):
                yield 'a blank at its end: ' + text
            if limit and columns(text) > int(limit[1]):
                yield 'more than %s columns: %s' % (limit[1], text)

for fault in look(sys.argv[1]):
    print(fault)
END
msgmerge --quiet --no-fuzzy-matching --no-wrap -o merged.po "$TOP/i18n/id.po" fresh.pot && grep -q '^#\. max: ' merged.po &&
	python3 look.py merged.po >faults.txt && [ ! -s faults.txt ]
ok $? 'no stray blank, no foreign letter, nothing wider than its place' faults.txt
cat >wrong.po <<'END'
msgid ""
msgstr ""

#. max: 4
msgid "Yes"
msgstr "Setuju"

msgid "No"
msgstr "Tidak "

msgid "So"
msgstr "Bеgitu"

msgid "Really?"
msgstr "Sungguh"
END
[ "$(python3 look.py wrong.po | cut -d : -f 1 | tr '\n' ,)" = \
	'more than 4 columns,blanks around it,a blank at its end,U+0435 in it,ends otherwise than the English one,' ]
ok $? 'each of these faults would be noticed'

# A sentence that is shown without having been marked would never be translated. FUNCTION:ARGUMENT, from 1.
cat >unmarked.py <<'END'
import re, sys
SHOWN = dict(be_fail=3, be_fail_errno=3, tr=1, print_text=2, print_verdict=1, print_verdict_padded=1, print_line=1,
             print_line_text=1, print_line_quoted=1, print_line_foreign=1, print_progress=1, print_usage=3)
CALL = re.compile(r'\b(%s)\(' % '|'.join(SHOWN))

def arguments(text, at):
    depth, start, found = 1, at, []
    while depth:
        c = text[at]
        if c == '"':
            at = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at).end() - 1
        depth += (c in '([{') - (c in ')]}')
        if depth == 0 or (depth == 1 and c == ','):
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    return found

for name in sys.argv[1:]:
    text = re.sub(r'/\*.*?\*/', '', open(name, encoding='utf-8').read(), flags=re.S)
    for call in CALL.finditer(text):
        argument = (arguments(text, call.end()) + [''] * 3)[SHOWN[call[1]] - 1]
        if re.search(r'"[^"]', re.sub(r'N_\((\s*"(?:[^"\\]|\\.)*")+\s*\)', '', argument)):
            print(name, call[0], argument)
END
find "$TOP/src" -name '*.c' -exec python3 unmarked.py '{}' + >unmarked.txt 2>&1 && [ ! -s unmarked.txt ]
ok $? 'every sentence that is shown is marked with N_()' unmarked.txt
printf 'x = be_fail(err, BE_IO, a ? N_("fine") : "not", "%%s", y); tr("bare"); print_text(stdout, N_("good" " one"));' >wrong.c
[ "$(python3 unmarked.py wrong.c | wc -l)" -eq 2 ]
ok $? 'one that is not would be noticed'

# ---- which language is spoken ----

# speaks LANGUAGE TEXT ENVIRONMENT... -- ARGUMENTS...: the program, so asked, says in it that there is no such command.
speaks() {
	case $1 in
	id) expected='Tidak ada perintah seperti itu; "besign help" menampilkan daftarnya' ;;
	en) expected='There is no such command; "besign help" lists them' ;;
	esac
	text="$1: $2"
	shift 2
	settings=
	while [ "$1" != -- ]; do
		settings="$settings $1" && shift
	done
	shift
	# shellcheck disable=SC2086 # a list of settings is meant to be split
	env -u BESIGN_LANG -u LC_ALL -u LC_MESSAGES -u LANG $settings "$BESIGN" "$@" nonsense >out.txt 2>err.txt
	[ $? -eq 2 ] && [ ! -s out.txt ] && [ "$(cat err.txt)" = "besign: $expected (nonsense)" ]
	ok $? "$text" out.txt err.txt
}
speaks id 'where nothing is said' --
speaks id 'in the locale C' LC_ALL=C LANG=C --
speaks id 'a locale that is not installed' LANG=id_ID.UTF-8 --
speaks en 'another locale that is not installed' LANG=en_US.UTF-8 --
speaks id 'a language that besign does not have' LANG=de_DE.UTF-8 --
speaks en 'LC_ALL before LANG' LC_ALL=en_GB LANG=id_ID --
speaks en 'LC_MESSAGES before LANG' LC_MESSAGES=en_GB LANG=id_ID --
speaks en 'BESIGN_LANG before the locale' BESIGN_LANG=en LC_ALL=id_ID.UTF-8 --
speaks id 'BESIGN_LANG, the other way' BESIGN_LANG=id LC_ALL=en_US.UTF-8 --
speaks en '--lang before BESIGN_LANG' BESIGN_LANG=id -- --lang en
speaks id '--lang with an equals sign' BESIGN_LANG=en -- --lang=id
speaks id 'the last --lang counts' BESIGN_LANG=en -- --lang=en --lang id

BESIGN_LANG=en "$BESIGN" --lang fr verify x.pdf >out.txt 2>err.txt
[ $? -eq 2 ] && [ "$(cat err.txt)" = 'besign: The languages are id and en (--lang fr)' ]
ok $? 'another language is refused' out.txt err.txt
"$BESIGN" --lang >out.txt 2>err.txt
[ $? -eq 2 ] && [ "$(cat err.txt)" = 'besign: This option needs a value (--lang)' ]
ok $? '--lang needs a value' out.txt err.txt

# ---- what is said in it ----

mkdir walk && TMPDIR=$TMP/walk "$BESIGN" --lang id walk --keep >out.txt 2>err.txt && grep -q '^2\. Menandatangani surat$' out.txt
ok $? 'the walk speaks Indonesian' out.txt err.txt
mv walk/*/* . 2>/dev/null
verify() {
	"$BESIGN" --lang "$@" --no-default-trust --trust trust --revocation none
}
verify id verify letter_signed.pdf >out.txt 2>err.txt && [ "$(head -n 1 out.txt)" = VALID ] &&
	verify id verify letter_forged.pdf >>out.txt 2>>err.txt
[ $? -eq 1 ] && grep -q '^TIDAK VALID$' out.txt && grep -q '^    Sebab:  *Dokumen diubah setelah ditandatangani$' out.txt
ok $? 'so do the verdict and its reason' out.txt err.txt

# Values of a report stand below each other: 16 columns behind where their titles begin.
for language in id en; do
	verify $language verify letter_signed.pdf letter_forged.pdf letter_signed_twice.pdf letter.pdf nothing.pdf \
		>out.txt 2>err.txt
	"$BESIGN" --lang $language trust list >>out.txt 2>>err.txt
	awk '/^ / && !/^ +[^:]*[0-9]+\/[0-9]+: / {
		lines++
		match($0, /^ +/); indent = RLENGTH
		match($0, /^ +[^:"]*: +/)
		if (RLENGTH - indent != 16) print
	} END { if (lines < 50) print "only " lines " lines" }' out.txt >uneven.txt
	[ ! -s uneven.txt ]
	ok $? "$language: the values of reports stand below each other" uneven.txt

	: >help.txt
	for command in '' sign verify trust qr walk doctor version help; do
		# shellcheck disable=SC2086
		"$BESIGN" --lang $language help $command >>help.txt 2>&1 || echo "help $command failed" >>help.txt
	done
	awk 'length($0) > 80 || / $/ || / failed$/' help.txt >wide.txt
	[ "$(wc -l <help.txt)" -gt 60 ] && [ ! -s wide.txt ]
	ok $? "$language: usage texts fit into 80 columns" wide.txt
done

echo tidak | "$BESIGN" --lang id trust accept RootCA_Indonesia_DS_G1 >out.txt 2>err.txt
[ $? -eq 2 ] && grep -q 'Tidak ada terminal untuk bertanya' err.txt
ok $? 'without a terminal nobody is asked, in Indonesian as well' out.txt err.txt

# ---- what programs read ----

# One moment for both: a report says as of when it holds.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
for language in id en; do
	verify $language verify --json --at "$now" letter_signed.pdf letter_forged.pdf letter.pdf nothing.pdf passphrase \
		>$language.json 2>$language.err
	"$BESIGN" --lang $language sign --json --p12 sample.p12 --passphrase-fd 3 --out out_$language \
		letter.pdf nothing.pdf passphrase 3<passphrase 2>>$language.err |
		sed -e 's/"sha256":"[0-9a-f]*"/"sha256":""/' -e "s/out_$language/out/g" >>$language.json
	"$BESIGN" --lang $language version >>$language.json
done
[ "$(wc -l <id.json)" -eq 9 ] && cmp id.json en.json >said.txt 2>&1 && ! cmp -s id.err en.err
ok $? 'what --json writes is the same in both languages' said.txt id.json en.json
plan
