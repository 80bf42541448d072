/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/copy.h"
#include "sign/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without O_NONBLOCK, opening a pipe would wait for its writer. */
static enum be_err open_input(int *out, struct stat *st, const char *path, struct be_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum be_err rc = BE_OK;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return be_fail(err, BE_NOT_FOUND, N_("The document does not exist"), "%s", path);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The document cannot be opened"), path);
	if (fstat(fd, st) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The document cannot be read"), path);
	else if (S_ISDIR(st->st_mode))
		rc = be_fail(err, BE_NOT_A_PDF, N_("This is a directory; name the PDF documents in it"), "%s", path);
	else if (!S_ISREG(st->st_mode))
		rc = be_fail(err, BE_NOT_A_PDF,
			N_("This is a pipe or a device; save the document as a file before signing it"), "%s", path);
	else if (st->st_size == 0)
		rc = be_fail(err, BE_NOT_A_PDF, N_("The file is empty"), "%s", path);
	if (rc != BE_OK) {
		(void)close(fd);
		return rc;
	}
	*out = fd;
	return BE_OK;
}

/* The copy is the one image that everything after it reads, so what happens to the input meanwhile does not matter. It
 * is digested while it is made: whatever the ByteRange will be, it begins with the whole input. */
static enum be_err copy_input(
	struct sign_job *job, const struct sign_document *document, struct digest *d, struct be_error *err)
{
	struct stat st;
	enum be_err rc;
	int fd = -1;

	rc = open_input(&fd, &st, document->input, err);
	if (rc != BE_OK)
		return rc;
	job->old_len = (uint64_t)st.st_size;
	rc = file_output_new(&job->output, document->output, st.st_mode & 0666, document->replace, err);
	if (rc == BE_OK)
		rc = sign_copy(fd, file_output_fd(job->output), job->old_len, d, err);
	(void)close(fd);
	return rc;
}

/* The map lives only as long as the structure is looked at: a batch of hundreds holds none. */
static enum be_err place_signature(struct sign_job *job, struct pdf_sign_place *place,
	const struct pdf_sign_request *request, struct be_error *err)
{
	int fd = file_output_fd(job->output);
	struct pdf_bytes bytes = { NULL, 0 };
	struct pdf_doc *doc = NULL;
	enum be_err rc;

	rc = pdf_bytes_map(&bytes, fd, job->old_len, err);
	if (rc == BE_OK)
		rc = pdf_doc_open(&doc, bytes, err);
	if (rc == BE_OK)
		rc = pdf_sign_place_make(place, doc, request, err);
	pdf_doc_free(&doc);
	pdf_bytes_unmap(&bytes);
	if (rc == BE_OK)
		rc = file_write_at(fd, place->tail.data, place->tail.len, job->old_len, err);
	if (rc != BE_OK)
		return rc;
	job->len = job->old_len + place->tail.len;
	job->contents_at = place->contents_at;
	job->contents_size = place->contents_size;
	(void)snprintf(job->field, sizeof(job->field), "%s", place->field);
	return BE_OK;
}

/* What the ByteRange covers beyond the input: the update before and behind /Contents. */
static enum be_err digest_update(
	struct sign_job *job, const uint64_t range[static 4], struct digest *d, struct be_error *err)
{
	int fd = file_output_fd(job->output);
	enum be_err rc;
	size_t len;

	rc = digest_add_file(d, fd, job->old_len, range[1] - job->old_len, err);
	if (rc == BE_OK)
		rc = digest_add_file(d, fd, range[2], range[3], err);
	return rc == BE_OK ? digest_finish(d, job->digest, &len, err) : rc;
}

enum be_err sign_prepare(struct sign_job *job, const struct sign_document *document, const struct sign_batch *batch,
	struct be_error *err)
{
	struct pdf_sign_place place = { .tail = BUFFER_EMPTY };
	struct pdf_sign_request request = batch->request;
	struct digest *d = NULL;
	enum be_err rc;
	size_t len;

	if (document->spot != NULL)
		request.spot = *document->spot;
	rc = digest_new(&d, batch->digest, err);
	if (rc == BE_OK)
		rc = copy_input(job, document, d, err);
	if (rc == BE_OK)
		rc = place_signature(job, &place, &request, err);
	if (rc == BE_OK)
		rc = digest_update(job, place.range, d, err);
	if (rc == BE_OK)
		rc = pki_cms_build_new(&job->build, batch->chain, batch->chain_lens, batch->chain_count, batch->digest,
			batch->scheme, job->digest, err);
	if (rc == BE_OK)
		rc = pki_cms_build_digest(job->build, job->to_sign, &len, err);
	digest_free(&d);
	pdf_sign_place_free(&place);
	return rc;
}

void sign_job_clear(struct sign_job *job)
{
	file_output_free(&job->output);
	pki_cms_build_free(&job->build);
}
