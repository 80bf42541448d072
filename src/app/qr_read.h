/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_QR_READ_H
#define APP_QR_READ_H

/*
 * The QR codes of a file, a picture or a document, or of a camera. Both are decoded in the sandbox (render/render.h);
 * nothing of what a code says is acted upon here.
 */

#include "app/frames.h"
#include "app/qr_content.h"

#define QR_CODES_MAX 256u

struct qr_code {
	uint32_t page; /* 0: of a picture */
	struct qr_content content;
};

struct qr_codes {
	struct qr_code *codes; /* page by page, from the top down; owned */
	size_t count;
	bool more;       /* there were more than QR_CODES_MAX */
	uint32_t pages;  /* of the document; 0 for a picture */
	uint32_t unread; /* pages that could not be looked at: of a size that no paper has, say */
};

/* All borrowed for the call; zero is the default. */
struct qr_read_wish {
	uint32_t page; /* only this one; 0: all */
	const atomic_bool *cancel;
	void (*progress)(void *context, size_t done, size_t count);
	void *context;
};

/* None found is no error. BE_NOT_FOUND, BE_IO; BE_UNSUPPORTED for a file that is neither a PDF document nor a PNG or JPEG
 * picture, and when this build reads no codes; BE_MALFORMED, BE_DAMAGED, BE_ENCRYPTED, BE_LIMIT as the file has it;
 * BE_NO_SUCH_PAGE; BE_HELPER, BE_SANDBOX when nothing is decoded on this computer; BE_CANCELLED. out is empty then. */
enum be_err qr_read_file(struct qr_codes *out, const char *path, const struct qr_read_wish *wish, struct be_error *err);

/* The codes of the first picture that has any. BE_NOT_FOUND when the source ended before; pictures that cannot be decoded
 * are passed over. */
enum be_err qr_read_frames(
	struct qr_codes *out, struct frame_source *source, const struct qr_read_wish *wish, struct be_error *err);
/* The same of the camera. */
enum be_err qr_read_camera(struct qr_codes *out, const struct qr_read_wish *wish, struct be_error *err);

/* Text that was pasted, as if a code had said it. BE_USAGE for nothing but blanks, BE_LIMIT for too much. */
enum be_err qr_read_text(struct qr_codes *out, const char *text, struct be_error *err);

void qr_codes_free(struct qr_codes *codes);

#endif
