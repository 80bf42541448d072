/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch_text.h"

#include "base/config.h"
#include "base/time.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "1"
/* Points are written as whole millionths: no locale has a say in that. */
#define POINT 1e6

static const char *const words[] = { [BATCH_WORD_SIGNED] = "signed",
	[BATCH_WORD_UNKNOWN] = "unknown",
	[BATCH_WORD_ASKED] = "asked",
	[BATCH_WORD_ANSWERED] = "answered" };

#define WORDS (sizeof(words) / sizeof(words[0]))

const char *batch_text_word(enum batch_word word)
{
	return words[word];
}

/* ---- writing ---- */

static void add(struct buffer *text, const char *name, const char *value)
{
	if (value != NULL)
		config_add(text, name, value);
}

static void add_stat(struct buffer *text, const char *name, const struct batch_stat *stat)
{
	buffer_printf(text, "%s = %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64 "\n", name, stat->inode, stat->size,
		stat->modified, stat->changed);
}

static void add_document(struct buffer *text, const struct batch *batch, const struct batch_document *document)
{
	const struct pdf_sign_spot *spot = &document->spot;

	config_add(text, "document", document->input);
	config_add(text, "output", document->output);
	add_stat(text, "document-is", &document->input_is);
	add_stat(text, "output-was", &document->output_was);
	if (!batch->seen || batch->field != NULL)
		return;
	buffer_printf(text, "spot = %" PRIu32, spot->page);
	for (size_t i = 0; i < 4; i++)
		buffer_printf(text, " %" PRId64, (int64_t)(spot->rect[i] * POINT + (spot->rect[i] < 0 ? -0.5 : 0.5)));
	buffer_add_byte(text, '\n');
}

void batch_text_make(struct buffer *text, const struct batch *batch)
{
	char time[TIME_TEXT_MAX];

	config_add_remark(text, "besign writes this down so that an interrupted batch can be finished");
	config_add(text, "version", VERSION);
	config_add(text, "time", time_format(time, batch->time));
	config_add(text, "key-kind", key_ref_word(batch->key_kind));
	config_add(text, "key", batch->key);
	config_add(text, "signer", batch->signer);
	config_add(text, "certificate", batch->certificate);
	add(text, "replace", batch->replace ? "yes" : NULL);
	add(text, "directory", batch->dir);
	add(text, "sub-filter", batch->sub_filter);
	add(text, "digest", batch->digest != DIGEST_NONE ? digest_name(batch->digest) : NULL);
	add(text, "scheme", batch->pss ? "pss" : NULL);
	add(text, "field", batch->field);
	add(text, "name", batch->name);
	add(text, "reason", batch->reason);
	add(text, "location", batch->location);
	add(text, "contact", batch->contact);
	add(text, "look", batch->seen ? "yes" : NULL);
	add(text, "look-image", batch->image);
	add(text, "look-qr", batch->qr);
	for (size_t i = 0; i < batch->line_count; i++)
		config_add(text, "look-line", batch->lines[i]);
	for (size_t i = 0; i < batch->count; i++)
		add_document(text, batch, &batch->documents[i]);
	buffer_printf(text, "documents = %zu\n", batch->count);
}

/* ---- reading ---- */

/* What is gathered while the lines are read. */
struct reading {
	struct batch *batch;
	size_t room;      /* for documents */
	size_t line_room; /* for lines of the look */
	bool *asked;      /* by document, once all are there; owned */
	bool whole;       /* the line with the number of documents was there */
};

static bool take_text(char **out, const char *value)
{
	if (*out != NULL)
		return false;
	*out = strdup(value);
	return *out != NULL;
}

static bool take_numbers(int64_t *out, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++) {
		char *end = NULL;

		if (strchr("-0123456789", value[0]) == NULL || value[0] == '\0')
			return false;
		errno = 0;
		out[i] = strtoll(value, &end, 10);
		if (errno != 0 || end == value || *end != (i + 1 < count ? ' ' : '\0'))
			return false;
		value = end + 1;
	}
	return true;
}

