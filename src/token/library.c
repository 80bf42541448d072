/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token/token_parts.h"

#include <dlfcn.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct token_library library;
static CK_FUNCTION_LIST **modules;

/* POSIX promises that a pointer from dlsym is one to a function; C has no way to say it but this. */
#define FIND(member, symbol) find(handle, (symbol), &library.member, sizeof(library.member))

static bool find(void *handle, const char *symbol, void *into, size_t size)
{
	void *found = dlsym(handle, symbol);

	memcpy(into, &found, size);
	return found != NULL;
}

static void load(void)
{
	void *handle = dlopen("libp11-kit.so.0", RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return;
	if (FIND(modules_load_and_initialize, "p11_kit_modules_load_and_initialize") &&
		FIND(strerror, "p11_kit_strerror") && FIND(uri_new, "p11_kit_uri_new") &&
		FIND(uri_free, "p11_kit_uri_free") && FIND(uri_parse, "p11_kit_uri_parse") &&
		FIND(uri_match_token_info, "p11_kit_uri_match_token_info") &&
		FIND(uri_match_slot_info, "p11_kit_uri_match_slot_info") &&
		FIND(uri_get_slot_id, "p11_kit_uri_get_slot_id") &&
		FIND(uri_get_pin_value, "p11_kit_uri_get_pin_value") &&
		FIND(uri_get_pin_source, "p11_kit_uri_get_pin_source") &&
		FIND(uri_get_attribute, "p11_kit_uri_get_attribute"))
		modules = library.modules_load_and_initialize(0);
}

enum be_err token_library(const struct token_library **out, CK_FUNCTION_LIST ***found, struct be_error *err)
{
	(void)pthread_once(&once, load);
	if (modules == NULL)
		return be_fail(err, BE_UNSUPPORTED,
			N_("Tokens cannot be used: p11-kit is not installed, or none of its modules works"), NULL);
	*out = &library;
	*found = modules;
	return BE_OK;
}
