/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token/token.h"

#include "token/token_parts.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX 64u

enum be_err token_fail(const struct token *token, CK_RV rv, const char *what, struct be_error *err)
{
	const char *word = token->lib->strerror(rv);

	switch (rv) {
	case CKR_HOST_MEMORY:
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	case CKR_PIN_INCORRECT:
	case CKR_PIN_LEN_RANGE:
	case CKR_PIN_INVALID:
		return be_fail(err, BE_WRONG_PASSPHRASE, N_("The PIN of the token is wrong"), NULL);
	case CKR_PIN_LOCKED:
		return be_fail(err, BE_LOCKED, N_("The token is locked after too many wrong PINs"), NULL);
	case CKR_MECHANISM_INVALID:
	case CKR_KEY_TYPE_INCONSISTENT:
	case CKR_KEY_SIZE_RANGE:
		return be_fail(err, BE_UNSUPPORTED, N_("The token cannot do this with its keys"), "%s: %s", what, word);
	case CKR_DEVICE_REMOVED:
	case CKR_TOKEN_NOT_PRESENT:
		return be_fail(err, BE_TOKEN, N_("The token is not there any more"), "%s", what);
	default:
		return be_fail(err, BE_TOKEN, N_("The token refused"), "%s: %s", what, word);
	}
}

/* ---- which token ---- */

static enum be_err parse(struct token *token, const char *uri, struct be_error *err)
{
	token->uri = token->lib->uri_new();
	if (token->uri == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	if (token->lib->uri_parse(uri, P11_KIT_URI_FOR_ANY, token->uri) != P11_KIT_URI_OK)
		return be_fail(err, BE_USAGE, N_("This does not name a token: pkcs11:token=NAME"), "%s", uri);
	if (token->lib->uri_get_pin_value(token->uri) != NULL || token->lib->uri_get_pin_source(token->uri) != NULL)
		return be_fail(err, BE_USAGE, N_("The PIN does not belong into the name of the token"), NULL);
	return BE_OK;
}

/* Labels are padded with blanks and end without a NUL. */
static void copy_label(char *out, const CK_UTF8CHAR *text, size_t size)
{
	while (size > 0 && text[size - 1] == ' ')
		size--;
	memcpy(out, text, size);
	out[size] = '\0';
}

static bool fits(const struct token *token, CK_FUNCTION_LIST *module, CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_SLOT_ID wanted = token->lib->uri_get_slot_id(token->uri);
	CK_SLOT_INFO about;

	if (wanted != (CK_SLOT_ID)-1 && wanted != slot)
		return false;
	return module->C_GetSlotInfo(slot, &about) == CKR_OK && module->C_GetTokenInfo(slot, info) == CKR_OK &&
		token->lib->uri_match_slot_info(token->uri, &about) == 1 &&
		token->lib->uri_match_token_info(token->uri, info) == 1 && (info->flags & CKF_TOKEN_INITIALIZED) != 0;
}

/* One token may be reached through two modules; it is the same one then. */
static bool same_token(const CK_TOKEN_INFO *a, const CK_TOKEN_INFO *b)
{
	return memcmp(a->label, b->label, sizeof(a->label)) == 0 &&
		memcmp(a->serialNumber, b->serialNumber, sizeof(a->serialNumber)) == 0 &&
		memcmp(a->manufacturerID, b->manufacturerID, sizeof(a->manufacturerID)) == 0;
}

static enum be_err choose(struct token *token, CK_FUNCTION_LIST **modules, CK_TOKEN_INFO *chosen, struct be_error *err)
{
	for (; *modules != NULL; modules++) {
		CK_SLOT_ID slots[SLOTS_MAX];
		CK_ULONG count = SLOTS_MAX;

		if ((*modules)->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
			continue;
		for (CK_ULONG i = 0; i < count; i++) {
			CK_TOKEN_INFO info;

			if (!fits(token, *modules, slots[i], &info))
				continue;
			if (token->module == NULL) {
				token->module = *modules;
				token->slot = slots[i];
				*chosen = info;
			} else if (!same_token(chosen, &info)) {
				return be_fail(err, BE_SEVERAL_KEYS,
					N_("Several tokens fit this name; name the serial number as well"), NULL);
			}
		}
	}
	if (token->module == NULL)
		return be_fail(err, BE_NOT_FOUND, N_("There is no such token"), NULL);
	copy_label(token->label, chosen->label, sizeof(chosen->label));
	return BE_OK;
}

/* ---- the session ---- */

/* The last try is left to its owner: whoever locks a card by mistake has lost its keys. */
static enum be_err log_in(
	struct token *token, const CK_TOKEN_INFO *info, const struct secret *pin, struct be_error *err)
{
	CK_UTF8CHAR bytes[TOKEN_PIN_MAX];
	CK_RV rv;

