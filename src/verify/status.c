/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/status.h"

#include "base/time.h"

#define RSA_BITS_MIN 2048u
#define RSA_BITS_TOLERATED 1900u /* keys a little short of 2048 are seen, and no weaker in practice: a warning */
#define EC_BITS_MIN 256u

static void note(struct verify_notes *notes, const char *text)
{
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->text[i] == text)
			return;
	}
	if (notes->count < VERIFY_REASONS_MAX)
		notes->text[notes->count++] = text;
}

enum verify_result verify_worse(enum verify_result a, enum verify_result b)
{
	static const int rank[] = { [VERIFY_TOTAL_PASSED] = 1,
		[VERIFY_INDETERMINATE] = 2,
		[VERIFY_TOTAL_FAILED] = 3,
		[VERIFY_NO_SIGNATURE] = 0,
		[VERIFY_ERROR] = 4 };

	return rank[a] >= rank[b] ? a : b;
}

/* A status once worse never gets better: later steps only note what else is wrong. */
static void conclude(
	struct verify_signature *out, enum verify_result result, enum verify_subindication sub, const char *reason)
{
	note(&out->reasons, reason);
	if (out->subindication != VERIFY_SUB_NONE && verify_worse(result, out->result) == out->result)
		return;
	out->result = result;
	out->subindication = sub;
}

static void fail(struct verify_signature *out, enum verify_subindication sub, const char *reason)
{
	conclude(out, VERIFY_TOTAL_FAILED, sub, reason);
}

static void doubt(struct verify_signature *out, enum verify_subindication sub, const char *reason)
{
	conclude(out, VERIFY_INDETERMINATE, sub, reason);
}

/* ---- the message (5.2.2 format, 5.2.3 signing certificate, 5.2.7 cryptographic verification) ---- */

static const struct {
	enum verify_result result;
	enum verify_subindication sub;
	const char *reason;
} faults[] = {
	[PKI_CMS_NOT_CMS] = { VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE, N_("The signature itself cannot be read") },
	[PKI_CMS_TRAILING] = { VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE,
		N_("There are other bytes behind the signature, where nothing may be") },
	[PKI_CMS_NOT_DETACHED] = { VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE,
		N_("The signature carries a content of its own instead of signing the document") },
	[PKI_CMS_SIGNERS] = { VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE,
		N_("The signature does not have exactly one signer") },
	[PKI_CMS_ATTRIBUTES] = { VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE,
		N_("What the signature says of itself is not as it must be") },
	[PKI_CMS_ALGORITHMS] = { VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE,
		N_("The signature's algorithms are unknown or contradict each other") },
	[PKI_CMS_NO_CERTIFICATE] = { VERIFY_INDETERMINATE, VERIFY_NO_SIGNING_CERTIFICATE_FOUND,
		N_("The signer's certificate is missing") },
	[PKI_CMS_WRONG_CERTIFICATE] = { VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE,
		N_("The signature names another certificate than the one it comes with") },
	[PKI_CMS_DIGEST] = { VERIFY_TOTAL_FAILED, VERIFY_HASH_FAILURE,
		N_("The document was changed after it was signed") },
	[PKI_CMS_SIGNATURE] = { VERIFY_TOTAL_FAILED, VERIFY_SIG_CRYPTO_FAILURE,
		N_("The signature was not made with the key of this certificate") },
};

static bool judge_message(struct verify_signature *out)
{
	const struct facts_signature *f = &out->facts;

	if (f->cms.fault != PKI_CMS_OK) {
		conclude(out, faults[f->cms.fault].result, faults[f->cms.fault].sub, faults[f->cms.fault].reason);
		return false;
	}
	if (!f->has_cms) {
		fail(out, VERIFY_FORMAT_FAILURE, faults[PKI_CMS_NOT_CMS].reason);
		return false;
	}
	if (f->subfilter == FACTS_CADES && !f->cms.has_signed_attributes) {
		fail(out, VERIFY_FORMAT_FAILURE, faults[PKI_CMS_ATTRIBUTES].reason);
		return false;
	}
	out->integrity = true;
	return true;
}

/* ---- weak algorithms (5.2.7, 5.2.8) ---- */

static bool weak_digest(uint32_t digest)
{
	return digest == DIGEST_NONE || digest == DIGEST_MD5 || digest == DIGEST_SHA1 || digest == DIGEST_RIPEMD160;
}

