/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/enrolment.h"

#include "app/paths.h"
#include "base/file.h"
#include "qr/png.h"

#include <string.h>

enum be_err enrolment_code(struct qr *out, const struct wire_enrolment *enrolment, struct be_error *err)
{
	*out = (struct qr){ 0, NULL };
	if (enrolment->uri == NULL)
		return be_fail(err, BE_USAGE, N_("There is no text for the QR code"), NULL);
	return qr_encode_small(out, (const char *)secret_bytes(enrolment->uri), err);
}

void enrolment_key(char out[static ENROLMENT_KEY_MAX], const struct wire_enrolment *enrolment)
{
	const char *key = enrolment->key != NULL ? (const char *)secret_bytes(enrolment->key) : "";
	size_t at = 0;

	for (size_t i = 0; key[i] != '\0' && at + 2 < ENROLMENT_KEY_MAX; i++) {
		if (i > 0 && i % 4 == 0)
			out[at++] = ' ';
		out[at++] = key[i];
	}
	out[at] = '\0';
}

static enum be_err write_out(const char *path, const struct secret *picture, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc = file_output_new(&output, path, 0600, false, err);

	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), secret_bytes(picture), secret_len(picture), 0, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	return rc;
}

enum be_err enrolment_save(
	const struct wire_enrolment *enrolment, const char *path, struct buffer *written, struct be_error *err)
{
	struct secret *picture = NULL;
	struct qr code;
	enum be_err rc = enrolment_code(&code, enrolment, err);

	if (rc == BE_OK)
		rc = qr_png(&picture, &code, err);
	if (rc == BE_OK)
		rc = paths_absolute(written, path, NULL, err);
	if (rc == BE_OK)
		rc = write_out((const char *)written->data, picture, err);
	secret_free(&picture);
	qr_free(&code);
	return rc;
}
