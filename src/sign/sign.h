/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGN_SIGN_H
#define SIGN_SIGN_H

/*
 * Documents in, signed documents out: prepare (room for the signature, in a copy without a name), one call to the
 * signer with all digests, finish (the CMS into its room), check what was made, and only then give it its name. The
 * inputs are never written to, and one bad document never ends the others.
 */

#include "pdf/sign_field.h"
#include "signer/signer.h"

#include <stdatomic.h>

/* Documents that are open at once, and so the most digests that one call to the signer has; fewer where the system
 * allows fewer open files. */
#define SIGN_GROUP_MAX 500u

struct sign_options {
	const char *sub_filter; /* NULL: "ETSI.CAdES.detached" */
	enum digest_alg digest; /* DIGEST_NONE: SHA-256; SHA-384 for a P-384 key */
	bool pss;               /* RSASSA-PSS instead of PKCS#1 v1.5; BE_KEY_UNFIT with a key that is no RSA key */
	const char *field;      /* see struct pdf_sign_request */
	/* What is seen: a PDF of one page (pdf/appearance.h), imported into every document; NULL: nothing. Borrowed. */
	const void *appearance;
	size_t appearance_len;
	struct pdf_sign_spot spot; /* where it is seen, in documents that have no spot of their own; not with field */
	const char *name;
	const char *reason;
	const char *location;
	const char *contact;
	int64_t time;  /* the claimed time, and the moment at which the certificate has to be valid */
	unsigned jobs; /* documents prepared and finished at once; 0: as many as there are processors, at most 4 */
};

struct sign_document {
	const char *input;
	const char *output;
	bool replace;                     /* an existing output may be replaced */
	bool hash_output;                 /* asks for sha256: it costs one more reading of the file */
	const struct pdf_sign_spot *spot; /* NULL: that of the options; borrowed */
	/* The outcome. */
	enum be_err result;
	struct be_error error;
	char field[PDF_FIELD_NAME_MAX]; /* that was signed; "" unless the result is BE_OK */
	char sha256[65];                /* of the signed file, lower-case hexadecimal; "" when not asked for */
};

enum sign_stage {
	SIGN_PREPARED, /* its digest waits for the signer */
	SIGN_SIGNED,   /* the signer has answered */
	SIGN_DONE      /* its result stands, whatever it is; once for each document, and last */
};

struct sign_progress {
	/* Called after each step of each document, one call at a time, from any thread; done counts the documents
	 * whose result stands, out of count. */
	void (*report)(void *context, enum sign_stage stage, size_t document, size_t done, size_t count);
	void *context;
	const atomic_bool *cancel; /* asked between steps; NULL: never */
};

/* Outputs that cannot be right are refused before anything is opened for writing: two with one name, one that is an
 * input (by device and inode). Returns BE_OK when every document has its own result; an error when nothing could be
 * started (no documents, wrong options, a signer that is not fit, refused outputs), and then no document's outcome
 * means anything. progress and its report may be NULL. A cancelled document has BE_CANCELLED; what is finished stays
 * finished. Large batches raise the process's soft limit of open files. */
enum be_err sign_documents(struct signer *signer, const struct sign_options *options, struct sign_document *documents,
	size_t count, const struct sign_progress *progress, struct be_error *err);

#endif
