/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/state.h"

#include "app/data.h"
#include "base/config.h"
#include "base/time.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX 524288u

#define DIRECTORY "directory"
#define KEY_FILE "key-file"
#define KEY_NAME "key-name"
#define KEY_ISSUER "key-issuer"
#define KEY_UNTIL "key-until"
#define KEY_SHA256 "key-sha256"
#define CREDENTIAL "credential"
#define CREDENTIAL_STATE "credential-state"
#define CREDENTIAL_NAME "credential-name"
#define CREDENTIAL_ISSUER "credential-issuer"
#define CREDENTIAL_UNTIL "credential-until"
#define CREDENTIAL_RENEW "credential-renew-from"
#define CREDENTIAL_SHA256 "credential-sha256"
#define DOCUMENT "document"
#define SHARE_FOLDER "share-folder"
#define SHARE_MAIL "share-mail"
#define SHARE_SERVER "share-server"
#define SHARE_KEY "share-key"

static void empty(struct state *out)
{
	memset(out, 0, sizeof(*out));
	out->key = KEY_FACTS_UNKNOWN;
	out->credential = CREDENTIAL_NONE;
}

void state_free(struct state *state)
{
	free(state->directory);
	free(state->key_file);
	free(state->share_folder);
	free(state->share_mail);
	free(state->share_server);
	free(state->share_key);
	for (size_t i = 0; i < state->count; i++)
		free(state->documents[i]);
	empty(state);
}

/* ---- reading ---- */

static bool take_path(char **out, const char *value)
{
	if (*out != NULL || value[0] == '\0' || strlen(value) >= PATH_MAX)
		return false;
	*out = strdup(value);
	return *out != NULL;
}

static bool take_array(char *out, size_t size, const char *value, size_t len)
{
	if (len >= size)
		return false;
	memcpy(out, value, len + 1);
	return true;
}

static bool take_sha256(struct key_facts *out, const char *value, size_t len)
{
	return len == 64 && strspn(value, "0123456789abcdef") == len &&
		take_array(out->sha256, sizeof(out->sha256), value, len);
}

static bool take_credential(struct credential *out, const char *name, const char *value, size_t len)
{
	if (strcmp(name, CREDENTIAL) == 0)
		return take_array(out->id, sizeof(out->id), value, len);
	if (strcmp(name, CREDENTIAL_STATE) == 0)
		return take_array(out->state, sizeof(out->state), value, len);
	if (strcmp(name, CREDENTIAL_NAME) == 0)
		return take_array(out->facts.name, sizeof(out->facts.name), value, len);
	if (strcmp(name, CREDENTIAL_ISSUER) == 0)
		return take_array(out->facts.issuer, sizeof(out->facts.issuer), value, len);
	if (strcmp(name, CREDENTIAL_UNTIL) == 0)
		return time_parse(&out->facts.until, value, NULL) == BE_OK;
	if (strcmp(name, CREDENTIAL_RENEW) == 0)
		return time_parse(&out->renew_from, value, NULL) == BE_OK;
	return strcmp(name, CREDENTIAL_SHA256) != 0 || take_sha256(&out->facts, value, len);
}

/* A name that is not known is a later version's. */
static bool take(struct state *out, const struct config_line *line)
{
	const char *value = (const char *)line->value.data;
	const size_t len = line->value.len;

	if (strcmp(line->name, DIRECTORY) == 0)
		return take_path(&out->directory, value);
	if (strcmp(line->name, KEY_FILE) == 0)
		return take_path(&out->key_file, value);
	if (strcmp(line->name, KEY_NAME) == 0)
		return take_array(out->key.name, sizeof(out->key.name), value, len);
	if (strcmp(line->name, KEY_ISSUER) == 0)
		return take_array(out->key.issuer, sizeof(out->key.issuer), value, len);
	if (strcmp(line->name, KEY_UNTIL) == 0)
		return time_parse(&out->key.until, value, NULL) == BE_OK;
	if (strcmp(line->name, KEY_SHA256) == 0)
		return take_sha256(&out->key, value, len);
	if (strncmp(line->name, CREDENTIAL, strlen(CREDENTIAL)) == 0)
		return take_credential(&out->credential, line->name, value, len);
	if (strcmp(line->name, SHARE_FOLDER) == 0)
		return take_path(&out->share_folder, value);
	if (strcmp(line->name, SHARE_MAIL) == 0)
		return take_path(&out->share_mail, value);
	if (strcmp(line->name, SHARE_SERVER) == 0)
		return take_path(&out->share_server, value);
	if (strcmp(line->name, SHARE_KEY) == 0)
		return take_path(&out->share_key, value);
	if (strcmp(line->name, DOCUMENT) != 0)
		return true;
	if (out->count == STATE_DOCUMENTS_MAX || !take_path(&out->documents[out->count], value))
		return false;
	out->count++;
	return true;
}

static bool read_text(struct state *out, const struct buffer *text)
{
	struct config_line line = CONFIG_START;
	bool well = true;

	while (well && config_next(&line, text))
		well = line.kind == CONFIG_REMARK ||
			(line.kind == CONFIG_SETTING && !line.value.failed && take(out, &line));
	config_line_free(&line);
	return well;
}

