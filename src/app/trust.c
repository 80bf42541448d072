/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trust.h"

#include "app/data.h"
#include "app/trust_manifest.h"
#include "base/file.h"
#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_MAX 65536u

/* The user's directories: anchors, and what only helps. */
static const char *const stores[] = { "trust", "trust/helpers" };

static const char *store_of(enum trust_role role)
{
	return stores[role == TRUST_ANCHOR ? 0 : 1];
}

static enum be_err join(struct buffer *path, const char *dir, const char *name, struct be_error *err)
{
	buffer_reset(path);
	buffer_printf(path, "%s/%s.pem", dir, name);
	buffer_add_byte(path, '\0');
	return buffer_check(path, err);
}

static enum be_err own_file(struct buffer *path, enum trust_role role, const char *name, struct be_error *err)
{
	struct buffer dir = BUFFER_EMPTY;
	enum be_err rc = data_own(&dir, DATA_HOME, store_of(role), err);

	if (rc == BE_OK)
		rc = join(path, (const char *)dir.data, name, err);
	buffer_free(&dir);
	return rc;
}

/* Reads one PEM file and says what the certificate is; name, role and the rest stay as they are. */
static enum be_err describe(struct trust_entry *entry, struct buffer *pem, const char *path, struct be_error *err)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;
	enum be_err rc = file_read_all(pem, path, PEM_MAX, err);

	if (rc == BE_OK)
		rc = pki_pem_certificate(&der, pem->data, pem->len, err);
	if (rc == BE_OK)
		rc = pki_cert_describe(&info, der.data, der.len, err);
	if (rc == BE_OK) {
		memcpy(entry->sha256, info.sha256, sizeof(entry->sha256));
		memcpy(entry->subject, info.subject, sizeof(entry->subject));
		(void)time_format(entry->until, info.not_after);
	}
	buffer_free(&der);
	return rc;
}

/* ---- reading ---- */

static int is_pem(const struct dirent *entry)
{
	const size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 4 && len - 4 < TRUST_NAME_MAX &&
		strcmp(entry->d_name + len - 4, ".pem") == 0;
}

static struct trust_entry *bundled_as(struct trust_list *list, const struct trust_entry *own)
{
	const bool helps = own->role != TRUST_ANCHOR;

	for (size_t i = 0; i < list->count; i++) {
		struct trust_entry *entry = &list->entries[i];

		if (entry->bundled && (entry->role != TRUST_ANCHOR) == helps && strcmp(entry->sha256, own->sha256) == 0)
			return entry;
	}
	return NULL;
}

/* A file that cannot be read as a certificate is listed all the same: it has to be seen to be removed. */
static enum be_err list_own_file(
	struct trust_list *list, enum trust_role role, const char *dir, const char *file, struct be_error *err)
{
	struct trust_entry own = { .role = role, .accepted = true };
	struct buffer path = BUFFER_EMPTY;
	struct buffer pem = BUFFER_EMPTY;
	struct trust_entry *entry = NULL;
	enum be_err rc;

	memcpy(own.name, file, strlen(file) - 4);
	rc = join(&path, dir, own.name, err);
	if (rc == BE_OK)
		(void)describe(&own, &pem, (const char *)path.data, NULL);
	if (rc == BE_OK)
		entry = bundled_as(list, &own);
	if (entry != NULL) {
		entry->accepted = true;
		/* It is removed by the name it is kept under. */
		memcpy(entry->name, own.name, sizeof(entry->name));
	} else if (rc == BE_OK) {
		entry = trust_list_grow(list);
		if (entry != NULL)
			*entry = own;
		else
			rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	}
	buffer_free(&path);
	buffer_free(&pem);
	return rc;
}

static enum be_err list_store(struct trust_list *list, enum trust_role role, struct be_error *err)
{
	struct buffer dir = BUFFER_EMPTY;
	struct dirent **files = NULL;
	int count = 0;
	enum be_err rc = data_own(&dir, DATA_HOME, store_of(role), err);

	if (rc != BE_OK) {
		rc = rc == BE_NOT_FOUND ? BE_OK : rc;
		goto out;
	}
	count = scandir((const char *)dir.data, &files, is_pem, alphasort);
	if (count < 0 && errno != ENOENT)
		rc = be_fail_errno(
			err, BE_IO, N_("The directory of trusted certificates cannot be read"), (const char *)dir.data);
	for (int i = 0; i < count && rc == BE_OK; i++)
		rc = list_own_file(list, role, (const char *)dir.data, files[i]->d_name, err);
out:
	for (int i = 0; i < count; i++)
		free(files[i]);
	free(files);
	buffer_free(&dir);
	return rc;
}

enum be_err trust_list_read(struct trust_list *out, const char *bundle, struct be_error *err)
{
	struct buffer found = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	*out = (struct trust_list){ NULL, 0 };
	if (bundle == NULL && data_find(&found, "trust", NULL) == BE_OK)
		bundle = (const char *)found.data;
	if (bundle != NULL)
		rc = trust_manifest_read(out, bundle, err);
	if (rc == BE_OK)
		rc = list_store(out, TRUST_ANCHOR, err);
	if (rc == BE_OK)
		rc = list_store(out, TRUST_INTERMEDIATE, err);
	if (rc != BE_OK)
		trust_list_free(out);
	buffer_free(&found);
	return rc;
}

