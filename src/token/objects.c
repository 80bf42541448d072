/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token/token_parts.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 65536u
#define OBJECTS_MAX 1000u

/* ---- finding ---- */

/* At most max handles; count gets how many. */
static enum be_err search(struct token *token, CK_ATTRIBUTE *filter, CK_ULONG filters, CK_OBJECT_HANDLE *found,
	CK_ULONG max, CK_ULONG *count, struct be_error *err)
{
	CK_RV rv = token->module->C_FindObjectsInit(token->session, filter, filters);

	*count = 0;
	if (rv != CKR_OK)
		return token_fail(token, rv, "C_FindObjectsInit", err);
	while (rv == CKR_OK && *count < max) {
		CK_ULONG more = 0;

		rv = token->module->C_FindObjects(token->session, found + *count, max - *count, &more);
		if (rv == CKR_OK && more == 0)
			break;
		*count += more;
	}
	(void)token->module->C_FindObjectsFinal(token->session);
	return rv == CKR_OK ? BE_OK : token_fail(token, rv, "C_FindObjects", err);
}

static enum be_err no_key(struct be_error *err)
{
	return be_fail(err, BE_NOT_FOUND, N_("The token does not have this key"), NULL);
}

enum be_err token_object(struct token *token, CK_OBJECT_CLASS kind, const uint8_t *id, size_t len,
	CK_OBJECT_HANDLE *out, struct be_error *err)
{
	uint8_t copy[TOKEN_ID_MAX];
	CK_ATTRIBUTE filter[] = { { CKA_CLASS, &kind, sizeof(kind) }, { CKA_ID, copy, len } };
	CK_ULONG count = 0;
	enum be_err rc;

	*out = CK_INVALID_HANDLE;
	if (len == 0 || len > sizeof(copy))
		return no_key(err);
	memcpy(copy, id, len);
	rc = search(token, filter, 2, out, 1, &count, err);
	return rc == BE_OK && count == 0 ? no_key(err) : rc;
}