void state_read(struct state *out)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;

	empty(out);
	if (data_own(&path, DATA_STATE_HOME, "state", NULL) == BE_OK &&
		config_load(&text, (const char *)path.data, FILE_MAX, NULL) == BE_OK && !read_text(out, &text))
		state_free(out);
	buffer_free(&path);
	buffer_free(&text);
}

/* ---- writing ---- */

static void add(struct buffer *text, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		config_add(text, name, value);
}

static void make_text(struct buffer *text, const struct state *state)
{
	const struct credential *credential = &state->credential;
	char until[TIME_TEXT_MAX];

	config_add_remark(text, "besign remembers this; it may be removed");
	add(text, DIRECTORY, state->directory);
	add(text, KEY_FILE, state->key_file);
	add(text, KEY_NAME, state->key.name);
	add(text, KEY_ISSUER, state->key.issuer);
	add(text, KEY_UNTIL, time_format(until, state->key.until));
	add(text, KEY_SHA256, state->key.sha256);
	add(text, CREDENTIAL, credential->id);
	add(text, CREDENTIAL_STATE, credential->state);
	add(text, CREDENTIAL_NAME, credential->facts.name);
	add(text, CREDENTIAL_ISSUER, credential->facts.issuer);
	add(text, CREDENTIAL_UNTIL, time_format(until, credential->facts.until));
	add(text, CREDENTIAL_RENEW, time_format(until, credential->renew_from));
	add(text, CREDENTIAL_SHA256, credential->facts.sha256);
	for (size_t i = 0; i < state->count; i++)
		add(text, DOCUMENT, state->documents[i]);
	add(text, SHARE_FOLDER, state->share_folder);
	add(text, SHARE_MAIL, state->share_mail);
	add(text, SHARE_SERVER, state->share_server);
	add(text, SHARE_KEY, state->share_key);
}

enum be_err state_write(const struct state *state, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = data_own(&path, DATA_STATE_HOME, "state", err);

	make_text(&text, state);
	if (rc == BE_OK)
		rc = config_save((const char *)path.data, &text, err);
	buffer_free(&path);
	buffer_free(&text);
	return rc;
}

/* ---- changing ---- */

void credential_take(struct credential *out, const struct wire_certificate *certificate)
{
	const struct wire_bytes *leaf = certificate->chain.items;
	const bool same = strcmp(out->facts.sha256, certificate->sha256) == 0 && out->facts.name[0] != '\0';
	struct pki_cert_info info;
	char name[PKI_NAME_MAX];

	memcpy(name, out->facts.name, sizeof(name));
	*out = CREDENTIAL_NONE;
	WIRE_SET(out->id, certificate->id);
	WIRE_SET(out->state, certificate->state);
	out->renew_from = certificate->renew_from;
	if (certificate->chain.count > 0 && pki_cert_describe(&info, leaf->data, leaf->len, NULL) == BE_OK) {
		key_facts_take(&out->facts, &info);
		return;
	}
	WIRE_SET(out->facts.name, same ? name : certificate->subject);
	WIRE_SET(out->facts.issuer, certificate->issuer);
	WIRE_SET(out->facts.sha256, certificate->sha256);
	out->facts.until = certificate->not_after;
}

static enum be_err copy_path(char **out, const char *path, struct be_error *err)
{
	if (path[0] == '\0' || strlen(path) >= PATH_MAX)
		return be_fail(err, BE_LIMIT, N_("This is no name that a file can have"), NULL);
	*out = strdup(path);
	return *out != NULL ? BE_OK : be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

static enum be_err set_path(char **at, const char *path, struct be_error *err)
{
	char *copy = NULL;
	enum be_err rc = copy_path(&copy, path, err);

	if (rc == BE_OK) {
		free(*at);
		*at = copy;
	}
	return rc;
}

enum be_err state_set_directory(struct state *state, const char *path, struct be_error *err)
{
	return set_path(&state->directory, path, err);
}

enum be_err state_set_share(char **at, const char *text, struct be_error *err)
{
	if (text != NULL && text[0] != '\0')
		return set_path(at, text, err);
	free(*at);
	*at = NULL;
	return BE_OK;
}

enum be_err state_set_key(struct state *state, const char *path, const struct key_facts *facts, struct be_error *err)
{
	enum be_err rc = set_path(&state->key_file, path, err);

	if (rc == BE_OK)
		state->key = facts != NULL ? *facts : KEY_FACTS_UNKNOWN;
	return rc;
}

enum be_err state_add_document(struct state *state, const char *path, struct be_error *err)
{
	char *copy = NULL;
	size_t gap = 0;
	enum be_err rc = copy_path(&copy, path, err);

	if (rc != BE_OK)
		return rc;
	while (gap < state->count && strcmp(state->documents[gap], path) != 0)
		gap++;
	if (gap == STATE_DOCUMENTS_MAX)
		gap--;
	if (gap < state->count)
		free(state->documents[gap]);
	else
		state->count++;
	memmove(&state->documents[1], &state->documents[0], gap * sizeof(state->documents[0]));
	state->documents[0] = copy;
	return BE_OK;
}
