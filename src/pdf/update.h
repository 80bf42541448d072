/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_UPDATE_H
#define PDF_UPDATE_H

/*
 * One incremental update (ISO 32000-2, 7.5.6): new objects and edits of existing ones, as the bytes to append. What is
 * not edited keeps its text to the letter, what does not change is not written again. The cross-reference section is of
 * the kind the file ends with; after a hybrid one it is a plain table. /ID[0], /Info, /Encrypt and whatever else the
 * trailer says stay as they are.
 */

#include "pdf/doc.h"

struct pdf_update;

/* On the newest revision. The document is borrowed. */
enum be_err pdf_update_new(struct pdf_update **out, struct pdf_doc *doc, struct be_error *err);
void pdf_update_free(struct pdf_update **update);

/* New objects get no number below this. */
void pdf_update_number_from(struct pdf_update *update, uint32_t first);
/* A number for a new object, generation 0. */
enum be_err pdf_update_reserve(struct pdf_update *update, uint32_t *number, struct be_error *err);
/* The text of a new object, without obj and endobj; copied. */
enum be_err pdf_update_put(
	struct pdf_update *update, uint32_t number, const void *text, size_t len, struct be_error *err);

/* Edits of an existing object, given by its number; the parts are objects parsed from it. Each place is edited once. */
enum be_err pdf_update_replace(
	struct pdf_update *update, uint32_t number, const struct pdf_obj *part, const char *text, struct be_error *err);
/* Adds text before the closing bracket of an array or dictionary. */
enum be_err pdf_update_insert(struct pdf_update *update, uint32_t number, const struct pdf_obj *container,
	const char *text, struct be_error *err);
/* Gives a key a value, whether it is there already or not. */
enum be_err pdf_update_set(struct pdf_update *update, uint32_t number, const struct pdf_obj *dict, const char *key,
	const char *text, struct be_error *err);

/* Appends to tail all that comes behind the file's present last byte. Then pdf_update_place tells where a new object's
 * text came to stand, counted from the first byte of the file. */
enum be_err pdf_update_finish(struct pdf_update *update, struct buffer *tail, struct be_error *err);
uint64_t pdf_update_place(const struct pdf_update *update, uint32_t number);

#endif