static bool weak_key(const struct pki_cert_info *cert)
{
	switch ((enum pki_key_kind)cert->key_kind) {
	case PKI_KEY_RSA:
	case PKI_KEY_RSA_PSS:
		return cert->key_bits < RSA_BITS_TOLERATED;
	case PKI_KEY_EC:
		return cert->key_bits < EC_BITS_MIN;
	case PKI_KEY_ED25519:
	case PKI_KEY_ED448:
		return false;
	case PKI_KEY_UNKNOWN:
	case PKI_KEY_DSA:
		return true;
	}
	return true;
}

static bool is_rsa(const struct pki_cert_info *cert)
{
	return cert->key_kind == PKI_KEY_RSA || cert->key_kind == PKI_KEY_RSA_PSS;
}

/* ---- the time stamp (5.4) ---- */

/* What the token proves: nothing; that the signature existed then, on the word of an authority whose certificate has
 * expired since; or that it existed then. Only the last is a proof of existence in the sense of 5.4. */
enum proof { PROOF_NONE, PROOF_EXPIRED, PROOF_GOOD };

static enum proof judge_timestamp(struct verify_signature *out)
{
	const struct facts_signature *f = &out->facts;
	const struct pki_tst_facts *t = &f->timestamp;

	if (!f->has_timestamp)
		return PROOF_NONE;
	if (f->timestamp_decoded && (!t->imprint_ok || t->fault == PKI_CMS_DIGEST || t->fault == PKI_CMS_SIGNATURE)) {
		doubt(out, VERIFY_SIG_CONSTRAINTS_FAILURE,
			N_("The time stamp was changed, or was made for another signature"));
		return PROOF_NONE;
	}
	if (!f->timestamp_decoded || t->fault != PKI_CMS_OK || !t->has_certificate || !t->purpose_ok ||
		!t->time_inside || weak_digest(t->imprint_digest) || weak_key(&t->authority) || t->time == TIME_NONE) {
		note(&out->warnings, "TIMESTAMP_UNUSABLE");
		return PROOF_NONE;
	}
	if (f->authority_then.result != PKI_CHAIN_OK) {
		note(&out->warnings, "TSA_UNTRUSTED");
		return PROOF_NONE;
	}
	if (f->authority_now.result == PKI_CHAIN_OK)
		return PROOF_GOOD;
	note(&out->warnings, "TSA_EXPIRED");
	return PROOF_EXPIRED;
}

/* ---- the certificate (5.2.6) ---- */

static void judge_use(struct verify_signature *out)
{
	const struct pki_cert_info *cert = &out->facts.cms.signer;

	if (cert->has_key_usage && (cert->key_usage & (PKI_KU_DIGITAL_SIGNATURE | PKI_KU_NON_REPUDIATION)) == 0)
		doubt(out, VERIFY_CHAIN_CONSTRAINTS_FAILURE, N_("The certificate was not issued for signing"));
	else if (cert->has_key_usage && (cert->key_usage & PKI_KU_NON_REPUDIATION) == 0)
		note(&out->warnings, "NO_NON_REPUDIATION");
	if (cert->has_eku && !cert->eku_document)
		doubt(out, VERIFY_CHAIN_CONSTRAINTS_FAILURE,
			N_("The certificate was not issued for signing documents"));
}

/* The chain at the validation time decides, unless a proof of existence lets an earlier time count (5.5.4): what has
 * merely expired since does no harm then. What was wrong at that earlier time is held against the signature in any
 * case. */
static const struct pki_chain_facts *deciding_chain(
	const struct pki_chain_facts *now, const struct pki_chain_facts *then, enum proof proof)
{
	if (now->result == PKI_CHAIN_OK)
		return proof != PROOF_NONE ? then : now;
	return now->result == PKI_CHAIN_EXPIRED && proof == PROOF_GOOD ? then : now;
}

