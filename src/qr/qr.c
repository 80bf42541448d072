/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/qr.h"

#include <qrencode.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum be_err qr_encode(struct qr *out, const char *text, struct be_error *err)
{
	const size_t len = strlen(text);
	QRcode *code;
	size_t count;

	*out = (struct qr){ 0, NULL };
	if (len == 0)
		return be_fail(err, BE_USAGE, N_("There is no text for the QR code"), NULL);
	if (len > QR_TEXT_MAX)
		return be_fail(err, BE_LIMIT, N_("The text is too long for a QR code"), "%zu bytes of at most %u", len,
			QR_TEXT_MAX);
	code = QRcode_encodeData((int)len, (const unsigned char *)text, 0, QR_ECLEVEL_M);
	if (code == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	count = (size_t)code->width * (size_t)code->width;
	out->modules = malloc(count);
	if (out->modules == NULL) {
		QRcode_free(code);
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	}
	out->side = (uint32_t)code->width;
	for (size_t i = 0; i < count; i++)
		out->modules[i] = code->data[i] & 1; /* the lowest bit; the others say what the module is for */
	QRcode_free(code);
	return BE_OK;
}

void qr_free(struct qr *code)
{
	if (code->modules != NULL)
		explicit_bzero(code->modules, (size_t)code->side * code->side);
	free(code->modules);
	*code = (struct qr){ 0, NULL };
}
