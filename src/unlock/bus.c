/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Without its header at build time this file is empty, and fingerprint.c says so to a person. */
#ifdef BESIGN_SD_BUS

#include "unlock/bus.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static struct bus_library library;
static bool found;

/* clang-format off */
static const struct { const char *name; size_t at; } functions[] = {
	{ "sd_bus_open_system",             offsetof(struct bus_library, open_system) },
	{ "sd_bus_flush_close_unref",       offsetof(struct bus_library, flush_close_unref) },
	{ "sd_bus_message_new_method_call", offsetof(struct bus_library, new_method_call) },
	{ "sd_bus_message_append_array",    offsetof(struct bus_library, append_array) },
	{ "sd_bus_message_append_basic",    offsetof(struct bus_library, append_basic) },
	{ "sd_bus_call",                    offsetof(struct bus_library, call) },
	{ "sd_bus_call_async",              offsetof(struct bus_library, call_async) },
	{ "sd_bus_process",                 offsetof(struct bus_library, process) },
	{ "sd_bus_wait",                    offsetof(struct bus_library, wait) },
	{ "sd_bus_message_read_basic",      offsetof(struct bus_library, read_basic) },
	{ "sd_bus_message_read_array",      offsetof(struct bus_library, read_array) },
	{ "sd_bus_message_sensitive",       offsetof(struct bus_library, sensitive) },
	{ "sd_bus_message_get_error",       offsetof(struct bus_library, get_error) },
	{ "sd_bus_message_unref",           offsetof(struct bus_library, message_unref) },
	{ "sd_bus_slot_unref",              offsetof(struct bus_library, slot_unref) },
	{ "sd_bus_error_free",              offsetof(struct bus_library, error_free) },
};
/* clang-format on */

/* Never closed again. */
static void load(void)
{
	void *handle = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle != NULL && i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *at = dlsym(handle, functions[i].name);

		if (at == NULL)
			return;
		memcpy((char *)&library + functions[i].at, &at, sizeof(at));
	}
	found = handle != NULL;
}

enum be_err bus_library(const struct bus_library **out, struct be_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	*out = NULL;
	if (pthread_once(&once, load) != 0 || !found)
		return be_fail(err, BE_UNSUPPORTED,
			N_("This computer has no libsystemd, by which the fingerprint reader is reached"), NULL);
	*out = &library;
	return BE_OK;
}

#endif
