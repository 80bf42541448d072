/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/qr.h"

#include <qrencode.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static enum be_err check(const char *text, struct be_error *err)
{
	const size_t len = strlen(text);

	if (len == 0)
		return be_fail(err, BE_USAGE, N_("There is no text for the QR code"), NULL);
	if (len > QR_TEXT_MAX)
		return be_fail(err, BE_LIMIT, N_("The text is too long for a QR code"), "%zu bytes of at most %u", len,
			QR_TEXT_MAX);
	return BE_OK;
}

/* Takes the library's code, which may be NULL. */
static enum be_err take(struct qr *out, QRcode *code, struct be_error *err)
{
	const size_t count = code != NULL ? (size_t)code->width * (size_t)code->width : 0;

	out->modules = count > 0 ? malloc(count) : NULL;
	for (size_t i = 0; out->modules != NULL && i < count; i++)
		out->modules[i] = code->data[i] & 1; /* the lowest bit; the others say what the module is for */
	if (code != NULL) {
		out->side = out->modules != NULL ? (uint32_t)code->width : 0;
		explicit_bzero(code->data, count);
		QRcode_free(code);
	}
	return out->modules != NULL ? BE_OK : be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

enum be_err qr_encode(struct qr *out, const char *text, struct be_error *err)
{
	const enum be_err rc = check(text, err);

	*out = (struct qr){ 0, NULL };
	if (rc != BE_OK)
		return rc;
	return take(out, QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M), err);
}

enum be_err qr_encode_small(struct qr *out, const char *text, struct be_error *err)
{
	const enum be_err rc = check(text, err);

	*out = (struct qr){ 0, NULL };
	return rc == BE_OK ? take(out, QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1), err) : rc;
}

bool qr_is_dark(const struct qr *code, int row, int column)
{
	const int side = (int)code->side;

	return row >= 0 && row < side && column >= 0 && column < side && code->modules[row * side + column] == 1;
}

void qr_free(struct qr *code)
{
	if (code->modules != NULL)
		explicit_bzero(code->modules, (size_t)code->side * code->side);
	free(code->modules);
	*code = (struct qr){ 0, NULL };
}
