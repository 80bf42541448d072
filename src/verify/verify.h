/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

/*
 * A document in, a report out: one stable image of the file, the sandboxed helper's facts about it, and from the facts,
 * by rules alone, a status for every signature (ETSI EN 319 102-1). Nothing is repaired on the way, and "passed" is
 * said only where every check was made.
 */

#include "pki/anchors.h"
#include "verify/facts.h"

enum verify_result {
	VERIFY_TOTAL_PASSED,
	VERIFY_INDETERMINATE,
	VERIFY_TOTAL_FAILED,
	VERIFY_NO_SIGNATURE,
	VERIFY_ERROR
};

/* EN 319 102-1, 5.1.3, as far as this version reaches them. */
#define VERIFY_SUBINDICATION_LIST(X) \
	X(VERIFY_SUB_NONE, "") \
	X(VERIFY_FORMAT_FAILURE, "FORMAT_FAILURE") \
	X(VERIFY_HASH_FAILURE, "HASH_FAILURE") \
	X(VERIFY_SIG_CRYPTO_FAILURE, "SIG_CRYPTO_FAILURE") \
	X(VERIFY_NOT_YET_VALID, "NOT_YET_VALID") \
	X(VERIFY_SIG_CONSTRAINTS_FAILURE, "SIG_CONSTRAINTS_FAILURE") \
	X(VERIFY_CHAIN_CONSTRAINTS_FAILURE, "CHAIN_CONSTRAINTS_FAILURE") \
	X(VERIFY_CERTIFICATE_CHAIN_GENERAL_FAILURE, "CERTIFICATE_CHAIN_GENERAL_FAILURE") \
	X(VERIFY_CRYPTO_CONSTRAINTS_FAILURE, "CRYPTO_CONSTRAINTS_FAILURE") \
	X(VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE") \
	X(VERIFY_NO_SIGNING_CERTIFICATE_FOUND, "NO_SIGNING_CERTIFICATE_FOUND") \
	X(VERIFY_NO_CERTIFICATE_CHAIN_FOUND, "NO_CERTIFICATE_CHAIN_FOUND") \
	X(VERIFY_OUT_OF_BOUNDS_NO_POE, "OUT_OF_BOUNDS_NO_POE") \
	X(VERIFY_TRY_LATER, "TRY_LATER")

enum verify_subindication {
#define X(name, word) name,
	VERIFY_SUBINDICATION_LIST(X)
#undef X
	VERIFY_SUBINDICATION_COUNT
};

enum verify_revocation { VERIFY_REVOCATION_REQUIRE, VERIFY_REVOCATION_SOFT, VERIFY_REVOCATION_NONE };

struct verify_options {
	const struct pki_anchors *anchors; /* borrowed; NULL: nobody is trusted */
	int64_t at;                        /* the validation time */
	enum verify_revocation revocation;
	int docmdp; /* tests only: judge as if the first signature certified with this P; 0: not */
};

#define VERIFY_REASONS_MAX 8u

/* Sentences are msgids: English, static, to be translated where they are shown. */
struct verify_notes {
	const char *text[VERIFY_REASONS_MAX];
	size_t count;
};

struct verify_signature {
	struct facts_signature facts;
	enum verify_result result; /* TOTAL_PASSED, INDETERMINATE or TOTAL_FAILED */
	enum verify_subindication subindication;
	struct verify_notes reasons;
	struct verify_notes warnings; /* words in capitals: "TSA_EXPIRED"; see verify_warning_text */
	bool integrity;
	bool trusted;
	int64_t time_used;
};

struct verify_report {
	enum verify_result result; /* the worst of the signatures; NO_SIGNATURE, ERROR */
	struct be_error error;     /* with ERROR */
	struct verify_notes warnings;
	struct verify_signature *signatures; /* in the order they were made; owned */
	size_t count;
};

/* The document is never written to. A file that cannot be judged is a report with ERROR; only memory is an error of the
 * call. */
enum be_err verify_file(
	struct verify_report *out, const char *path, const struct verify_options *options, struct be_error *err);
void verify_report_free(struct verify_report *report);

/* "TOTAL-PASSED" …, "HASH_FAILURE" … as CLI.md has them. */
const char *verify_result_word(enum verify_result result);
const char *verify_subindication_word(enum verify_subindication subindication);
/* A warning's word as a sentence for people (msgid); the word itself when it has none. */
const char *verify_warning_text(const char *word);

/* One line of --json, without its newline (CLI.md). revocation as in the options, for "not-checked" or "unknown". */
enum be_err verify_report_json(struct buffer *out, const struct verify_report *report, const char *path,
	enum verify_revocation revocation, struct be_error *err);

/* The bytes that signature number n (from 1) signed, as a PDF of its own: the file up to the end of that revision.
 * BE_NOT_FOUND. */
enum be_err verify_extract(const char *path, const struct verify_report *report, size_t n, const char *target,
	bool replace, struct be_error *err);

#endif
