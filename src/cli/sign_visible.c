/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_visible.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_DIGITS_MAX 7u
#define LENGTH_DIGITS_MAX 6u

/* ---- values ---- */

/* Digits, perhaps with a decimal point: the same in every language. */
static bool take_length(double *out, const char **at)
{
	const size_t whole = strspn(*at, "0123456789");
	double value = 0;
	double place = 1;

	if (whole == 0 || whole > LENGTH_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (*(*at)++ - '0');
	if (**at == '.') {
		const size_t decimals = strspn(++*at, "0123456789");

		if (decimals == 0 || decimals > LENGTH_DIGITS_MAX)
			return false;
		for (size_t i = 0; i < decimals; i++) {
			place /= 10;
			value += place * (*(*at)++ - '0');
		}
	}
	*out = value;
	return true;
}

static bool take_lengths(double *out, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (!take_length(&out[i], &text) || *text != (i + 1 < count ? ',' : '\0'))
			return false;
		text++;
	}
	return true;
}

static bool take_page(uint32_t *out, const char *text)
{
	const size_t len = strlen(text);

	if (strcmp(text, "first") == 0 || strcmp(text, "last") == 0) {
		*out = text[0] == 'f' ? 1 : PDF_PAGE_LAST;
		return true;
	}
	if (len == 0 || len > PAGE_DIGITS_MAX || strspn(text, "0123456789") != len)
		return false;
	*out = (uint32_t)strtoul(text, NULL, 10);
	return *out > 0;
}

static enum be_err take_values(struct visible *out, const struct visible_wishes *wishes, struct be_error *err)
{
	double *rect = out->spot.rect;

	if (wishes->page != NULL && !take_page(&out->spot.page, wishes->page))
		return be_fail(
			err, BE_USAGE, N_("The page is a number from 1, first or last"), "--page %s", wishes->page);
	if (wishes->rect != NULL && !(take_lengths(rect, 4, wishes->rect) && rect[2] > 0 && rect[3] > 0))
		return be_fail(err, BE_USAGE,
			N_("The rectangle is four numbers of points: from the left, from the top, width, height"),
			"--rect %s", wishes->rect);
	if (wishes->size != NULL && !(take_lengths(rect + 2, 2, wishes->size) && rect[2] > 0 && rect[3] > 0))
		return be_fail(err, BE_USAGE, N_("The size is two numbers of points: width, height"), "--size %s",
			wishes->size);
	return BE_OK;
}

/* ---- what goes together ---- */

static const char *without_visible(const struct visible_wishes *w)
{
	const struct {
		bool given;
		const char *name;
	} needing[] = { { w->page != NULL, "--page" }, { w->rect != NULL, "--rect" }, { w->size != NULL, "--size" },
		{ w->anchor != NULL, "--anchor" }, { w->image != NULL, "--image" }, { w->qr != NULL, "--qr" },
		{ w->text[0] != NULL, "--text" } };

	for (size_t i = 0; i < sizeof(needing) / sizeof(needing[0]); i++)
		if (needing[i].given)
			return needing[i].name;
	return NULL;
}

static enum be_err check_place(const struct visible_wishes *w, const char *field, struct be_error *err)
{
	const bool by_rect = w->rect != NULL || w->page != NULL;
	const int places = by_rect + (field != NULL) + (w->anchor != NULL);

	if (places == 0)
		return be_fail(err, BE_USAGE,
			N_("Say where it is to be seen: --page and --rect, or --field, or --anchor"), NULL);
	if (places > 1)
		return be_fail(err, BE_USAGE,
			N_("--page with --rect, --field and --anchor exclude each other: one place is enough"), NULL);
	if (by_rect && w->rect == NULL)
		return be_fail(err, BE_USAGE, N_("A page needs a place on it: add --rect"), NULL);
	if (by_rect && w->page == NULL)
		return be_fail(err, BE_USAGE, N_("A rectangle needs its page: add --page"), NULL);
	if (w->size != NULL && w->anchor == NULL)
		return be_fail(err, BE_USAGE, N_("--size goes with --anchor only"), NULL);
	if (w->anchor != NULL && *w->anchor == '\0')
		return be_fail(err, BE_USAGE, N_("The anchor is a text that stands on the page"), NULL);
	return BE_OK;
}