static bool take_stat(struct batch_stat *out, const char *value)
{
	int64_t numbers[4];

	if (!take_numbers(numbers, 4, value))
		return false;
	*out = (struct batch_stat){ (uint64_t)numbers[0], (uint64_t)numbers[1], numbers[2], numbers[3] };
	return true;
}

static bool take_spot(struct pdf_sign_spot *out, const char *value)
{
	int64_t numbers[5];

	if (!take_numbers(numbers, 5, value) || numbers[0] < 1 || numbers[0] > (int64_t)PDF_PAGE_LAST)
		return false;
	out->page = (uint32_t)numbers[0];
	for (size_t i = 0; i < 4; i++)
		out->rect[i] = (double)numbers[i + 1] / POINT;
	return true;
}

static bool take_line(struct reading *r, const char *value)
{
	struct batch *b = r->batch;

	if (b->line_count == r->line_room) {
		char **grown = reallocarray(b->lines, r->line_room + 16, sizeof(*grown));

		if (grown == NULL)
			return false;
		b->lines = grown;
		r->line_room += 16;
	}
	b->lines[b->line_count] = strdup(value);
	return b->lines[b->line_count] != NULL && ++b->line_count > 0;
}

static bool take_document(struct reading *r, const char *value)
{
	struct batch *b = r->batch;

	if (r->whole || value[0] != '/')
		return false;
	if (b->count == r->room) {
		const size_t room = r->room > 0 ? 2 * r->room : 16;
		struct batch_document *grown = reallocarray(b->documents, room, sizeof(*grown));

		if (grown == NULL)
			return false;
		b->documents = grown;
		r->room = room;
	}
	b->documents[b->count] = (struct batch_document){ .input = strdup(value) };
	return b->documents[b->count].input != NULL && ++b->count > 0;
}

static bool take_count(struct reading *r, const char *value)
{
	int64_t count;

	if (r->whole || !take_numbers(&count, 1, value) || count < 1 || (size_t)count != r->batch->count)
		return false;
	for (size_t i = 0; i < r->batch->count; i++)
		if (r->batch->documents[i].output == NULL)
			return false;
	r->asked = calloc(r->batch->count, sizeof(*r->asked));
	r->whole = true;
	return r->asked != NULL;
}

static bool take_word(struct reading *r, enum batch_word word, const char *value)
{
	int64_t index;
	struct batch_document *document;

	if (!r->whole || !take_numbers(&index, 1, value) || index < 0 || (size_t)index >= r->batch->count)
		return false;
	document = &r->batch->documents[index];
	if (word == BATCH_WORD_SIGNED)
		document->mark = BATCH_SIGNED;
	else if (word == BATCH_WORD_UNKNOWN)
		document->mark = BATCH_UNKNOWN;
	else if (document->mark == BATCH_UNKNOWN)
		document->mark = BATCH_LEFT; /* it was tried once more, on purpose */
	r->asked[index] = word == BATCH_WORD_ASKED;
	return true;
}

static bool take_digest(struct batch *b, const char *value)
{
	static const enum digest_alg algs[] = { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };

	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		if (strcmp(digest_name(algs[i]), value) == 0)
			b->digest = algs[i];
	return b->digest != DIGEST_NONE;
}

static bool take_certificate(struct batch *b, const char *value)
{
	if (strlen(value) != 64 || strspn(value, "0123456789abcdef") != 64)
		return false;
	memcpy(b->certificate, value, 65);
	return true;
}

/* Names that stand once, with a text. */
static char **text_of(struct batch *b, const char *name)
{
	const struct {
		const char *name;
		char **at;
	} texts[] = { { "key", &b->key }, { "signer", &b->signer }, { "directory", &b->dir },
		{ "sub-filter", &b->sub_filter }, { "field", &b->field }, { "name", &b->name },
		{ "reason", &b->reason }, { "location", &b->location }, { "contact", &b->contact },
		{ "look-image", &b->image }, { "look-qr", &b->qr } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, name) == 0)
			return texts[i].at;
	return NULL;
}

