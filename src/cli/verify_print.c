/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verify_print.h"

#include "base/i18n.h"
#include "base/time.h"
#include "cli/print.h"

#include <string.h>

#define INDENT 4u

struct words {
	const char *text;
	enum print_mood mood;
};

static const struct words verdicts[] = {
	[VERIFY_TOTAL_PASSED] = { N_("VALID"), PRINT_GOOD },
	[VERIFY_INDETERMINATE] = { N_("NOT CERTAIN"), PRINT_UNSURE },
	[VERIFY_TOTAL_FAILED] = { N_("NOT VALID"), PRINT_BAD },
	[VERIFY_NO_SIGNATURE] = { N_("NO SIGNATURE"), PRINT_UNSURE },
	[VERIFY_ERROR] = { N_("CANNOT CHECK"), PRINT_BAD },
};

static const char *const types[] = {
	[FACTS_SIGNATURE] = N_("Signature"),
	[FACTS_CERTIFICATION] = N_("Certification"),
	[FACTS_TIMESTAMP] = N_("Time stamp"),
};

static const char *const modifications[] = {
	[FACTS_NONE] = N_("not changed after signing"),
	[FACTS_LTA] = N_("not changed after signing; only proof for keeping it was added"),
	[FACTS_FORM] = N_("after signing, form fields were filled in or further signatures added"),
	[FACTS_ANNOTATION] = N_("CHANGED after signing: notes were added"),
	[FACTS_OTHER] = N_("CHANGED after signing, in a way that is not known to be allowed"),
};

static const char *const chains[] = {
	[PKI_CHAIN_OK] = N_("leads to an authority that you trust, but something else is wrong"),
	[PKI_CHAIN_NONE] = N_("does not lead to an authority that you trust"),
	[PKI_CHAIN_EXPIRED] = N_("a certificate had expired"),
	[PKI_CHAIN_NOT_YET_VALID] = N_("a certificate was not valid yet"),
	[PKI_CHAIN_CONSTRAINTS] = N_("a certificate is not allowed what it is used for"),
	[PKI_CHAIN_WEAK] = N_("a certificate is signed with a method that is no longer safe"),
	[PKI_CHAIN_BROKEN] = N_("a certificate is damaged or forged"),
};

static void line_text(const char *title, const char *msgid)
{
	print_line_text(title, INDENT, msgid);
}

static void line_quoted(const char *title, const char *foreign)
{
	if (foreign[0] != '\0')
		print_line_quoted(title, INDENT, foreign);
}

static void print_document(const struct verify_signature *s)
{
	const char *text = modifications[FACTS_OTHER];

	if (!s->integrity)
		text = N_("CHANGED, or the signature is damaged: what was signed cannot be confirmed");
	else if (s->facts.modification < FACTS_MODIFICATION_COUNT)
		text = modifications[s->facts.modification];
	line_text(N_("Document"), text);
}

static void print_time(const struct verify_signature *s)
{
	struct buffer value = BUFFER_EMPTY;
	char when[TIME_TEXT_MAX];
	const struct facts_signature *facts = &s->facts;
	const bool stamped = facts->has_timestamp && facts->timestamp_decoded && s->time_used == facts->timestamp.time;
	const int64_t moment = stamped ? facts->timestamp.time : facts->claimed_time;

	if (time_format(when, moment)[0] == '\0') {
		line_text(N_("Time"), N_("not known"));
	} else {
		buffer_printf(&value, "%s %s", when,
			tr(stamped ? N_("(proven by a time stamp)")
				   : N_("(claimed by the signer's computer, not proven)")));
		print_line(N_("Time"), INDENT, &value);
		buffer_free(&value);
	}
	if (stamped)
		line_quoted(N_("Stamped by"), facts->timestamp.authority.name);
}

static void print_trust(const struct verify_signature *s)
{
	const uint32_t chain = s->facts.chain_now.result;

	if (s->trusted)
		line_text(N_("Trust"), N_("the certificate leads to an authority that you trust"));
	else if (s->facts.has_cms && chain < sizeof(chains) / sizeof(chains[0]))
		line_text(N_("Trust"), chains[chain]);
	else
		line_text(N_("Trust"), N_("not asked, as the signature cannot be read"));
}

static void print_signer(const struct verify_signature *s)
{
	const struct pki_cms_facts *cms = &s->facts.cms;
	const bool stamp = s->facts.type == FACTS_TIMESTAMP;
	const struct pki_cert_info *who =
		stamp && s->facts.timestamp_decoded ? &s->facts.timestamp.authority : &cms->signer;

	if (who->sha256[0] == '\0') {
		line_text(N_("Signer"), N_("not known: there is no certificate"));
		return;
	}
	line_quoted(stamp ? N_("Authority") : N_("Signer"), who->name);
	line_quoted(N_("Subject"), who->subject);
	line_quoted(N_("Issued by"), who->issuer);
	print_line_foreign(N_("SHA-256"), INDENT, who->sha256);
}

static void print_notes(const char *title, const struct verify_notes *notes, bool words, unsigned indent)
{
	for (size_t i = 0; i < notes->count; i++) {
		print_line_text(title, indent, words ? verify_warning_text(notes->text[i]) : notes->text[i]);
	}
}

/* What the document was changed into comes before who is said to have signed it. */
static void print_signature(const struct verify_signature *s, size_t number, size_t count)
{
	(void)fputs("  ", stdout);
	print_text(stdout, s->facts.type < FACTS_TYPE_COUNT ? types[s->facts.type] : types[FACTS_SIGNATURE]);
	(void)printf(" %zu/%zu: ", number, count);
	print_verdict(verdicts[s->result].text, verdicts[s->result].mood);
	(void)fputc('\n', stdout);
	print_document(s);
	print_signer(s);
	print_time(s);
	print_trust(s);
	print_notes(N_("Why"), &s->reasons, false, INDENT);
	print_notes(N_("Note"), &s->warnings, true, INDENT);
	line_quoted(N_("Field"), s->facts.field);
	line_quoted(N_("Reason given"), s->facts.reason);
	line_quoted(N_("Place given"), s->facts.location);
	line_quoted(N_("Contact given"), s->facts.contact);
}

void verify_print(const struct verify_report *report, const char *path)
{
	print_verdict(verdicts[report->result].text, verdicts[report->result].mood);
	(void)fputc('\n', stdout);
	print_line_quoted(N_("File"), 2, path);
	if (report->result == VERIFY_ERROR)
		print_line_text(N_("Why"), 2, report->error.msgid);
	if (report->result == VERIFY_NO_SIGNATURE)
		print_line_text(N_("Why"), 2, N_("nobody signed this document"));
	print_notes(N_("Note"), &report->warnings, true, 2);
	for (size_t i = 0; i < report->count; i++)
		print_signature(&report->signatures[i], i + 1, report->count);
}