static void judge_chain(struct verify_signature *out, const struct pki_chain_facts *now,
	const struct pki_chain_facts *then, enum proof proof)
{
	const struct pki_chain_facts *chain = deciding_chain(now, then, proof);

	switch ((enum pki_chain_result)chain->result) {
	case PKI_CHAIN_OK:
		break;
	case PKI_CHAIN_NONE:
		doubt(out, VERIFY_NO_CERTIFICATE_CHAIN_FOUND,
			N_("The certificate does not lead to an authority that you trust"));
		break;
	case PKI_CHAIN_EXPIRED:
		doubt(out, VERIFY_OUT_OF_BOUNDS_NO_POE,
			N_("A certificate has expired, and nothing proves that the signature was made before"));
		break;
	case PKI_CHAIN_NOT_YET_VALID:
		if (chain == then && proof == PROOF_GOOD && chain->leaf_time_bad)
			fail(out, VERIFY_NOT_YET_VALID, N_("The signature is older than its certificate"));
		else
			doubt(out, VERIFY_OUT_OF_BOUNDS_NO_POE, N_("A certificate is not valid yet"));
		break;
	case PKI_CHAIN_CONSTRAINTS:
		doubt(out, VERIFY_CHAIN_CONSTRAINTS_FAILURE,
			N_("A certificate was used for what it was not issued for"));
		break;
	case PKI_CHAIN_WEAK:
		doubt(out, VERIFY_CRYPTO_CONSTRAINTS_FAILURE,
			N_("A certificate is signed with an algorithm that is no longer safe"));
		break;
	case PKI_CHAIN_BROKEN:
		doubt(out, VERIFY_CERTIFICATE_CHAIN_GENERAL_FAILURE, N_("The certificates do not fit together"));
		break;
	}
}

static void judge_algorithms(struct verify_signature *out, enum proof proof)
{
	const struct facts_signature *f = &out->facts;
	enum verify_subindication sub =
		proof == PROOF_GOOD ? VERIFY_CRYPTO_CONSTRAINTS_FAILURE : VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE;

	if (weak_digest(f->cms.digest) || weak_digest(f->cms.signature_digest))
		doubt(out, sub, N_("The signature uses a digest that is no longer safe"));
	if (weak_key(&f->cms.signer))
		doubt(out, sub, N_("The signer's key is too short to be safe"));
	else if (is_rsa(&f->cms.signer) && f->cms.signer.key_bits < RSA_BITS_MIN)
		note(&out->warnings, "RSA_SHORT");
}

/* ---- what came after, and what the signature says of itself (5.2.8) ---- */

static void judge_acceptance(struct verify_signature *out)
{
	const struct facts_signature *f = &out->facts;

	if (f->modification == FACTS_OTHER)
		doubt(out, VERIFY_SIG_CONSTRAINTS_FAILURE,
			N_("The document was changed after this signature, in a way that is not known to be harmless"));
	if (f->type == FACTS_TIMESTAMP)
		return;
	if (!f->cms.has_signed_attributes)
		note(&out->warnings, "NO_SIGNED_ATTRIBUTES");
	if (!f->cms.has_signing_certificate && f->subfilter == FACTS_CADES)
		doubt(out, VERIFY_SIG_CONSTRAINTS_FAILURE,
			N_("The signature does not name its certificate, as its kind has to"));
	else if (!f->cms.has_signing_certificate)
		note(&out->warnings, "NO_SIGNING_CERTIFICATE_ATTRIBUTE");
	if (f->cms.weak_signing_certificate)
		note(&out->warnings, "WEAK_SIGNING_CERTIFICATE_ATTRIBUTE");
	if (f->cms.has_policy)
		note(&out->warnings, "SIGNATURE_POLICY_NOT_APPLIED");
	if (!f->cms.der)
		note(&out->warnings, "NOT_DER");
	if (f->cms.signer.odd_name)
		note(&out->warnings, "ODD_NAME");
}

static void judge_revocation(struct verify_signature *out, const struct verify_options *options)
{
	switch (options->revocation) {
	case VERIFY_REVOCATION_REQUIRE:
		doubt(out, VERIFY_TRY_LATER,
			N_("Whether the certificate was revoked is not known: this version does not look at it yet"));
		break;
	case VERIFY_REVOCATION_SOFT:
		note(&out->warnings, "REVOCATION_UNKNOWN");
		break;
	case VERIFY_REVOCATION_NONE:
		note(&out->warnings, "REVOCATION_NOT_CHECKED");
		break;
	}
}

/* ---- a signature, a document time stamp ---- */

