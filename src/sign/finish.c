/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/job.h"

#include "verify/new_signature.h"

#include <stdio.h>

/* The zeros after the message stay as they were written (12.8.1: /Contents is padded). */
static enum be_err fill_contents(struct sign_job *job, const struct buffer *signature, struct be_error *err)
{
	static const char digits[] = "0123456789ABCDEF";
	struct buffer der = BUFFER_EMPTY;
	struct buffer hex = BUFFER_EMPTY;
	enum be_err rc;

	rc = pki_cms_build_finish(job->build, signature->data, signature->len, &der, err);
	pki_cms_build_free(&job->build);
	if (rc != BE_OK)
		goto out;
	if (der.len > job->contents_size) {
		rc = be_fail(err, BE_LIMIT, N_("The signature is larger than the room that was left for it"),
			"%zu bytes of %zu", der.len, job->contents_size);
		goto out;
	}
	for (size_t i = 0; i < der.len; i++) {
		buffer_add_byte(&hex, (uint8_t)digits[der.data[i] >> 4]);
		buffer_add_byte(&hex, (uint8_t)digits[der.data[i] & 15]);
	}
	rc = buffer_check(&hex, err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(job->output), hex.data, hex.len, job->contents_at + 1, err);
out:
	buffer_free(&hex);
	buffer_free(&der);
	return rc;
}

/* Since the digest was computed only /Contents has changed, which it leaves out: it is the file's still. */
static enum be_err self_check(const struct sign_job *job, const struct sign_batch *batch, struct be_error *err)
{
	struct verify_new_signature what = {
		.fd = file_output_fd(job->output),
		.len = job->len,
		.old_len = job->old_len,
		.field = job->field,
		.alg = batch->digest,
		.digest = job->digest,
		.signer = batch->chain[0],
		.signer_len = batch->chain_lens[0],
	};

	return verify_new_signature(&what, err);
}

static enum be_err hash_file(char out[static 65], const struct sign_job *job, struct be_error *err)
{
	uint8_t value[DIGEST_MAX];
	struct digest *d = NULL;
	size_t len = 0;
	enum be_err rc;

	rc = digest_new(&d, DIGEST_SHA256, err);
	if (rc == BE_OK)
		rc = digest_add_file(d, file_output_fd(job->output), 0, job->len, err);
	if (rc == BE_OK)
		rc = digest_finish(d, value, &len, err);
	digest_free(&d);
	for (size_t i = 0; i < len; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", value[i]);
	return rc;
}

enum be_err sign_finish(struct sign_job *job, struct sign_document *document, const struct sign_batch *batch,
	const struct buffer *signature, struct be_error *err)
{
	char sha256[65] = "";
	enum be_err rc;

	rc = fill_contents(job, signature, err);
	if (rc == BE_OK)
		rc = self_check(job, batch, err);
	if (rc == BE_OK && document->hash_output)
		rc = hash_file(sha256, job, err);
	if (rc == BE_OK)
		rc = file_output_commit(job->output, err);
	if (rc != BE_OK)
		return rc;
	(void)snprintf(document->field, sizeof(document->field), "%s", job->field);
	(void)snprintf(document->sha256, sizeof(document->sha256), "%s", sha256);
	return BE_OK;
}
