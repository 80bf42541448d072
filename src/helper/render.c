/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * besign-render: looks at the pages of one untrusted document, and draws a signature's visualisation, inside the box.
 * It holds the document's descriptor, may read the fonts of the system and nothing else, and has no key and no network.
 * It lives as long as its document is looked at and answers one request after another.
 */

#include "helper/render.h"

#include "box/box.h"

#include <fontconfig/fontconfig.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECONDS_OF_A_REQUEST 10 /* of processor time */
#define READABLE_MAX 4096u

typedef enum render_fault handler(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);

static enum render_fault do_open(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	(void)request;
	return render_document_open(document, answer);
}

static handler *const handlers[RENDER_OP_COUNT] = {
	[RENDER_OP_OPEN] = do_open,
	[RENDER_OP_PAGE] = render_do_page,
	[RENDER_OP_CELLS] = render_do_cells,
	[RENDER_OP_PIXELS] = render_do_pixels,
	[RENDER_OP_TEXT] = render_do_text,
	[RENDER_OP_FIND] = render_do_find,
	[RENDER_OP_FIELDS] = render_do_fields,
	[RENDER_OP_STAMP] = render_do_stamp,
	[RENDER_OP_CODES] = render_do_codes,
};

static enum be_err serve_one(struct render_document *document, struct be_error *err)
{
	struct render_request request;
	struct render_answer answer = { .fault = RENDER_FINE };
	struct buffer message = BUFFER_EMPTY;
	enum be_err rc = box_receive(&message, RENDER_REQUEST_MAX, err);

	box_more_time(SECONDS_OF_A_REQUEST);
	if (rc == BE_OK)
		rc = render_request_decode(&request, message.data, message.len, err);
	if (rc == BE_OK) {
		answer.op = request.op;
		answer.fault = handlers[request.op](&answer, document, &request);
		if (answer.records.failed || answer.text.failed)
			answer.fault = RENDER_NO_MEMORY;
		if (answer.fault != RENDER_FINE) {
			answer.pages = answer.cols = answer.rows = 0;
			buffer_free(&answer.records);
			buffer_free(&answer.text);
		}
	}
	buffer_reset(&message);
	if (rc == BE_OK)
		rc = render_answer_encode(&message, &answer, err);
	if (rc == BE_OK)
		rc = box_answer(message.data, message.len, err);
	render_answer_free(&answer);
	buffer_free(&message);
	return rc;
}

/* ---- before the lock ---- */

struct readable {
	const char *names[READABLE_MAX + 1];
	size_t count;
};

/* The names stay as long as the process. */
static void add(struct readable *list, const char *name)
{
	if (name != NULL && list->count < READABLE_MAX)
		list->names[list->count++] = name;
}

static void add_all(struct readable *list, FcStrList *names)
{
	FcChar8 *name;

	while (names != NULL && (name = FcStrListNext(names)) != NULL)
		add(list, strdup((const char *)name));
	if (names != NULL)
		FcStrListDone(names);
}

/* A font that lies elsewhere and has only a link among the others. */
static void add_linked(struct readable *list, const FcFontSet *fonts)
{
	for (int i = 0; fonts != NULL && i < fonts->nfont; i++) {
		FcChar8 *name = NULL;
		struct stat st;

		if (FcPatternGetString(fonts->fonts[i], FC_FILE, 0, &name) == FcResultMatch &&
			lstat((const char *)name, &st) == 0 && S_ISLNK(st.st_mode))
			add(list, (const char *)name);
	}
}

/* Fonts, what fontconfig remembers of them, and poppler's tables for the languages of East Asia. */
static void list_readable(struct readable *list)
{
	FcConfig *config = FcConfigGetCurrent();

	list->count = 0;
	add_all(list, FcConfigGetFontDirs(config));
	add_all(list, FcConfigGetCacheDirs(config));
	add_linked(list, FcConfigGetFonts(config, FcSetSystem));
	add(list, "/usr/share/poppler");
	add(list, "/usr/local/share/poppler");
	add(list, "/etc/fonts");
	add(list, "/usr/share/fontconfig");
	list->names[list->count] = NULL;
}

/* What loads code or keeps files open; the converter is never closed, or its code would go again. */
static void warm_up(void)
{
	/* Every thread would reserve 64 MiB of the address space that there is. */
	(void)mallopt(M_ARENA_MAX, 1);
	(void)FcInit();
	/* It would look for new fonts every half minute, and write down what it finds. */
	(void)FcConfigSetRescanInterval(NULL, 0);
	(void)g_iconv_open("UTF-8", "UTF-16BE");
	render_image_warm_up();
}

int main(void)
{
	static struct readable readable;
	static struct render_document document;
	struct be_error error = { .code = BE_OK };
	struct stat st;

	/* Later the number may be another file's. */
	document.given = fstat(BOX_FD_DOCUMENT, &st) == 0 && S_ISREG(st.st_mode);
	warm_up();
	list_readable(&readable);
	if (box_enter_reading(readable.names, &error) != BE_OK)
		return BOX_EXIT_NO_SANDBOX;
	render_letters_warm_up();
	if (box_enter_closed(&error) != BE_OK)
		return BOX_EXIT_NO_SANDBOX;
	while (serve_one(&document, &error) == BE_OK)
		;
	return error.code == BE_NOT_FOUND ? 0 : 1;
}
