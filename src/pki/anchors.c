/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/anchors.h"

#include "base/file.h"
#include "crypto/digest.h"
#include "pki/x509.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANCHOR_FILE_MAX 65536

struct anchor {
	X509 *cert;
	uint8_t *der;
	size_t len;
	uint8_t sha256[DIGEST_MAX];
	bool trusted;
};

struct pki_anchors {
	struct anchor *all;
	size_t count;
	size_t room;
};

enum be_err pki_anchors_new(struct pki_anchors **out, struct be_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? BE_OK : pki_fail_memory(err);
}

static void anchor_clear(struct anchor *anchor)
{
	X509_free(anchor->cert);
	free(anchor->der);
	*anchor = (struct anchor){ 0 };
}

void pki_anchors_free(struct pki_anchors **anchors)
{
	if (anchors == NULL || *anchors == NULL)
		return;
	for (size_t i = 0; i < (*anchors)->count; i++)
		anchor_clear(&(*anchors)->all[i]);
	free((*anchors)->all);
	free(*anchors);
	*anchors = NULL;
}

static enum be_err make_room(struct pki_anchors *anchors, size_t more, struct be_error *err)
{
	size_t room = anchors->count + more;
	struct anchor *grown;

	if (room <= anchors->room)
		return BE_OK;
	if (room < 2 * anchors->room)
		room = 2 * anchors->room;
	grown = reallocarray(anchors->all, room, sizeof(*grown));
	if (grown == NULL)
		return pki_fail_memory(err);
	anchors->all = grown;
	anchors->room = room;
	return BE_OK;
}

/* Takes the anchor; there must be room. One that is there already only gains trust, never loses it. */
static void put(struct pki_anchors *anchors, struct anchor *taken)
{
	for (size_t i = 0; i < anchors->count; i++) {
		struct anchor *known = &anchors->all[i];

		if (memcmp(known->sha256, taken->sha256, sizeof(known->sha256)) != 0)
			continue;
		known->trusted = known->trusted || taken->trusted;
		anchor_clear(taken);
		return;
	}
	anchors->all[anchors->count++] = *taken;
	*taken = (struct anchor){ 0 };
}

enum be_err pki_anchors_add(
	struct pki_anchors *anchors, const uint8_t *der, size_t len, bool trusted, struct be_error *err)
{
	struct anchor anchor = { .trusted = trusted, .len = len };
	size_t digest_len = 0;
	enum be_err rc;

	anchor.cert = pki_x509_decode(der, len);
	if (anchor.cert == NULL)
		return be_fail(
			err, BE_BAD_ANCHOR, N_("This is no certificate that could be trusted"), "%zu bytes", len);
	rc = digest_bytes(DIGEST_SHA256, der, len, anchor.sha256, &digest_len, err);
	if (rc == BE_OK)
		rc = make_room(anchors, 1, err);
	if (rc != BE_OK)
		goto out;
	anchor.der = malloc(len);
	if (anchor.der == NULL) {
		rc = pki_fail_memory(err);
		goto out;
	}
	memcpy(anchor.der, der, len);
	put(anchors, &anchor);
out:
	anchor_clear(&anchor);
	return rc;
}

static enum be_err bad_file(struct be_error *err, const char *name, const char *msgid)
{
	return be_fail(err, BE_BAD_ANCHOR, msgid, "%s", name);
}

/* The questions are asked of the open file, so that nobody swaps it between the asking and the reading. */
static enum be_err read_anchor_file(struct buffer *pem, int dir_fd, const char *name, struct be_error *err)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum be_err rc = BE_OK;
	struct stat st;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("A trusted certificate's file cannot be read"), name);
	if (fstat(fd, &st) != 0) {
		rc = be_fail_errno(err, BE_IO, N_("A trusted certificate's file cannot be read"), name);
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > ANCHOR_FILE_MAX)
		rc = bad_file(err, name, N_("A trusted certificate's file has to be a regular file of at most 64 KiB"));
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		rc = bad_file(err, name,
			N_("Others may write to a trusted certificate's file; remove that permission (chmod go-w)"));
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		rc = bad_file(err, name,
			N_("A trusted certificate's file belongs to somebody else; it has to be yours or root's"));
	if (rc != BE_OK)
		goto out;
	buffer_add_fill(pem, 0, (size_t)st.st_size);
	rc = buffer_check(pem, err);
	if (rc == BE_OK)
		rc = file_read_at(fd, pem->data, pem->len, 0, err);
