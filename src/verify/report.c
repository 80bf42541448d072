/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/json.h"
#include "base/time.h"
#include "verify/verify.h"

#include <string.h>

const char *verify_result_word(enum verify_result result)
{
	static const char *const words[] = { "TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED", "NO-SIGNATURE", "ERROR" };

	return words[result];
}

const char *verify_subindication_word(enum verify_subindication subindication)
{
	static const char *const words[] = {
#define X(name, word) word,
		VERIFY_SUBINDICATION_LIST(X)
#undef X
	};

	return words[subindication];
}

const char *verify_warning_text(const char *word)
{
	static const struct {
		const char *word;
		const char *text;
	} texts[] = {
		{ "TSA_EXPIRED",
			N_("The time-stamp authority's certificate has expired since it stamped this signature") },
		{ "TSA_UNTRUSTED",
			N_("The time stamp comes from an authority that you do not trust; its time is not used") },
		{ "TIMESTAMP_UNUSABLE",
			N_("The signature has a time stamp that cannot be used; its time is not proven") },
		{ "NO_NON_REPUDIATION",
			N_("The certificate is meant for signing in, not expressly for signing documents") },
		{ "RSA_SHORT", N_("The signer's RSA key is a little shorter than 2048 bits") },
		{ "NO_SIGNED_ATTRIBUTES", N_("The signature is of an old form without signed attributes") },
		{ "NO_SIGNING_CERTIFICATE_ATTRIBUTE", N_("The signature does not name its certificate") },
		{ "WEAK_SIGNING_CERTIFICATE_ATTRIBUTE",
			N_("The signature names its certificate by an old digest only") },
		{ "SIGNATURE_POLICY_NOT_APPLIED", N_("The signature refers to a policy whose rules were not applied") },
		{ "NOT_DER", N_("The signature is encoded in an unusual way") },
		{ "ODD_NAME", N_("The name in the certificate is written in a way that could deceive") },
		{ "REVOCATION_UNKNOWN", N_("Whether the certificate was revoked is not known") },
		{ "REVOCATION_NOT_CHECKED", N_("Whether the certificate was revoked was not looked at") },
		{ "JAVASCRIPT", N_("The document contains scripts, which may change what it shows") },
		{ "XFA_FORM", N_("The document contains an XFA form, which may change what it shows") },
		{ "AUTOMATIC_ACTION", N_("The document does something by itself when it is opened") },
		{ "USAGE_RIGHTS", N_("The document carries an old usage-rights mark, which is no signature") },
		{ "EMPTY_SIGNATURE_FIELDS", N_("The document has signature fields that nobody has signed") },
		{ "UNSIGNED_END", N_("The last part of the file is not covered by any signature") },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].word, word) == 0)
			return texts[i].text;
	}
	return word;
}

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static void put_time(struct json *object, const char *key, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	json_put_string(object, key, moment != TIME_NONE ? time_format(text, moment) : NULL);
}

static struct json *notes_json(const struct verify_notes *notes)
{
	struct json *array = json_array();

	for (size_t i = 0; i < notes->count; i++)
		json_add_string(array, notes->text[i]);
	return array;
}

static struct json *error_json(const struct be_error *error)
{
	struct json *object = json_object();
	struct buffer message = BUFFER_EMPTY;

	buffer_add_str(&message, error->msgid != NULL ? error->msgid : "");
	if (error->detail[0] != '\0')
		buffer_printf(&message, " (%s)", error->detail);
	buffer_add_byte(&message, '\0');
	json_put_string(object, "code", be_err_word(error->code));
	json_put_string(object, "message", message.failed ? "" : (const char *)message.data);
	buffer_free(&message);
	return object;
}

static const struct pki_cert_info *certificate_of(const struct facts_signature *f)
{
	if (f->type == FACTS_TIMESTAMP)
		return f->timestamp.has_certificate ? &f->timestamp.authority : NULL;
	return f->cms.has_certificate ? &f->cms.signer : NULL;
}

static struct json *signer_json(const struct facts_signature *f)
{
	const struct pki_cert_info *cert = certificate_of(f);
	struct json *object = json_object();

	json_put_string(object, "name", cert != NULL ? cert->name : NULL);
	json_put_string(object, "subject", cert != NULL ? cert->subject : NULL);
	json_put_string(object, "issuer", cert != NULL ? cert->issuer : NULL);
	json_put_string(object, "serial", cert != NULL ? cert->serial : NULL);
	put_time(object, "not_before", cert != NULL ? cert->not_before : TIME_NONE);
	put_time(object, "not_after", cert != NULL ? cert->not_after : TIME_NONE);
	json_put_string(object, "sha256", cert != NULL ? cert->sha256 : NULL);
	return object;
}

