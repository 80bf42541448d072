/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SERVICE_H
#define APP_SERVICE_H

/*
 * Which account service the settings name, and the account there. A command and a screen open it by this, so both have
 * the same session. Asks nothing itself; an embedded service is started by the first question (account/account.h).
 */

#include "account/account.h"
#include "app/settings.h"

/* What stands in the settings for the one on this computer. */
#define SERVICE_EMBEDDED_WORD "embedded"

enum service_kind {
	SERVICE_NOT_CHOSEN, /* opened as the embedded one: a person without a server needs no choice to begin */
	SERVICE_EMBEDDED,
	SERVICE_SERVER
};

enum service_kind service_kind(const struct settings *settings);
/* http:// to another machine: whoever is in between reads everything. To be shown as long as it is so. */
bool service_is_plain(const struct settings *settings);

/* BE_USAGE, and why, for what is neither empty nor "embedded" nor an address that may be asked: https://HOST[:PORT][/PATH]
 * without user name, query or fragment; http:// to this machine itself, or elsewhere with plain. */
enum be_err service_check(const char *service, bool plain, struct be_error *err);

/* Owned by the caller. Errors as service_check and account_open; BE_NOT_FOUND without a home directory. */
enum be_err service_open(struct account **out, const struct settings *settings, struct be_error *err);

#endif
