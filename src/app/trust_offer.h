/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TRUST_OFFER_H
#define APP_TRUST_OFFER_H

/*
 * Which of the certificates that come with the program would make a document's signatures trusted, so that a person can
 * be shown them where they are missed. Only asks: it accepts nothing, and no verdict comes out of it.
 */

#include "app/trust.h"
#include "verify/verify.h"

/* The anchors, bundled and not accepted yet, in which the chains of the document's signatures end, each once, in the
 * order of the signatures; none is no error. Only those count that would be trusted then: whose authorities are all
 * among the bundled ones and the anchors of the options, at the time that counts. bundle as in trust_list_read. An
 * error when the document cannot be judged. */
enum be_err trust_offer_find(struct trust_list *out, const char *path, const char *bundle,
	const struct verify_options *options, struct be_error *err);

/* As trust_accept; with an anchor it also accepts the bundled certificates that help to complete chains, without which
 * it may be of no use. Those are never trusted. */
enum be_err trust_offer_accept(const struct trust_entry *entry, const char *bundle, struct be_error *err);

#endif