static struct json *time_json(const struct verify_signature *s)
{
	const struct facts_signature *f = &s->facts;
	struct json *object = json_object();

	put_time(object, "claimed", f->claimed_time);
	put_time(object, "timestamp", f->timestamp_decoded ? f->timestamp.time : TIME_NONE);
	json_put_string(object, "timestamp_authority",
		f->timestamp_decoded && f->timestamp.has_certificate ? f->timestamp.authority.name : NULL);
	put_time(object, "used", s->time_used);
	return object;
}

static struct json *algorithms_json(const struct facts_signature *f)
{
	const struct pki_cert_info *cert = certificate_of(f);
	uint32_t digest = f->type == FACTS_TIMESTAMP ? f->timestamp.imprint_digest : f->cms.digest;
	struct json *object = json_object();

	json_put_string(object, "digest", digest != DIGEST_NONE ? digest_name((enum digest_alg)digest) : NULL);
	json_put_string(object, "signature", or_null(f->cms.signature));
	json_put_int(object, "key_bits", cert != NULL ? cert->key_bits : 0);
	return object;
}

static const char *level_word(const struct facts_signature *f)
{
	if (f->type == FACTS_TIMESTAMP || f->gate != FACTS_GATE_PASSED)
		return NULL;
	if (f->subfilter == FACTS_CADES)
		return f->has_timestamp ? "B-T" : "B-B";
	return f->has_timestamp ? "PKCS7-T" : "PKCS7";
}

static struct json *signature_json(const struct verify_signature *s, enum verify_revocation revocation)
{
	static const char *const types[] = { "signature", "certification", "timestamp" };
	static const char *const coverages[] = { "broken", "revision", "whole-file" };
	static const char *const modifications[] = { "none", "lta", "form", "annotation", "other" };
	const struct facts_signature *f = &s->facts;
	struct json *object = json_object();
	struct json *range = json_array();

	for (size_t i = 0; i < 4; i++)
		json_add_int(range, (int64_t)f->byte_range[i]);
	json_put_string(object, "field", or_null(f->field));
	json_put_string(object, "type", types[f->type]);
	json_put_string(object, "subfilter", or_null(f->subfilter_text));
	json_put_string(object, "result", verify_result_word(s->result));
	json_put_string(object, "subindication", or_null(verify_subindication_word(s->subindication)));
	json_put(object, "reasons", notes_json(&s->reasons));
	json_put(object, "warnings", notes_json(&s->warnings));
	json_put_bool(object, "integrity", s->integrity);
	json_put_bool(object, "trusted", s->trusted);
	json_put_string(object, "coverage", coverages[f->coverage]);
	json_put(object, "byte_range", range);
	json_put_string(object, "modification", modifications[f->modification]);
	json_put_string(object, "modification_detail", or_null(f->modification_detail));
	json_put_string(object, "gate_detail", or_null(f->gate_detail));
	json_put_int(object, "docmdp", f->docmdp);
	json_put_string(object, "level", level_word(f));
	json_put(object, "signer", signer_json(f));
	json_put(object, "time", time_json(s));
	json_put(object, "algorithms", algorithms_json(f));
	json_put_string(object, "revocation", revocation == VERIFY_REVOCATION_NONE ? "not-checked" : "unknown");
	json_put_string(object, "reason", or_null(f->reason));
	json_put_string(object, "location", or_null(f->location));
	json_put_string(object, "contact", or_null(f->contact));
	return object;
}

enum be_err verify_report_json(struct buffer *out, const struct verify_report *report, const char *path,
	enum verify_revocation revocation, struct be_error *err)
{
	struct json *object = json_object();
	struct json *signatures = json_array();
	struct buffer uri = BUFFER_EMPTY;
	enum be_err rc;

	file_uri(&uri, path);
	buffer_add_byte(&uri, '\0');
	for (size_t i = 0; i < report->count; i++)
		json_add(signatures, signature_json(&report->signatures[i], revocation));
	json_put_string(object, "file", path);
	json_put_string(object, "file_uri", uri.failed ? NULL : (const char *)uri.data);
	json_put_string(object, "result", verify_result_word(report->result));
	if (report->result == VERIFY_ERROR)
		json_put(object, "error", error_json(&report->error));
	else
		json_put_null(object, "error");
	json_put(object, "warnings", notes_json(&report->warnings));
	json_put(object, "signatures", signatures);
	rc = json_print(out, object, err);
	json_free(&object);
	buffer_free(&uri);
	return rc;
}
