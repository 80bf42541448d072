/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/failure.h"

#include "base/time.h"
#include "wire/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct row {
	const char *word;
	unsigned status;
	enum be_err code;
	const char *sentence;
} rows[] = {
#define X(name, word, status, code, sentence) [name] = { word, status, code, sentence },
	WIRE_FAILURE_LIST(X)
#undef X
};

static const struct wire_field failure[] = {
	{ WIRE_TEXT, "error", true, offsetof(struct wire_failure, word), sizeof(((struct wire_failure *)0)->word), 0,
		NULL },
	{ WIRE_TEXT, "error_description", false, offsetof(struct wire_failure, description),
		sizeof(((struct wire_failure *)0)->description), 0, NULL },
	WIRE_AT_TEXT(struct wire_failure, detail, false),
	WIRE_AT_INT(struct wire_failure, tries_left, false),
	WIRE_AT_TIME(struct wire_failure, retry_at, false),
	WIRE_AT_TIME(struct wire_failure, server_time, false),
	WIRE_AT_END,
};
const struct wire_message wire_failure_message = { "Failure", sizeof(struct wire_failure), failure };

static const struct row *row_of(enum wire_failure_code code)
{
	return &rows[(size_t)code < WIRE_FAILURE_COUNT ? code : WIRE_SERVER];
}

const char *wire_failure_word(enum wire_failure_code code)
{
	return row_of(code)->word;
}

const char *wire_failure_sentence(enum wire_failure_code code)
{
	return row_of(code)->sentence;
}

unsigned wire_failure_status(enum wire_failure_code code)
{
	return row_of(code)->status;
}

/* What an error is called here when no row, or not the first one, is meant by it. */
static const struct {
	enum be_err code;
	enum wire_failure_code failure;
} others[] = {
	{ BE_IO, WIRE_SERVER },
	{ BE_DENIED, WIRE_DENIED },
	{ BE_UNSUPPORTED, WIRE_UNSUPPORTED },
	{ BE_FULL, WIRE_FULL },
	{ BE_USAGE, WIRE_INVALID_REQUEST },
	{ BE_KEY_UNFIT, WIRE_UNSUPPORTED },
	{ BE_NO_KEY, WIRE_KEY_FILE },
	{ BE_SEVERAL_KEYS, WIRE_KEY_FILE },
	{ BE_KEY_MISMATCH, WIRE_KEY_FILE },
	{ BE_CANCELLED, WIRE_BUSY },
	{ BE_NO_MEMORY, WIRE_BUSY },
};

enum wire_failure_code wire_failure_of(enum be_err code)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].code == code)
			return others[i].failure;
	for (size_t i = 0; i < WIRE_FAILURE_COUNT; i++)
		if (rows[i].code == code)
			return (enum wire_failure_code)i;
	return WIRE_SERVER;
}

static bool tells_too_much(enum wire_failure_code code)
{
	return code == WIRE_LOGIN || code == WIRE_SERVER || code == WIRE_FULL || code == WIRE_BUSY ||
		code == WIRE_TOKEN;
}

/* A rule that was broken has a sentence of its own, which is more use than the row's. */
static bool has_own_sentence(enum wire_failure_code code)
{
	return code == WIRE_INVALID_REQUEST || code == WIRE_WEAK || code == WIRE_STATE || code == WIRE_SAD ||
		code == WIRE_LINK || code == WIRE_KEY_FILE || code == WIRE_LIMIT || code == WIRE_EXISTS;
}

void wire_failure_fill(struct wire_failure *out, enum wire_failure_code code, const struct be_error *err)
{
	memset(out, 0, sizeof(*out));
	out->code = code;
	WIRE_SET(out->word, wire_failure_word(code));
	WIRE_SET(out->description, wire_failure_sentence(code));
	out->server_time = time_now();
	if (err == NULL || tells_too_much(code))
		return;
	if (err->msgid != NULL && has_own_sentence(code))
		WIRE_SET(out->description, err->msgid);
	for (size_t i = 0; i < sizeof(out->detail) - 1 && err->detail[i] != '\0'; i++)
		out->detail[i] = (unsigned char)err->detail[i] < 0x20 || (unsigned char)err->detail[i] == 0x7F
			? '?'
			: err->detail[i];
	out->tries_left = err->tries_left;
	out->retry_at = err->retry_at;
}

static enum wire_failure_code code_of(const char *word)
{
	/* "Invalid_request" stands in two places of CSC's own text. */
	for (size_t i = 0; i < WIRE_FAILURE_COUNT; i++)
		if (strcasecmp(rows[i].word, word) == 0)
			return (enum wire_failure_code)i;
	return WIRE_FAILURE_COUNT;
}

static enum be_err by_status(unsigned status, struct be_error *err)
{
	if (status == 401)
		return be_fail(err, BE_SESSION, wire_failure_sentence(WIRE_TOKEN), "HTTP %u", status);
	if (status == 429 || status == 503)
		return be_fail(err, BE_BUSY, wire_failure_sentence(WIRE_BUSY), "HTTP %u", status);
	return be_fail(err, BE_NETWORK, N_("What answers there is not the service"), "HTTP %u", status);
}

enum be_err wire_failure_decode(
	struct wire_failure *out, unsigned status, const void *body, size_t len, struct be_error *err)
{
	enum be_err rc = wire_decode(out, &wire_failure_message, body, len, NULL);

	if (rc == BE_NO_MEMORY)
		return be_fail(err, rc, N_("There is not enough memory"), NULL);
	if (rc != BE_OK) {
		out->code = WIRE_FAILURE_COUNT;
		return by_status(status, err);
	}
	out->code = code_of(out->word);
	if (out->code == WIRE_FAILURE_COUNT)
		rc = be_fail(err, BE_DENIED, N_("The service said no"), "%s: %s", out->word, out->description);
	else
		rc = be_fail(err, row_of(out->code)->code, wire_failure_sentence(out->code), "%s",
			out->detail[0] != '\0' ? out->detail : out->description);
	if (err != NULL) {
		err->tries_left = out->tries_left <= UINT32_MAX ? (uint32_t)out->tries_left : 0;
		err->retry_at = out->retry_at == TIME_NONE ? 0 : out->retry_at;
	}
	return rc;
}
