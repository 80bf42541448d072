/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/verify_text.h"

#include "base/sanitise.h"
#include "base/time.h"

#include <string.h>

static const struct verify_text_verdict verdicts[] = {
	[VERIFY_TOTAL_PASSED] = { N_("VALID"), VERIFY_TEXT_GOOD },
	[VERIFY_INDETERMINATE] = { N_("NOT CERTAIN"), VERIFY_TEXT_UNSURE },
	[VERIFY_TOTAL_FAILED] = { N_("NOT VALID"), VERIFY_TEXT_BAD },
	[VERIFY_NO_SIGNATURE] = { N_("NO SIGNATURE"), VERIFY_TEXT_UNSURE },
	[VERIFY_ERROR] = { N_("CANNOT CHECK"), VERIFY_TEXT_BAD },
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

static const char no_signature[] = N_("nobody signed this document");

/* ---- one fact ---- */

static void tell(const struct verify_text_teller *teller, const char *title, enum verify_text_kind kind,
	const char *text, const char *remark)
{
	const struct verify_text_value value = { kind, text, remark };

	teller->fact(teller->context, title, &value);
}

static void tell_sentence(const struct verify_text_teller *teller, const char *title, const char *msgid)
{
	tell(teller, title, VERIFY_TEXT_SENTENCE, msgid, NULL);
}

/* Whatever kind it is said to be, what others wrote is made harmless here. */
static void tell_safe(
	const struct verify_text_teller *teller, const char *title, enum verify_text_kind kind, const char *text)
{
	struct buffer safe = BUFFER_EMPTY;

	sanitise_add(&safe, text, strlen(text), 0);
	buffer_add_byte(&safe, '\0');
	tell(teller, title, kind, safe.failed ? "" : (const char *)safe.data, NULL);
	buffer_free(&safe);
}

static void tell_foreign(const struct verify_text_teller *teller, const char *title, const char *text)
{
	if (text[0] != '\0')
		tell_safe(teller, title, VERIFY_TEXT_FOREIGN, text);
}

static void tell_notes(
	const struct verify_text_teller *teller, const char *title, const struct verify_notes *notes, bool words)
{
	for (size_t i = 0; i < notes->count; i++)
		tell_sentence(teller, title, words ? verify_warning_text(notes->text[i]) : notes->text[i]);
}

/* ---- the facts of a signature ---- */

static void tell_document(const struct verify_text_teller *teller, const struct verify_signature *s)
{
	const char *text = modifications[FACTS_OTHER];

	if (!s->integrity)
		text = N_("CHANGED, or the signature is damaged: what was signed cannot be confirmed");
	else if (s->facts.modification < FACTS_MODIFICATION_COUNT)
		text = modifications[s->facts.modification];
	tell_sentence(teller, N_("Document"), text);
}

static void tell_signer(const struct verify_text_teller *teller, const struct verify_signature *s)
{
	const bool stamp = s->facts.type == FACTS_TIMESTAMP;
	const struct pki_cert_info *who =
		stamp && s->facts.timestamp_decoded ? &s->facts.timestamp.authority : &s->facts.cms.signer;

	if (who->sha256[0] == '\0') {
		tell_sentence(teller, N_("Signer"), N_("not known: there is no certificate"));
		return;
	}
	tell_foreign(teller, stamp ? N_("Authority") : N_("Signer"), who->name);
	tell_foreign(teller, N_("Subject"), who->subject);
	tell_foreign(teller, N_("Issued by"), who->issuer);
	tell_safe(teller, N_("SHA-256"), VERIFY_TEXT_FIGURES, who->sha256);
}

static void tell_time(const struct verify_text_teller *teller, const struct verify_signature *s)
{
	const struct facts_signature *facts = &s->facts;
	const bool stamped = facts->has_timestamp && facts->timestamp_decoded && s->time_used == facts->timestamp.time;
	char when[TIME_TEXT_MAX];

	if (time_format(when, stamped ? facts->timestamp.time : facts->claimed_time)[0] == '\0')
		tell_sentence(teller, N_("Time"), N_("not known"));
	else
		tell(teller, N_("Time"), VERIFY_TEXT_FIGURES, when,
			stamped ? N_("(proven by a time stamp)")
				: N_("(claimed by the signer's computer, not proven)"));
	if (stamped)
		tell_foreign(teller, N_("Stamped by"), facts->timestamp.authority.name);
}

static void tell_trust(const struct verify_text_teller *teller, const struct verify_signature *s)
{
	const uint32_t chain = s->facts.chain_now.result;
	const char *text = N_("not asked, as the signature cannot be read");

	if (s->trusted)
		text = N_("the certificate leads to an authority that you trust");
	else if (s->facts.has_cms && chain < sizeof(chains) / sizeof(chains[0]))
		text = chains[chain];
	tell_sentence(teller, N_("Trust"), text);
}

/* What the document was changed into comes before who is said to have signed it. */
static void tell_signature(const struct verify_text_teller *teller, const struct verify_signature *s)
{
	tell_document(teller, s);
	tell_signer(teller, s);
	tell_time(teller, s);
	tell_trust(teller, s);
	tell_notes(teller, N_("Why"), &s->reasons, false);
	tell_notes(teller, N_("Note"), &s->warnings, true);
	tell_foreign(teller, N_("Field"), s->facts.field);
	tell_foreign(teller, N_("Reason given"), s->facts.reason);
	tell_foreign(teller, N_("Place given"), s->facts.location);
	tell_foreign(teller, N_("Contact given"), s->facts.contact);
}

void verify_text_tell(const struct verify_report *report, const char *path, const struct verify_text_teller *teller)
{
	teller->verdict(teller->context, &verdicts[report->result]);
	tell_safe(teller, N_("File"), VERIFY_TEXT_FOREIGN, path);
	if (report->result == VERIFY_ERROR)
		tell_sentence(teller, N_("Why"), report->error.msgid);
	if (report->result == VERIFY_NO_SIGNATURE)
		tell_sentence(teller, N_("Why"), no_signature);
	tell_notes(teller, N_("Note"), &report->warnings, true);
	for (size_t i = 0; i < report->count; i++) {
		const struct verify_signature *s = &report->signatures[i];

		teller->heading(teller->context,
			types[s->facts.type < FACTS_TYPE_COUNT ? s->facts.type : FACTS_SIGNATURE], i + 1, report->count,
			&verdicts[s->result]);
		tell_signature(teller, s);
	}
}

/* ---- the summary ---- */

static const char *first_reason(const struct verify_report *report)
{
	if (report->result == VERIFY_ERROR)
		return report->error.msgid;
	if (report->result == VERIFY_NO_SIGNATURE)
		return no_signature;
	for (size_t i = 0; i < report->count; i++)
		if (report->signatures[i].result == report->result && report->signatures[i].reasons.count > 0)
			return report->signatures[i].reasons.text[0];
	return NULL;
}

void verify_text_summarise(struct verify_text_summary *out, const struct verify_report *report)
{
	*out = (struct verify_text_summary){
		.verdict = verdicts[report->result], .why = first_reason(report), .signatures = report->count
	};
	for (size_t i = 0; i < report->count; i++) {
		out->passed += report->signatures[i].result == VERIFY_TOTAL_PASSED;
		out->unsure += report->signatures[i].result == VERIFY_INDETERMINATE;
		out->failed += report->signatures[i].result == VERIFY_TOTAL_FAILED;
	}
}
