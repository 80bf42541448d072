/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sample.h"

#include "base/file.h"
#include "base/secret.h"
#include "base/time.h"
#include "pki/make.h"

#include <string.h>
#include <sys/stat.h>

#define HOUR 3600
#define DAYS_30 2592000

enum be_err sample_write(const char *dir, const char *name, const void *bytes, size_t len, struct be_error *err)
{
	struct file_output *output = NULL;
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc;

	buffer_printf(&path, "%s/%s", dir, name);
	buffer_add_byte(&path, '\0');
	rc = buffer_check(&path, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, (const char *)path.data, S_IRUSR | S_IWUSR, true, err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), bytes, len, 0, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	buffer_free(&path);
	return rc;
}

static enum be_err make_trust_dir(const char *dir, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc;

	buffer_printf(&path, "%s/%s", dir, SAMPLE_TRUST_DIR);
	buffer_add_byte(&path, '\0');
	rc = buffer_check(&path, err);
	if (rc == BE_OK)
		rc = file_make_dirs((const char *)path.data, err);
	buffer_free(&path);
	return rc;
}

enum be_err sample_make(const char *dir, struct be_error *err)
{
	const int64_t now = time_now();
	/* An hour back: clocks of other programs that look at the result may be behind. */
	const struct pki_make wish = { .key = PKI_MAKE_P256,
		.authority = "Otoritas Latihan",
		.person = "Penanda Tangan Latihan",
		.organisation = "Instansi Contoh",
		.not_before = now - HOUR,
		.not_after = now + DAYS_30 };
	struct secret *passphrase = NULL;
	struct buffer p12 = BUFFER_EMPTY;
	struct buffer pem = BUFFER_EMPTY;
	enum be_err rc = secret_new(&passphrase, sizeof(SAMPLE_PASSPHRASE), err);

	if (rc == BE_OK)
		rc = secret_add(passphrase, SAMPLE_PASSPHRASE, strlen(SAMPLE_PASSPHRASE), err);
	if (rc == BE_OK)
		rc = pki_make_identity(&p12, &pem, &wish, passphrase, err);
	if (rc == BE_OK)
		rc = make_trust_dir(dir, err);
	if (rc == BE_OK)
		rc = sample_write(dir, SAMPLE_AUTHORITY_FILE, pem.data, pem.len, err);
	if (rc == BE_OK)
		rc = sample_write(dir, SAMPLE_KEY_FILE, p12.data, p12.len, err);
	if (rc == BE_OK)
		rc = sample_write(
			dir, SAMPLE_PASSPHRASE_FILE, SAMPLE_PASSPHRASE "\n", strlen(SAMPLE_PASSPHRASE) + 1, err);
	secret_free(&passphrase);
	buffer_free(&p12);
	buffer_free(&pem);
	return rc;
}