void trust_list_free(struct trust_list *list)
{
	free(list->entries);
	*list = (struct trust_list){ NULL, 0 };
}

static bool same_fingerprint(const char *sha256, const char *which)
{
	size_t at = 0;

	for (; *which != '\0'; which++) {
		if (*which == ':')
			continue;
		if (sha256[at] == '\0' || strncasecmp(which, &sha256[at], 1) != 0)
			return false;
		at++;
	}
	return at == 64;
}

const struct trust_entry *trust_list_find(const struct trust_list *list, const char *which)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct trust_entry *entry = &list->entries[i];

		if (strcmp(entry->name, which) == 0 || same_fingerprint(entry->sha256, which))
			return entry;
	}
	return NULL;
}

/* ---- changing ---- */

static enum be_err keep(const struct trust_entry *entry, const struct buffer *pem, bool replace, struct be_error *err)
{
	struct file_output *output = NULL;
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = data_own(&path, DATA_HOME, store_of(entry->role), err);

	if (rc == BE_OK)
		rc = file_make_dirs((const char *)path.data, err);
	if (rc == BE_OK)
		rc = own_file(&path, entry->role, entry->name, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, (const char *)path.data, S_IRUSR | S_IWUSR, replace, err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), pem->data, pem->len, 0, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	buffer_free(&path);
	return rc;
}

enum be_err trust_bundled_read(
	struct buffer *pem, const struct trust_entry *entry, const char *bundle, struct be_error *err)
{
	struct trust_entry file = *entry;
	struct buffer found = BUFFER_EMPTY;
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	if (bundle == NULL) {
		rc = data_find(&found, "trust", err);
		bundle = (const char *)found.data;
	}
	if (rc == BE_OK)
		rc = join(&path, bundle, entry->name, err);
	if (rc == BE_OK)
		rc = describe(&file, pem, (const char *)path.data, err);
	if (rc == BE_OK && strcmp(file.sha256, entry->sha256) != 0)
		rc = be_fail(err, BE_FINGERPRINT,
			N_("A certificate that came with besign is not the one it should be: install besign again"),
			"%s", entry->name);
	buffer_free(&found);
	buffer_free(&path);
	return rc;
}

enum be_err trust_accept(const struct trust_entry *entry, const char *bundle, struct be_error *err)
{
	struct buffer pem = BUFFER_EMPTY;
	enum be_err rc = trust_bundled_read(&pem, entry, bundle, err);

	if (rc == BE_OK)
		rc = keep(entry, &pem, true, err);
	buffer_free(&pem);
	return rc;
}

/* The name to keep a file under: its own, with what could be misread replaced. */
static void plain_name(char out[static TRUST_NAME_MAX], const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash != NULL ? slash + 1 : file;
	const size_t full = strlen(base);
	const size_t without = full > 4 && strcmp(base + full - 4, ".pem") == 0 ? full - 4 : full;
	const size_t len = without < TRUST_NAME_MAX - 1 ? without : TRUST_NAME_MAX - 1;
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	for (size_t i = 0; i < len; i++)
		out[i] = base[i] != '\0' && strchr(plain, base[i]) != NULL && (i > 0 || base[i] != '.') ? base[i] : '_';
	out[len] = '\0';
}

enum be_err trust_describe(struct trust_entry *out, const char *file, struct be_error *err)
{
	struct buffer pem = BUFFER_EMPTY;
	enum be_err rc;

	*out = (struct trust_entry){ .role = TRUST_ANCHOR };
	plain_name(out->name, file);
	rc = describe(out, &pem, file, err);
	buffer_free(&pem);
	return rc;
}

enum be_err trust_add(struct trust_entry *out, const char *file, struct be_error *err)
{
	struct trust_list list = { NULL, 0 };
	struct buffer pem = BUFFER_EMPTY;
	const struct trust_entry *known = NULL;
	enum be_err rc;

	*out = (struct trust_entry){ .role = TRUST_ANCHOR, .accepted = true };
	plain_name(out->name, file);
	rc = describe(out, &pem, file, err);
	if (rc == BE_OK)
		rc = list_store(&list, TRUST_ANCHOR, err);
	if (rc == BE_OK)
		known = trust_list_find(&list, out->sha256);
	/* Added twice is added. */
	if (rc == BE_OK && known == NULL)
		rc = keep(out, &pem, false, err);
	trust_list_free(&list);
	buffer_free(&pem);
	return rc;
}

enum be_err trust_remove(const struct trust_entry *entry, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc;

	if (!entry->accepted)
		return be_fail(err, BE_NOT_FOUND,
			N_("This certificate was not accepted, so there is nothing to remove"), "%s", entry->name);
	rc = own_file(&path, entry->role, entry->name, err);
	if (rc == BE_OK && unlink((const char *)path.data) != 0)
		rc = be_fail_errno(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The certificate cannot be removed"),
			(const char *)path.data);
	buffer_free(&path);
	return rc;
}

enum be_err trust_load(struct pki_anchors *anchors, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	struct buffer dir = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]) && rc == BE_OK; i++) {
		rc = data_own(&dir, DATA_HOME, stores[i], &cause);
		if (rc == BE_OK)
			rc = pki_anchors_add_dir(anchors, (const char *)dir.data, i == 0, &cause);
		if (rc == BE_NOT_FOUND)
			rc = BE_OK;
	}
	buffer_free(&dir);
	if (rc != BE_OK && err != NULL)
		*err = cause;
	return rc;
}