enum be_err token_attribute(
	struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct buffer *out, struct be_error *err)
{
	CK_ATTRIBUTE ask = { type, NULL, 0 };
	CK_RV rv = token->module->C_GetAttributeValue(token->session, object, &ask, 1);
	uint8_t *value;

	if (rv != CKR_OK || ask.ulValueLen == (CK_ULONG)-1 || ask.ulValueLen > VALUE_MAX)
		return no_key(err);
	value = malloc(ask.ulValueLen + 1);
	if (value == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	ask.pValue = value;
	rv = token->module->C_GetAttributeValue(token->session, object, &ask, 1);
	if (rv == CKR_OK)
		buffer_add(out, value, ask.ulValueLen);
	free(value);
	return rv == CKR_OK ? buffer_check(out, err) : token_fail(token, rv, "C_GetAttributeValue", err);
}

/* A number or a truth value; what is not said is what it is by default. */
static CK_ULONG number(struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, size_t size)
{
	struct buffer value = BUFFER_EMPTY;
	CK_ULONG out = 0;

	if (token_attribute(token, object, type, &value, NULL) == BE_OK && value.len == size && size == sizeof(out))
		memcpy(&out, value.data, sizeof(out));
	else if (value.len == size && size == 1)
		out = value.data[0];
	buffer_free(&value);
	return out;
}

enum be_err token_describe(struct token *token, CK_OBJECT_HANDLE object, struct token_key *out, struct be_error *err)
{
	struct buffer value = BUFFER_EMPTY;
	enum be_err rc = token_attribute(token, object, CKA_ID, &value, err);

	*out = (struct token_key){ .id_len = 0 };
	if (rc == BE_OK && (value.len == 0 || value.len > sizeof(out->id)))
		rc = no_key(err);
	if (rc == BE_OK) {
		memcpy(out->id, value.data, value.len);
		out->id_len = value.len;
		buffer_reset(&value);
		if (token_attribute(token, object, CKA_LABEL, &value, NULL) == BE_OK && value.len > 0)
			memcpy(out->label, value.data, value.len < TOKEN_LABEL_MAX ? value.len : TOKEN_LABEL_MAX);
		out->is_rsa = number(token, object, CKA_KEY_TYPE, sizeof(CK_KEY_TYPE)) == CKK_RSA;
		out->always_asks = number(token, object, CKA_ALWAYS_AUTHENTICATE, sizeof(CK_BBOOL)) != 0;
	}
	buffer_free(&value);
	return rc;
}

/* ---- keys ---- */

static CK_ULONG add_wanted(struct token *token, CK_ATTRIBUTE *filter, CK_ULONG n, CK_ATTRIBUTE_TYPE type)
{
	const CK_ATTRIBUTE *wanted = token->lib->uri_get_attribute(token->uri, type);

	if (wanted == NULL)
		return n;
	filter[n] = *wanted;
	return n + 1;
}

/* All handles first: what is called for each may ask the token again. */
static enum be_err list(struct token *token, CK_OBJECT_CLASS kind, const struct token_key *beside,
	CK_OBJECT_HANDLE *found, CK_ULONG *count, struct be_error *err)
{
	uint8_t id[TOKEN_ID_MAX];
	CK_ATTRIBUTE filter[4] = { { CKA_CLASS, &kind, sizeof(kind) } };
	CK_ULONG n = 1;

	if (beside != NULL) {
		memcpy(id, beside->id, beside->id_len);
		filter[n++] = (CK_ATTRIBUTE){ CKA_ID, id, beside->id_len };
	} else if (kind == CKO_PRIVATE_KEY) {
		/* The name is that of the key: what certified it is called otherwise. */
		n = add_wanted(token, filter, n, CKA_ID);
		n = add_wanted(token, filter, n, CKA_LABEL);
	}
	return search(token, filter, n, found, OBJECTS_MAX, count, err);
}

enum be_err token_keys(struct token *token, token_key_fn *each, void *ctx, struct be_error *err)
{
	CK_OBJECT_HANDLE *found = calloc(OBJECTS_MAX, sizeof(*found));
	struct token_key *keys = calloc(OBJECTS_MAX, sizeof(*keys));
	CK_ULONG count = 0;
	size_t known = 0;
	enum be_err rc;

	if (found == NULL || keys == NULL) {
		rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
		goto out;
	}
	(void)pthread_mutex_lock(&token->lock);
	rc = list(token, CKO_PRIVATE_KEY, NULL, found, &count, err);
	/* A key without an id cannot be named afterwards. */
	for (CK_ULONG i = 0; i < count && rc == BE_OK; i++)
		if (token_describe(token, found[i], &keys[known], NULL) == BE_OK)
			known++;
	(void)pthread_mutex_unlock(&token->lock);
	for (size_t i = 0; i < known && rc == BE_OK; i++)
		rc = each(ctx, &keys[i], err);
out:
	free(keys);
	free(found);
	return rc;
}

enum be_err token_key_find(
	struct token *token, const uint8_t *id, size_t len, struct token_key *out, struct be_error *err)
{
	CK_OBJECT_HANDLE object;
	enum be_err rc;

	(void)pthread_mutex_lock(&token->lock);
	rc = token_object(token, CKO_PRIVATE_KEY, id, len, &object, err);
	if (rc == BE_OK)
		rc = token_describe(token, object, out, err);
	(void)pthread_mutex_unlock(&token->lock);
	return rc;
}

static enum be_err remove_one(
	struct token *token, CK_OBJECT_CLASS kind, const struct token_key *key, struct be_error *err)
{
	CK_OBJECT_HANDLE object;
	enum be_err rc = token_object(token, kind, key->id, key->id_len, &object, err);
	CK_RV rv;

	if (rc != BE_OK)
		return rc;
	rv = token->module->C_DestroyObject(token->session, object);
	return rv == CKR_OK ? BE_OK : token_fail(token, rv, "C_DestroyObject", err);
}

enum be_err token_key_remove(struct token *token, const struct token_key *key, struct be_error *err)
{
	enum be_err rc;

	(void)pthread_mutex_lock(&token->lock);
	rc = remove_one(token, CKO_PRIVATE_KEY, key, err);
	if (rc == BE_OK) /* the public one may never have been there */
		(void)remove_one(token, CKO_PUBLIC_KEY, key, NULL);
	(void)pthread_mutex_unlock(&token->lock);
	return rc;
}

enum be_err token_certificates(
	struct token *token, const struct token_key *key, token_certificate_fn *each, void *ctx, struct be_error *err)
{
	CK_OBJECT_HANDLE *found = calloc(OBJECTS_MAX, sizeof(*found));
	struct buffer der = BUFFER_EMPTY;
	CK_ULONG count = 0;
	enum be_err rc;

	if (found == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	(void)pthread_mutex_lock(&token->lock);
	rc = list(token, CKO_CERTIFICATE, key, found, &count, err);
	(void)pthread_mutex_unlock(&token->lock);
	for (CK_ULONG i = 0; i < count && rc == BE_OK; i++) {
		buffer_reset(&der);
		(void)pthread_mutex_lock(&token->lock);
		rc = token_attribute(token, found[i], CKA_VALUE, &der, err);
		(void)pthread_mutex_unlock(&token->lock);
		if (rc == BE_OK)
			rc = each(ctx, der.data, der.len, err);
	}
	buffer_free(&der);
	free(found);
	return rc;
}
