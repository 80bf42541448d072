/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_FACTS_H
#define VERIFY_FACTS_H

/*
 * What the helper found in a document: flat records without pointers, so that they pass a pipe as they are and either
 * side may be replaced. Facts only; what they mean is decided in verify/status.c. Every enum is kept as uint32_t and
 * every string ends within its array: both are checked when a record comes in (facts_check).
 */

#include "pki/chain.h"
#include "pki/cms.h"
#include "pki/tst.h"

#define FACTS_SIGNATURES_MAX 200u
#define FACTS_TEXT_MAX 256u

/* The first gate of the structure that a signature did not pass (security of PDF signatures: V2 to V7). */
#define FACTS_GATE_LIST(X) \
	X(FACTS_GATE_PASSED, "") \
	X(FACTS_GATE_ORPHAN, N_("A signature is in the file that belongs to no signature field")) \
	X(FACTS_GATE_SHARED, N_("Several signature fields share one signature")) \
	X(FACTS_GATE_DICTIONARY, N_("The signature dictionary is not as it must be")) \
	X(FACTS_GATE_SUBFILTER, N_("The kind of signature is not supported, or is no longer safe")) \
	X(FACTS_GATE_BYTE_RANGE, N_("The signature does not say properly which part of the file it covers")) \
	X(FACTS_GATE_CONTENTS, \
		N_("The part of the file that the signature leaves out is not exactly the signature itself")) \
	X(FACTS_GATE_REVISION, N_("What the signature covers is not a whole revision of the document")) \
	X(FACTS_GATE_STRUCTURE, N_("The structure of the signed document is ambiguous")) \
	X(FACTS_GATE_REPLACED, N_("The signature's own data was changed after signing")) \
	X(FACTS_GATE_READ, N_("The signed part of the file could not be read"))

enum facts_gate {
#define X(name, text) name,
	FACTS_GATE_LIST(X)
#undef X
	FACTS_GATE_COUNT
};

enum facts_type { FACTS_SIGNATURE, FACTS_CERTIFICATION, FACTS_TIMESTAMP, FACTS_TYPE_COUNT };
enum facts_subfilter {
	FACTS_SUBFILTER_OTHER,
	FACTS_CADES,
	FACTS_PKCS7,
	FACTS_RFC3161,
	FACTS_PKCS7_SHA1,
	FACTS_X509_RSA_SHA1,
	FACTS_SUBFILTER_COUNT
};
enum facts_coverage { FACTS_BROKEN, FACTS_REVISION, FACTS_WHOLE_FILE, FACTS_COVERAGE_COUNT };
/* What later revisions did to what was signed; the worst of them. */
enum facts_modification { FACTS_NONE, FACTS_LTA, FACTS_FORM, FACTS_ANNOTATION, FACTS_OTHER, FACTS_MODIFICATION_COUNT };

struct facts_signature {
	char field[FACTS_TEXT_MAX];
	uint32_t type;      /* enum facts_type */
	uint32_t subfilter; /* enum facts_subfilter */
	char subfilter_text[64];
	uint32_t gate; /* enum facts_gate */
	char gate_detail[160];
	uint32_t coverage;             /* enum facts_coverage */
	uint32_t modification;         /* enum facts_modification */
	char modification_detail[160]; /* the first change that was not one of the allowed */
	uint32_t docmdp;               /* 0, or P of a certification */
	uint64_t byte_range[4];        /* as read; zeros when it could not be */
	uint64_t end;                  /* where the signed revision ends; 0 unknown */
	bool has_cms;                  /* a message could be decoded: cms is filled */
	struct pki_cms_facts cms;
	struct pki_chain_facts chain_now; /* the signer's, at the validation time */
	/* The signature time stamp, or the document time stamp itself. */
	bool has_timestamp;
	bool timestamp_decoded;
	struct pki_tst_facts timestamp;
	struct pki_chain_facts chain_then;     /* the signer's, at the time stamp's time */
	struct pki_chain_facts authority_then; /* the authority's, at the time stamp's time */
	struct pki_chain_facts authority_now;
	int64_t claimed_time; /* /M */
	char reason[FACTS_TEXT_MAX];
	char location[FACTS_TEXT_MAX];
	char contact[FACTS_TEXT_MAX];
};

/* Dynamic content and other things that a reader of the document should know (bits). */
#define FACTS_WARN_JAVASCRIPT 0x01u
#define FACTS_WARN_XFA 0x02u
#define FACTS_WARN_OPEN_ACTION 0x04u
#define FACTS_WARN_USAGE_RIGHTS 0x08u /* /Perms /UR3 */
#define FACTS_WARN_EMPTY_FIELDS 0x10u /* signature fields that nobody signed */
#define FACTS_WARN_UNSIGNED_END 0x20u /* a revision after the last signature */
#define FACTS_WARN_ALL 0x3Fu

struct facts_document {
	uint32_t error; /* enum be_err: the document could not be judged at all */
	char error_detail[200];
	uint32_t warnings; /* FACTS_WARN_… */
	uint32_t revisions;
	uint32_t count; /* signatures that follow */
};

#endif
