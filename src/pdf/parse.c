/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/object.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Items of arrays and dictionaries wait here until their closing bracket tells how many they are; then they move to the
 * arena. */
struct stack {
	struct pdf_obj *items;
	size_t len;
	size_t cap;
};

struct parser {
	struct pdf_cursor *c;
	struct pdf_arena *arena;
	struct stack stack;
	struct be_error *err;
};

bool pdf_is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

bool pdf_is_delimiter(uint8_t c)
{
	return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' || c == '}' ||
		c == '/' || c == '%';
}

static bool is_regular(uint8_t c)
{
	return !pdf_is_space(c) && !pdf_is_delimiter(c);
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

void pdf_skip_space(struct pdf_cursor *c)
{
	while (c->at < c->end) {
		if (*c->at == '%') {
			while (c->at < c->end && *c->at != '\n' && *c->at != '\r')
				c->at++;
		} else if (pdf_is_space(*c->at)) {
			c->at++;
		} else {
			return;
		}
	}
}

bool pdf_skip_keyword(struct pdf_cursor *c, const char *keyword)
{
	size_t len = strlen(keyword);

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, keyword, len) != 0)
		return false;
	if (c->at + len < c->end && is_regular(c->at[len]))
		return false;
	c->at += len;
	return true;
}

bool pdf_read_number(struct pdf_cursor *c, uint64_t *out)
{
	const uint8_t *first = c->at;
	const uint8_t *at = c->at;
	uint64_t value = 0;

	while (at < c->end && is_digit(*at)) {
		if (at - first >= 19)
			return false;
		value = value * 10 + (uint64_t)(*at - '0');
		at++;
	}
	if (at == first || (at < c->end && is_regular(*at)))
		return false;
	c->at = at;
	*out = value;
	return true;
}

static enum be_err malformed(const struct parser *p, const char *what)
{
	return be_fail(p->err, BE_MALFORMED, N_("The document's structure is broken"), "%s at %td", what,
		p->c->at - p->c->start);
}

static enum be_err push(struct parser *p, const struct pdf_obj *obj)
{
	if (p->stack.len == p->stack.cap) {
		size_t cap = p->stack.cap != 0 ? p->stack.cap * 2 : 64;
		struct pdf_obj *grown = reallocarray(p->stack.items, cap, sizeof(*grown));

		if (grown == NULL)
			return be_fail(p->err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
		p->stack.items = grown;
		p->stack.cap = cap;
	}
	p->stack.items[p->stack.len++] = *obj;
	return BE_OK;
}

/* Moves what was pushed since mark into the arena. */
static enum be_err settle(struct parser *p, size_t mark, const struct pdf_obj **items, size_t *count)
{
	size_t n = p->stack.len - mark;
	struct pdf_obj *place = NULL;

	*items = NULL;
	*count = n;
	if (n == 0)
		return BE_OK;
	if (n <= UINT32_MAX)
		place = pdf_arena_take(p->arena, n * sizeof(*place));
	if (place == NULL)
		return be_fail(p->err, BE_LIMIT, N_("The document has more objects than can be looked at"), NULL);
	memcpy(place, p->stack.items + mark, n * sizeof(*place));
	p->stack.len = mark;
	*items = place;
	return BE_OK;
}

static enum be_err parse_value(struct parser *p, unsigned depth, struct pdf_obj *out);

static enum be_err too_deep(const struct parser *p)
{
	return be_fail(p->err, BE_LIMIT, N_("The document is nested too deeply"), "at %td", p->c->at - p->c->start);
}

static enum be_err parse_name(struct parser *p, struct pdf_obj *out)
{
	out->type = PDF_NAME;
	p->c->at++;
	while (p->c->at < p->c->end && is_regular(*p->c->at))
		p->c->at++;
	return BE_OK;
}

static enum be_err parse_literal_string(struct parser *p, struct pdf_obj *out)
{
	struct pdf_cursor *c = p->c;
	size_t open = 0;

	out->type = PDF_STRING;
	for (; c->at < c->end; c->at++) {
		if (*c->at == '\\' && c->at + 1 < c->end)
			c->at++;
		else if (*c->at == '(')
			open++;
		else if (*c->at == ')' && --open == 0) {
			c->at++;
			return BE_OK;
		}
	}
	return malformed(p, "a string without end");
}

static enum be_err parse_hex_string(struct parser *p, struct pdf_obj *out)
{
	struct pdf_cursor *c = p->c;
	const uint8_t *close = memchr(c->at, '>', (size_t)(c->end - c->at));

	out->type = PDF_STRING;
	if (close == NULL)
		return malformed(p, "a hexadecimal string without end");
	c->at = close + 1;
	return BE_OK;
}

static enum be_err parse_array(struct parser *p, unsigned depth, struct pdf_obj *out)
{
	size_t mark = p->stack.len;
	size_t count;
	struct pdf_obj item;
	enum be_err rc;

	if (depth == PDF_NESTING_MAX)
		return too_deep(p);
	out->type = PDF_ARRAY;
	p->c->at++;
	for (;;) {
		pdf_skip_space(p->c);
		if (p->c->at == p->c->end)
			return malformed(p, "an array without end");
		if (*p->c->at == ']')
			break;
		rc = parse_value(p, depth + 1, &item);
		if (rc == BE_OK)
			rc = push(p, &item);
		if (rc != BE_OK)
			return rc;
	}
	p->c->at++;
	rc = settle(p, mark, &out->u.items, &count);
	out->count = (uint32_t)count;
	return rc;
}

static enum be_err parse_dict(struct parser *p, unsigned depth, struct pdf_obj *out)
{
	size_t mark = p->stack.len;
	size_t count;
	struct pdf_obj item;
	enum be_err rc;

