/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SHARE_TELL_H
#define CLI_SHARE_TELL_H

/* Telling what became of documents that were shared, and the exit status that goes with it. */

#include "app/share.h"

struct share_telling {
	enum share_way way;
	bool move;
	bool json;
	bool quiet;
};

/* A line for each; returns the exit status. */
int share_tell_all(const struct share_documents *documents, const struct share_telling *how);
/* The status when nothing was started. */
int share_status(enum be_err code);

#endif
