/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RENDER_EXCHANGE_H
#define RENDER_EXCHANGE_H

/*
 * What render.c and besign-render say to each other: one flat request, one flat answer. Both sides are built from the
 * same source, so records pass as they lie in memory; none has padding. What comes back has been in the hands of
 * whoever wrote the document: every number and every string of it is checked here before anybody sees it.
 */

#include "render/render.h"

enum render_op {
	RENDER_OP_OPEN,
	RENDER_OP_PAGE,
	RENDER_OP_CELLS,
	RENDER_OP_PIXELS,
	RENDER_OP_TEXT,
	RENDER_OP_FIND,
	RENDER_OP_FIELDS,
	RENDER_OP_STAMP,
	RENDER_OP_CODES, /* of a page, or of the image that comes along */
	RENDER_OP_COUNT
};

/* Why there is no answer: name, code, sentence. The helper says which, the sentence is the client's. */
#define RENDER_FAULT_LIST(X) \
	X(RENDER_FINE, BE_OK, NULL) \
	X(RENDER_NO_DOCUMENT, BE_USAGE, N_("There is no document to look at")) \
	X(RENDER_NOT_A_PDF, BE_NOT_A_PDF, N_("The file is no PDF document")) \
	X(RENDER_DAMAGED, BE_DAMAGED, N_("The document is damaged; what it shows is not certain")) \
	X(RENDER_ENCRYPTED, BE_ENCRYPTED, N_("The document can only be read with its password")) \
	X(RENDER_NO_PAGE, BE_NO_SUCH_PAGE, N_("The document does not have that page")) \
	X(RENDER_ODD_SIZE, BE_LIMIT, N_("The page has a size that no paper has, so it is not shown")) \
	X(RENDER_TOO_MUCH, BE_LIMIT, N_("There is more on the page than this program agrees to look at")) \
	X(RENDER_NOT_DRAWN, BE_HELPER, N_("It could not be drawn")) \
	X(RENDER_NO_MEMORY, BE_LIMIT, N_("The page needs more memory than this program agrees to use for it")) \
	X(RENDER_IMAGE_UNKNOWN, BE_UNSUPPORTED, N_("The picture is neither a PNG nor a JPEG file")) \
	X(RENDER_IMAGE_BROKEN, BE_MALFORMED, N_("The picture is damaged")) \
	X(RENDER_IMAGE_LARGE, BE_LIMIT, N_("The picture has too many pixels: make it smaller")) \
	X(RENDER_NO_FONT, BE_UNSUPPORTED, N_("No font is installed on this computer, so no text can be drawn")) \
	X(RENDER_NO_GLYPH, BE_UNSUPPORTED, N_("No font on this computer has a character of the text")) \
	X(RENDER_HIDDEN_CHARACTER, BE_UNSUPPORTED, N_("The text has a character that cannot be seen")) \
	X(RENDER_NO_FIT, BE_LIMIT, \
		N_("The text does not fit into the visible signature: make it larger or the text shorter")) \
	X(RENDER_NO_SCANNER, BE_UNSUPPORTED, \
		N_("This besign cannot read QR codes: it was built without the library that does (zxing-cpp)"))

enum render_fault {
#define X(name, code, sentence) name,
	RENDER_FAULT_LIST(X)
#undef X
		RENDER_FAULT_COUNT
};

struct render_request {
	uint32_t op;
	uint32_t page;
	struct render_rect part; /* width 0: the whole page */
	uint32_t cols, rows;     /* cells or pixels */
	uint32_t mode;
	uint32_t frame;
	double width, height, font_size;
	uint32_t qr_side;
	uint32_t line_count;
	const uint8_t *image; /* these three are borrowed: from the caller, or from the message */
	size_t image_len;
	const uint8_t *text; /* line_count strings, each with its NUL */
	size_t text_len;
	const uint8_t *modules; /* qr_side x qr_side */
};

#define RENDER_DETAIL_MAX 168u
#define RENDER_REQUEST_MAX (RENDER_IMAGE_MAX + (1u << 16))
#define RENDER_ANSWER_MAX (RENDER_PIXELS_MAX * 4u + 4096u)
#define RENDER_ITEMS_MAX 20000u    /* lines, finds, fields */
#define RENDER_TEXT_MAX (4u << 20) /* of a page */
#define RENDER_STAMP_MAX (32u << 20)
#define RENDER_PAGES_MAX 10000000u

struct render_answer {
	uint32_t op;
	uint32_t fault; /* enum render_fault; otherwise there is nothing but the detail */
	char detail[RENDER_DETAIL_MAX];
	uint32_t pages;      /* OPEN */
	uint32_t cols, rows; /* CELLS, PIXELS */
	struct buffer
		records;    /* PAGE, CELLS, PIXELS, FIND, FIELDS: the public structs; TEXT, CODES: struct render_rect */
	struct buffer text; /* TEXT, CODES: one string with its NUL for each record; STAMP: a PDF file */
};

/* How many bytes a record of that answer has; 0 for those without. */
size_t render_record_size(uint32_t op);

enum be_err render_request_encode(struct buffer *out, const struct render_request *request, struct be_error *err);
/* BE_MALFORMED for what encode does not give, and for numbers beyond the bounds of render.h. */
enum be_err render_request_decode(struct render_request *out, const uint8_t *bytes, size_t len, struct be_error *err);

enum be_err render_answer_encode(struct buffer *out, const struct render_answer *answer, struct be_error *err);
/* Only an answer to this request is one. A fault is no error of this function. out is to be freed. */
enum be_err render_answer_decode(struct render_answer *out, const struct render_request *request, const uint8_t *bytes,
	size_t len, struct be_error *err);
void render_answer_free(struct render_answer *answer);

/* Whether these are exactly count strings of UTF-8, each with its NUL, and nothing behind them. */
bool render_are_strings(const uint8_t *bytes, size_t len, size_t count);

/* The fault as an error. */
enum be_err render_fault_error(const struct render_answer *answer, struct be_error *err);

#endif