static enum be_err check_together(const struct visible_wishes *w, const char *field, struct be_error *err)
{
	const char *needing = without_visible(w);

	if (w->visible && w->invisible)
		return be_fail(err, BE_USAGE, N_("--visible and --invisible exclude each other"), NULL);
	if (!w->visible && needing != NULL)
		return be_fail(err, BE_USAGE, N_("This option goes with --visible only"), "%s", needing);
	return w->visible ? check_place(w, field, err) : BE_OK;
}

/* Who says nothing of what is to be seen gets the visualisation. */
static enum be_err take_look(struct visible *out, const struct visible_wishes *wishes, struct be_error *err)
{
	enum be_err rc;

	visual_default(&out->visual);
	if (wishes->image == NULL && wishes->qr == NULL && wishes->text[0] == NULL) {
		rc = visual_read(&out->visual, err);
		if (rc == BE_OK)
			rc = visual_look(&out->kept, &out->visual, err);
		out->look = out->kept.look;
		return rc;
	}
	out->look = (struct sign_look){ .image = wishes->image, .qr = wishes->qr, .lines = wishes->text };
	while (wishes->text[out->look.line_count] != NULL)
		out->look.line_count++;
	return BE_OK;
}

enum be_err visible_choose(
	struct visible *out, const struct visible_wishes *wishes, const char *field, struct be_error *err)
{
	enum be_err rc = check_together(wishes, field, err);

	memset(out, 0, sizeof(*out));
	if (rc != BE_OK || !wishes->visible)
		return rc;
	out->wanted = true;
	out->anchor = wishes->anchor;
	rc = take_look(out, wishes, err);
	if (wishes->anchor != NULL) {
		out->spot.rect[2] = out->visual.width;
		out->spot.rect[3] = out->visual.height;
	}
	if (rc == BE_OK)
		rc = take_values(out, wishes, err);
	return rc == BE_OK ? sign_look_check(&out->look, err) : rc;
}

/* ---- for these documents ---- */

/* The drawing has shown that there is a helper: what fails here is one document's own. */
static enum be_err find_anchors(
	struct visible *visible, struct outputs *outputs, const atomic_bool *cancel, struct be_error *err)
{
	visible->spots = calloc(outputs->count, sizeof(*visible->spots));
	if (visible->spots == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	for (size_t i = 0; i < outputs->count; i++) {
		struct sign_document *document = &outputs->documents[i];
		struct pdf_sign_spot *spot = &visible->spots[i];

		if (document->result != BE_OK)
			continue;
		*spot = visible->spot;
		document->spot = spot;
		if (atomic_load(cancel))
			document->result = be_fail(&document->error, BE_CANCELLED,
				N_("Signing was cancelled; this document is not signed"), NULL);
		else
			document->result =
				sign_look_anchor(spot, document->input, visible->anchor, cancel, &document->error);
	}
	return BE_OK;
}

enum be_err visible_prepare(struct visible *visible, struct sign_options *options, const struct signer *signer,
	struct outputs *outputs, const atomic_bool *cancel, struct be_error *err)
{
	enum be_err rc;

	if (!visible->wanted)
		return BE_OK;
	options->spot = visible->spot;
	rc = sign_look_draw(&visible->pdf, &visible->look, options, signer, outputs->documents, outputs->count, err);
	options->appearance = visible->pdf.data;
	options->appearance_len = visible->pdf.len;
	if (rc == BE_OK && visible->anchor != NULL)
		rc = find_anchors(visible, outputs, cancel, err);
	return rc;
}

void visible_free(struct visible *visible)
{
	buffer_free(&visible->pdf);
	visual_look_free(&visible->kept);
	free(visible->spots);
	visible->spots = NULL;
}