	if (pin == NULL || (info->flags & CKF_LOGIN_REQUIRED) == 0)
		return BE_OK;
	if ((info->flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) != 0)
		return be_fail(err, BE_LOCKED,
			N_("The token is locked, or has one try left, which is not used up here"), NULL);
	memcpy(bytes, secret_bytes(pin), secret_len(pin));
	rv = token->module->C_Login(token->session, CKU_USER, bytes, secret_len(pin));
	explicit_bzero(bytes, sizeof(bytes));
	if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN)
		return token_fail(token, rv, "C_Login", err);
	return BE_OK;
}

static enum be_err keep_pin(struct token *token, const struct secret *pin, struct be_error *err)
{
	enum be_err rc;

	if (pin == NULL)
		return BE_OK;
	rc = secret_new(&token->pin, secret_len(pin), err);
	return rc == BE_OK ? secret_add(token->pin, secret_bytes(pin), secret_len(pin), err) : rc;
}

static enum be_err open_session(
	struct token *token, const CK_TOKEN_INFO *info, const struct secret *pin, struct be_error *err)
{
	CK_FLAGS flags = CKF_SERIAL_SESSION | ((info->flags & CKF_WRITE_PROTECTED) != 0 ? 0 : CKF_RW_SESSION);
	CK_RV rv = token->module->C_OpenSession(token->slot, flags, NULL, NULL, &token->session);
	enum be_err rc;

	if (rv != CKR_OK)
		return token_fail(token, rv, "C_OpenSession", err);
	rc = log_in(token, info, pin, err);
	return rc == BE_OK ? keep_pin(token, pin, err) : rc;
}

enum be_err token_open(struct token **out, const char *uri, const struct secret *pin, struct be_error *err)
{
	const struct token_library *lib = NULL;
	CK_FUNCTION_LIST **modules = NULL;
	struct token *token;
	CK_TOKEN_INFO info;
	enum be_err rc;

	*out = NULL;
	if (pin != NULL && secret_len(pin) > TOKEN_PIN_MAX)
		return be_fail(err, BE_WRONG_PASSPHRASE, N_("The PIN of the token is wrong"), NULL);
	rc = token_library(&lib, &modules, err);
	if (rc != BE_OK)
		return rc;
	token = calloc(1, sizeof(*token));
	if (token == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	token->lib = lib;
	token->session = CK_INVALID_HANDLE;
	(void)pthread_mutex_init(&token->lock, NULL);
	rc = parse(token, uri, err);
	if (rc == BE_OK)
		rc = choose(token, modules, &info, err);
	if (rc == BE_OK)
		rc = open_session(token, &info, pin, err);
	if (rc == BE_OK)
		*out = token;
	else
		token_free(&token);
	return rc;
}

/* The login belongs to all sessions of the process; closing ours leaves the others theirs. */
void token_free(struct token **token)
{
	struct token *t = *token;

	if (t == NULL)
		return;
	if (t->session != CK_INVALID_HANDLE)
		(void)t->module->C_CloseSession(t->session);
	if (t->uri != NULL)
		t->lib->uri_free(t->uri);
	secret_free(&t->pin);
	(void)pthread_mutex_destroy(&t->lock);
	free(t);
	*token = NULL;
}

const char *token_label(const struct token *token)
{
	return token->label;
}