	if (depth == PDF_NESTING_MAX)
		return too_deep(p);
	out->type = PDF_DICT;
	p->c->at += 2;
	for (;;) {
		pdf_skip_space(p->c);
		if (p->c->end - p->c->at < 2)
			return malformed(p, "a dictionary without end");
		if (p->c->at[0] == '>' && p->c->at[1] == '>')
			break;
		if (*p->c->at != '/' && (p->stack.len - mark) % 2 == 0)
			return malformed(p, "a dictionary key that is no name");
		rc = parse_value(p, depth + 1, &item);
		if (rc == BE_OK)
			rc = push(p, &item);
		if (rc != BE_OK)
			return rc;
	}
	if ((p->stack.len - mark) % 2 != 0)
		return malformed(p, "a dictionary key without value");
	p->c->at += 2;
	rc = settle(p, mark, &out->u.items, &count);
	out->count = (uint32_t)(count / 2);
	return rc;
}

/* A whole number may begin a reference: "12 0 R" (7.3.10). */
static bool parse_reference(struct parser *p, struct pdf_obj *out)
{
	struct pdf_cursor ahead = *p->c;
	uint64_t number;
	uint64_t generation;

	if (!pdf_read_number(&ahead, &number) || number > UINT32_MAX)
		return false;
	pdf_skip_space(&ahead);
	if (!pdf_read_number(&ahead, &generation) || generation > UINT16_MAX)
		return false;
	pdf_skip_space(&ahead);
	if (!pdf_skip_keyword(&ahead, "R"))
		return false;
	out->type = PDF_REF;
	out->u.ref.number = (uint32_t)number;
	out->u.ref.generation = (uint32_t)generation;
	p->c->at = ahead.at;
	return true;
}

/* The locale must not decide what a decimal point is, so strtod is of no use here. */
static enum be_err parse_plain_number(struct parser *p, struct pdf_obj *out)
{
	struct pdf_cursor *c = p->c;
	bool negative = *c->at == '-';
	bool fraction = false;
	bool whole_fits = true;
	double value = 0;
	double scale = 1;
	int64_t whole = 0;
	size_t digits = 0;

	if (*c->at == '+' || *c->at == '-')
		c->at++;
	for (; c->at < c->end && (is_digit(*c->at) || (*c->at == '.' && !fraction)); c->at++) {
		if (*c->at == '.') {
			fraction = true;
			continue;
		}
		digits++;
		value = value * 10 + (*c->at - '0');
		if (fraction)
			scale *= 10;
		else if (__builtin_mul_overflow(whole, 10, &whole) ||
			__builtin_add_overflow(whole, *c->at - '0', &whole))
			whole_fits = false;
	}
	if (digits == 0 || (c->at < c->end && is_regular(*c->at)))
		return malformed(p, "no object");
	if (fraction || !whole_fits) {
		out->type = PDF_REAL;
		out->u.real = (negative ? -value : value) / scale;
		if (!isfinite(out->u.real))
			return malformed(p, "a number out of range");
	} else {
		out->type = PDF_INT;
		out->u.integer = negative ? -whole : whole;
	}
	return BE_OK;
}

static enum be_err parse_keyword(struct parser *p, struct pdf_obj *out)
{
	if (pdf_skip_keyword(p->c, "null")) {
		out->type = PDF_NULL;
	} else if (pdf_skip_keyword(p->c, "true")) {
		out->type = PDF_BOOL;
		out->u.boolean = true;
	} else if (pdf_skip_keyword(p->c, "false")) {
		out->type = PDF_BOOL;
	} else {
		return malformed(p, "no object");
	}
	return BE_OK;
}

static enum be_err parse_value(struct parser *p, unsigned depth, struct pdf_obj *out)
{
	struct pdf_cursor *c = p->c;
	enum be_err rc;

	pdf_skip_space(c);
	if (c->at == c->end)
		return malformed(p, "no object");
	memset(out, 0, sizeof(*out));
	out->text = c->at;
	if (*c->at == '/')
		rc = parse_name(p, out);
	else if (*c->at == '(')
		rc = parse_literal_string(p, out);
	else if (*c->at == '<' && c->end - c->at > 1 && c->at[1] == '<')
		rc = parse_dict(p, depth, out);
	else if (*c->at == '<')
		rc = parse_hex_string(p, out);
	else if (*c->at == '[')
		rc = parse_array(p, depth, out);
	else if (is_digit(*c->at) && parse_reference(p, out))
		rc = BE_OK;
	else if (is_digit(*c->at) || *c->at == '+' || *c->at == '-' || *c->at == '.')
		rc = parse_plain_number(p, out);
	else
		rc = parse_keyword(p, out);
	out->size = (size_t)(c->at - out->text);
	return rc;
}

enum be_err pdf_parse(struct pdf_cursor *c, struct pdf_arena *arena, struct pdf_obj *out, struct be_error *err)
{
	struct parser p = { c, arena, { NULL, 0, 0 }, err };
	enum be_err rc = parse_value(&p, 0, out);

	free(p.stack.items);
	return rc;
}
