/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/curl.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct net_curl library;
static bool found;
static char missing[100];

/* clang-format off */
static const struct { const char *name; size_t at; } functions[] = {
	{ "curl_easy_init",           offsetof(struct net_curl, easy_init) },
	{ "curl_easy_cleanup",        offsetof(struct net_curl, easy_cleanup) },
	{ "curl_easy_reset",          offsetof(struct net_curl, easy_reset) },
	{ "curl_easy_setopt",         offsetof(struct net_curl, easy_setopt) },
	{ "curl_easy_getinfo",        offsetof(struct net_curl, easy_getinfo) },
	{ "curl_easy_strerror",       offsetof(struct net_curl, easy_strerror) },
	{ "curl_multi_init",          offsetof(struct net_curl, multi_init) },
	{ "curl_multi_cleanup",       offsetof(struct net_curl, multi_cleanup) },
	{ "curl_multi_add_handle",    offsetof(struct net_curl, multi_add_handle) },
	{ "curl_multi_remove_handle", offsetof(struct net_curl, multi_remove_handle) },
	{ "curl_multi_perform",       offsetof(struct net_curl, multi_perform) },
	{ "curl_multi_poll",          offsetof(struct net_curl, multi_poll) },
	{ "curl_multi_info_read",     offsetof(struct net_curl, multi_info_read) },
	{ "curl_slist_append",        offsetof(struct net_curl, slist_append) },
	{ "curl_slist_free_all",      offsetof(struct net_curl, slist_free_all) },
	{ "curl_url",                 offsetof(struct net_curl, url) },
	{ "curl_url_cleanup",         offsetof(struct net_curl, url_cleanup) },
	{ "curl_url_set",             offsetof(struct net_curl, url_set) },
	{ "curl_url_get",             offsetof(struct net_curl, url_get) },
	{ "curl_free",                offsetof(struct net_curl, free) },
};
/* clang-format on */

/* ---- its memory: headers with tokens and copies of bodies pass through it, so nothing is given back unwiped ---- */

static void wipe_and_free(void *memory)
{
	if (memory == NULL)
		return;
	explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

static void *grow(void *memory, size_t size)
{
	size_t had = memory != NULL ? malloc_usable_size(memory) : 0;
	void *larger = malloc(size != 0 ? size : 1);

	if (larger == NULL || memory == NULL)
		return larger;
	memcpy(larger, memory, had < size ? had : size);
	wipe_and_free(memory);
	return larger;
}

/* ---- finding it ---- */

/* Debian's two flavours have the same interface; the one that shares our OpenSSL comes first. */
static void *open_library(void)
{
	static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };
	void *handle = NULL;

	for (size_t i = 0; handle == NULL && i < sizeof(names) / sizeof(names[0]); i++)
		handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return handle;
}

static bool find_functions(void *handle)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *at = dlsym(handle, functions[i].name);

		if (at == NULL) {
			(void)strncpy(missing, functions[i].name, sizeof(missing) - 1);
			return false;
		}
		memcpy((char *)&library + functions[i].at, &at, sizeof(at));
	}
	return true;
}

/* Never closed again: libcurl and what it loads keep state of the process. */
static void load(void)
{
	CURLcode (*init)(long, curl_malloc_callback, curl_free_callback, curl_realloc_callback, curl_strdup_callback,
		curl_calloc_callback);
	void *handle = open_library();
	void *at = handle != NULL ? dlsym(handle, "curl_global_init_mem") : NULL;

	memcpy(&init, &at, sizeof(at));
	if (at == NULL)
		(void)strncpy(missing, "libcurl (on Debian: the package libcurl4)", sizeof(missing) - 1);
	else
		found = find_functions(handle) &&
			init(CURL_GLOBAL_DEFAULT, malloc, wipe_and_free, grow, strdup, calloc) == CURLE_OK;
}

enum be_err net_curl(const struct net_curl **out, struct be_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	*out = NULL;
	if (pthread_once(&once, load) != 0 || !found)
		return be_fail(err, BE_UNSUPPORTED, N_("This machine has no usable libcurl, which the network needs"),
			"%s", missing);
	*out = &library;
	return BE_OK;
}
