/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNLOCK_BUS_H
#define UNLOCK_BUS_H

/*
 * libsystemd's D-Bus, loaded when it is first used: a run that asks for no fingerprint does not pay for it, and a machine
 * without it lacks nothing else.
 */

#include "base/error.h"

#include <systemd/sd-bus.h>

struct bus_library {
	int (*open_system)(sd_bus **bus);
	sd_bus *(*flush_close_unref)(sd_bus *bus);
	int (*new_method_call)(sd_bus *bus, sd_bus_message **m, const char *destination, const char *path,
		const char *interface, const char *member);
	int (*append_array)(sd_bus_message *m, char type, const void *bytes, size_t size);
	int (*append_basic)(sd_bus_message *m, char type, const void *value);
	int (*call)(sd_bus *bus, sd_bus_message *m, uint64_t usec, sd_bus_error *error, sd_bus_message **reply);
	int (*call_async)(sd_bus *bus, sd_bus_slot **slot, sd_bus_message *m, sd_bus_message_handler_t callback,
		void *context, uint64_t usec);
	int (*process)(sd_bus *bus, sd_bus_message **out);
	int (*wait)(sd_bus *bus, uint64_t usec);
	int (*read_basic)(sd_bus_message *m, char type, void *out);
	int (*read_array)(sd_bus_message *m, char type, const void **bytes, size_t *size);
	int (*sensitive)(sd_bus_message *m);
	const sd_bus_error *(*get_error)(sd_bus_message *m);
	sd_bus_message *(*message_unref)(sd_bus_message *m);
	sd_bus_slot *(*slot_unref)(sd_bus_slot *slot);
	void (*error_free)(sd_bus_error *error);
};

/* BE_UNSUPPORTED when it is not there. */
enum be_err bus_library(const struct bus_library **out, struct be_error *err);

#endif
