/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGN_JOB_H
#define SIGN_JOB_H

/*
 * One document on its way, and what all documents of a batch have in common. Knows one document at a time; order,
 * threads and the signer are sign.c's. Inside this room only.
 */

#include "base/file.h"
#include "sign/sign.h"

struct sign_batch {
	struct pdf_sign_request request;
	const uint8_t *const *chain; /* borrowed from the signer, whose certificate is the first */
	const size_t *chain_lens;
	size_t chain_count;
	enum digest_alg digest;
	enum pki_scheme scheme;
};

struct sign_job {
	struct file_output *output; /* the copy, until it has its name or is given up */
	uint64_t old_len;           /* of the input */
	uint64_t len;               /* with the incremental update */
	uint64_t contents_at;
	size_t contents_size;
	char field[PDF_FIELD_NAME_MAX];
	uint8_t digest[DIGEST_MAX]; /* of the ByteRange */
	struct pki_cms_build *build;
	uint8_t to_sign[DIGEST_MAX]; /* the digest of the signed attributes */
	size_t item;                 /* its place among those the signer is given */
};

/* Copies the input beside its target, makes room for the signature, and computes what is to be signed. */
enum be_err sign_prepare(struct sign_job *job, const struct sign_document *document, const struct sign_batch *batch,
	struct be_error *err);
/* Puts the signature in, checks the file, and gives it its name. Fills field and sha256 of the document. */
enum be_err sign_finish(struct sign_job *job, struct sign_document *document, const struct sign_batch *batch,
	const struct buffer *signature, struct be_error *err);
/* Frees everything; what has no name yet is gone. */
void sign_job_clear(struct sign_job *job);

#endif
