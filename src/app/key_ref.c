/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/key_ref.h"

#include "app/paths.h"

#include <string.h>

static const char
	*const words[] = { [KEY_REF_P12] = "p12", [KEY_REF_PKCS11] = "pkcs11", [KEY_REF_CREDENTIAL] = "credential" };

#define KINDS (sizeof(words) / sizeof(words[0]))

const char *key_ref_word(enum key_ref_kind kind)
{
	return words[kind];
}

bool key_ref_kind_of(enum key_ref_kind *out, const char *word)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (strcmp(words[i], word) == 0) {
			*out = (enum key_ref_kind)i;
			return true;
		}
	}
	return false;
}

bool key_ref_is_remote(enum key_ref_kind kind)
{
	return kind == KEY_REF_CREDENTIAL;
}

/* RFC 7512, 2.4: pin-value is the PIN, pin-source says where it is. Attributes are parted by ";" and, behind "?", "&". */
static char *without_pin(const char *uri)
{
	char *out = strdup(uri);
	char *to = out;

	if (out == NULL)
		return NULL;
	for (const char *at = uri; *at != '\0';) {
		size_t len = strcspn(at, ";&?");

		if (strncmp(at, "pin-", 4) == 0) {
			at += len;
			if (*at != '\0')
				at++;
			continue;
		}
		len += at[len] != '\0';
		memcpy(to, at, len);
		to += len;
		at += len;
	}
	while (to > out && strchr(";&?", to[-1]) != NULL)
		to--;
	*to = '\0';
	return out;
}

char *key_ref_keep(const struct key_ref *ref)
{
	struct buffer path = BUFFER_EMPTY;
	char *out = NULL;

	if (ref->kind == KEY_REF_PKCS11)
		return without_pin(ref->name);
	if (ref->kind == KEY_REF_P12 && paths_absolute(&path, ref->name, NULL, NULL) == BE_OK)
		out = strdup((const char *)path.data);
	else
		out = strdup(ref->name);
	buffer_free(&path);
	return out;
}