static void judge_signature(struct verify_signature *out, const struct verify_options *options)
{
	const struct facts_signature *f = &out->facts;
	enum proof proof;

	if (!judge_message(out))
		return;
	proof = judge_timestamp(out);
	if (proof != PROOF_NONE)
		out->time_used = f->timestamp.time;
	judge_acceptance(out);
	judge_algorithms(out, proof);
	judge_chain(out, &f->chain_now, &f->chain_then, proof);
	if (f->chain_now.result != PKI_CHAIN_NONE)
		judge_use(out);
	out->trusted = (proof == PROOF_NONE ? f->chain_now.result : f->chain_then.result) == PKI_CHAIN_OK &&
		!weak_key(&f->cms.signer) && !weak_digest(f->cms.digest) && !weak_digest(f->cms.signature_digest);
	judge_revocation(out, options);
}

static void judge_document_timestamp(struct verify_signature *out, const struct verify_options *options)
{
	const struct facts_signature *f = &out->facts;
	const struct pki_tst_facts *t = &f->timestamp;

	if (t->fault != PKI_CMS_OK) {
		conclude(out, faults[t->fault].result, faults[t->fault].sub, faults[t->fault].reason);
		return;
	}
	if (!f->timestamp_decoded || t->time == TIME_NONE) {
		fail(out, VERIFY_FORMAT_FAILURE, faults[PKI_CMS_NOT_CMS].reason);
		return;
	}
	if (!t->imprint_ok) {
		fail(out, VERIFY_HASH_FAILURE, faults[PKI_CMS_DIGEST].reason);
		return;
	}
	out->integrity = true;
	judge_acceptance(out);
	if (weak_digest(t->imprint_digest) || weak_key(&t->authority))
		doubt(out, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			N_("The signature uses a digest that is no longer safe"));
	if (!t->purpose_ok)
		doubt(out, VERIFY_CHAIN_CONSTRAINTS_FAILURE, N_("The certificate was not issued for time stamps"));
	if (!t->time_inside)
		doubt(out, VERIFY_CHAIN_CONSTRAINTS_FAILURE,
			N_("The time stamp lies outside the validity of its certificate"));
	judge_chain(out, &f->authority_now, &f->authority_then, PROOF_EXPIRED);
	if (f->authority_then.result == PKI_CHAIN_OK && f->authority_now.result == PKI_CHAIN_EXPIRED)
		note(&out->warnings, "TSA_EXPIRED");
	out->trusted = f->authority_then.result == PKI_CHAIN_OK && t->purpose_ok && t->time_inside;
	if (out->trusted)
		out->time_used = t->time;
	judge_revocation(out, options);
}

void verify_status(struct verify_signature *out, const struct verify_options *options)
{
	static const char *const gates[] = {
#define X(name, text) [name] = text,
		FACTS_GATE_LIST(X)
#undef X
	};
	const struct facts_signature *f = &out->facts;

	/* Whatever is forgotten below leaves this. */
	out->result = VERIFY_INDETERMINATE;
	out->subindication = VERIFY_SUB_NONE;
	out->reasons.count = 0;
	out->warnings.count = 0;
	out->integrity = false;
	out->trusted = false;
	out->time_used = options->at;
	if (f->gate != FACTS_GATE_PASSED)
		fail(out, VERIFY_FORMAT_FAILURE, gates[f->gate]);
	else if (f->coverage == FACTS_BROKEN)
		fail(out, VERIFY_FORMAT_FAILURE, gates[FACTS_GATE_REVISION]);
	else if (f->subfilter == FACTS_PKCS7_SHA1 || f->subfilter == FACTS_X509_RSA_SHA1)
		doubt(out, VERIFY_CRYPTO_CONSTRAINTS_FAILURE,
			N_("This old kind of signature rests on SHA-1, which is no longer safe"));
	else if ((f->type == FACTS_TIMESTAMP) != (f->subfilter == FACTS_RFC3161))
		fail(out, VERIFY_FORMAT_FAILURE, gates[FACTS_GATE_SUBFILTER]);
	else if (f->type == FACTS_TIMESTAMP)
		judge_document_timestamp(out, options);
	else
		judge_signature(out, options);
	if (out->integrity && out->trusted && out->subindication == VERIFY_SUB_NONE && out->reasons.count == 0 &&
		f->gate == FACTS_GATE_PASSED && f->coverage != FACTS_BROKEN && f->modification != FACTS_OTHER)
		out->result = VERIFY_TOTAL_PASSED;
}