out:
	close(fd);
	return rc;
}

static enum be_err add_file(
	struct pki_anchors *anchors, int dir_fd, const char *name, bool trusted, struct be_error *err)
{
	struct buffer pem = BUFFER_EMPTY;
	struct buffer der = BUFFER_EMPTY;
	enum be_err rc;

	rc = read_anchor_file(&pem, dir_fd, name, err);
	if (rc != BE_OK)
		goto out;
	rc = pki_pem_certificate(&der, pem.data, pem.len, err);
	if (rc == BE_OK)
		rc = pki_anchors_add(anchors, der.data, der.len, trusted, err);
	if (rc == BE_BAD_ANCHOR)
		rc = bad_file(
			err, name, N_("A trusted certificate's file has to hold exactly one certificate in PEM form"));
out:
	buffer_free(&pem);
	buffer_free(&der);
	return rc;
}

static int is_pem(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".pem") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

enum be_err pki_anchors_add_dir(struct pki_anchors *anchors, const char *dir, bool trusted, struct be_error *err)
{
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct pki_anchors *found = NULL;
	struct dirent **entries = NULL;
	int count = 0;
	enum be_err rc;

	if (dir_fd < 0)
		return be_fail_errno(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO,
			N_("The directory of trusted certificates cannot be read"), dir);
	count = scandirat(dir_fd, ".", &entries, is_pem, by_bytes);
	if (count < 0) {
		rc = be_fail_errno(err, BE_IO, N_("The directory of trusted certificates cannot be read"), dir);
		goto out;
	}
	rc = pki_anchors_new(&found, err);
	for (int i = 0; i < count && rc == BE_OK; i++)
		rc = add_file(found, dir_fd, entries[i]->d_name, trusted, err);
	if (rc == BE_OK)
		rc = make_room(anchors, found->count, err);
	for (size_t i = 0; rc == BE_OK && i < found->count; i++)
		put(anchors, &found->all[i]);
out:
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	pki_anchors_free(&found);
	close(dir_fd);
	return rc;
}

size_t pki_anchors_count(const struct pki_anchors *anchors)
{
	return anchors->count;
}

void pki_anchors_at(const struct pki_anchors *anchors, size_t index, const uint8_t **der, size_t *len, bool *trusted)
{
	*der = anchors->all[index].der;
	*len = anchors->all[index].len;
	*trusted = anchors->all[index].trusted;
}

X509 *pki_anchors_x509(const struct pki_anchors *anchors, size_t index)
{
	return anchors->all[index].cert;
}

/* Reads every block of the file: whoever trusts a file has to be able to say which certificate that is. */
static enum be_err one_certificate(BIO *bio, uint8_t **der, size_t *der_len)
{
	enum be_err rc = BE_OK;

	while (rc == BE_OK) {
		char *label = NULL, *header = NULL;
		unsigned char *bytes = NULL;
		long len = 0;

		if (PEM_read_bio(bio, &label, &header, &bytes, &len) != 1)
			break;
		if (strcmp(label, PEM_STRING_X509) == 0 && *der == NULL && len > 0) {
			*der = bytes;
			*der_len = (size_t)len;
			bytes = NULL;
		} else {
			rc = BE_BAD_ANCHOR;
		}
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_free(bytes);
	}
	if (rc == BE_OK && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		rc = BE_BAD_ANCHOR;
	return rc;
}

enum be_err pki_pem_certificate(struct buffer *out, const void *pem, size_t len, struct be_error *err)
{
	uint8_t *der = NULL;
	size_t der_len = 0;
	X509 *cert = NULL;
	BIO *bio = NULL;
	enum be_err rc;

	ERR_clear_error();
	bio = len <= INT_MAX ? BIO_new_mem_buf(pem, (int)len) : NULL;
	rc = bio != NULL ? one_certificate(bio, &der, &der_len) : BE_BAD_ANCHOR;
	if (rc == BE_OK)
		cert = pki_x509_decode(der, der_len);
	if (cert == NULL) {
		rc = pki_fail(err, BE_BAD_ANCHOR, N_("The file has to hold exactly one certificate in PEM form"));
		goto out;
	}
	buffer_add(out, der, der_len);
	rc = buffer_check(out, err);
out:
	ERR_clear_error();
	X509_free(cert);
	OPENSSL_free(der);
	BIO_free(bio);
	return rc;
}
