/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_MESSAGE_H
#define VERIFY_MESSAGE_H

/*
 * The facts about a signature that come from its CMS message, its certificates and its time stamp. Gates have been
 * passed before.
 */

#include "verify/gates.h"
#include "verify/judge.h"

/* Digests the file by pread, decodes /Contents, checks message, chain and time stamp. Only memory is an error; a file
 * that cannot be read is FACTS_GATE_READ. */
enum be_err verify_message(struct facts_signature *facts, const struct gated *gated, int fd,
	const struct judge_request *request, struct be_error *err);

#endif
