/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOKEN_TOKEN_PARTS_H
#define TOKEN_TOKEN_PARTS_H

/* What the files of this room share. */

#include "token/token.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>
#include <pthread.h>

#define TOKEN_PIN_MAX 256u

/* What is used of p11-kit, found when it is loaded. */
struct token_library {
	CK_FUNCTION_LIST **(*modules_load_and_initialize)(int flags);
	const char *(*strerror)(CK_RV rv);
	P11KitUri *(*uri_new)(void);
	void (*uri_free)(P11KitUri *uri);
	int (*uri_parse)(const char *text, P11KitUriType type, P11KitUri *uri);
	int (*uri_match_token_info)(P11KitUri *uri, CK_TOKEN_INFO *info);
	int (*uri_match_slot_info)(P11KitUri *uri, CK_SLOT_INFO *info);
	CK_SLOT_ID (*uri_get_slot_id)(P11KitUri *uri);
	const char *(*uri_get_pin_value)(P11KitUri *uri);
	const char *(*uri_get_pin_source)(P11KitUri *uri);
	CK_ATTRIBUTE *(*uri_get_attribute)(P11KitUri *uri, CK_ATTRIBUTE_TYPE type);
};

/* Loaded once for the process, with the modules that the system has configured; BE_UNSUPPORTED. Not unloaded: modules do
 * not like it. */
enum be_err token_library(const struct token_library **out, CK_FUNCTION_LIST ***modules, struct be_error *err);

struct token {
	const struct token_library *lib;
	CK_FUNCTION_LIST *module;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	char label[TOKEN_LABEL_MAX];
	P11KitUri *uri;
	struct secret *pin;   /* for keys that ask for it every time; NULL: none was given */
	pthread_mutex_t lock; /* a session does one thing at a time */
};

/* BE_TOKEN, or what is known better: what was tried, and the module's own word. */
enum be_err token_fail(const struct token *token, CK_RV rv, const char *what, struct be_error *err);

/* The one object of a class with this id; CK_INVALID_HANDLE with BE_NOT_FOUND. Under the lock. */
enum be_err token_object(struct token *token, CK_OBJECT_CLASS kind, const uint8_t *id, size_t len,
	CK_OBJECT_HANDLE *out, struct be_error *err);

/* Appends the value of an attribute; BE_NOT_FOUND when the object has none. Under the lock. */
enum be_err token_attribute(
	struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct buffer *out, struct be_error *err);

/* What a private key says of itself. Under the lock. */
enum be_err token_describe(struct token *token, CK_OBJECT_HANDLE object, struct token_key *out, struct be_error *err);

#endif