static bool take_of_document(struct reading *r, const char *name, const char *value)
{
	struct batch_document *document = &r->batch->documents[r->batch->count - 1];

	if (strcmp(name, "output") == 0)
		return value[0] == '/' && take_text(&document->output, value);
	if (strcmp(name, "document-is") == 0)
		return take_stat(&document->input_is, value);
	if (strcmp(name, "output-was") == 0)
		return take_stat(&document->output_was, value);
	return strcmp(name, "spot") == 0 && take_spot(&document->spot, value);
}

/* Another version may mean something else by the same words: what is not known is refused. */
static bool take(struct reading *r, const char *name, const char *value)
{
	struct batch *b = r->batch;
	char **text = text_of(b, name);

	if (text != NULL)
		return !r->whole && take_text(text, value);
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(words[i], name) == 0)
			return take_word(r, (enum batch_word)i, value);
	if (strcmp(name, "version") == 0)
		return strcmp(value, VERSION) == 0;
	if (strcmp(name, "time") == 0)
		return time_parse(&b->time, value, NULL) == BE_OK;
	if (strcmp(name, "key-kind") == 0)
		return key_ref_kind_of(&b->key_kind, value);
	if (strcmp(name, "certificate") == 0)
		return take_certificate(b, value);
	if (strcmp(name, "digest") == 0)
		return take_digest(b, value);
	if (strcmp(name, "replace") == 0)
		return (b->replace = strcmp(value, "yes") == 0);
	if (strcmp(name, "scheme") == 0)
		return (b->pss = strcmp(value, "pss") == 0);
	if (strcmp(name, "look") == 0)
		return (b->seen = strcmp(value, "yes") == 0);
	if (strcmp(name, "look-line") == 0)
		return take_line(r, value);
	if (strcmp(name, "document") == 0)
		return take_document(r, value);
	if (strcmp(name, "documents") == 0)
		return take_count(r, value);
	return b->count > 0 && !r->whole && take_of_document(r, name, value);
}

static bool read_lines(struct reading *r, const struct buffer *text)
{
	struct config_line line = CONFIG_START;
	bool well = true;

	while (well && config_next(&line, text))
		well = line.kind == CONFIG_REMARK ||
			(line.kind == CONFIG_SETTING && !line.value.failed &&
				take(r, line.name, (const char *)line.value.data));
	config_line_free(&line);
	return well && r->whole && r->batch->key != NULL && r->batch->signer != NULL &&
		r->batch->certificate[0] != '\0';
}

/* A mark that the program or the power went off over: it is not there. */
static void cut_torn_line(struct buffer *text)
{
	const uint8_t *zero = text->len > 0 ? memchr(text->data, '\0', text->len) : NULL;
	const uint8_t *newline;

	if (zero != NULL)
		text->len = (size_t)(zero - text->data);
	newline = text->len > 0 ? memrchr(text->data, '\n', text->len) : NULL;
	text->len = newline != NULL ? (size_t)(newline - text->data) + 1 : 0;
}

enum be_err batch_text_take(struct batch *batch, struct buffer *text, const char *path, struct be_error *err)
{
	struct reading r = { .batch = batch };
	bool well;

	cut_torn_line(text);
	batch->end = text->len;
	well = read_lines(&r, text);
	for (size_t i = 0; well && i < batch->count; i++)
		if (r.asked[i] && batch->documents[i].mark == BATCH_LEFT)
			batch->documents[i].mark = BATCH_UNKNOWN;
	free(r.asked);
	return well
		? BE_OK
		: be_fail(err, BE_MALFORMED, N_("The record of the interrupted batch is not understood"), "%s", path);
}
