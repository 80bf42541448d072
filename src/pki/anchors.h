/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_ANCHORS_H
#define PKI_ANCHORS_H

/*
 * Trust anchors: the certificates in which a chain may end, and certificates that only help to build one. Reads files
 * and bytes; who may be trusted is the caller's decision. Certificates that come out of a document never enter here.
 */

#include "base/buffer.h"
#include "pki/cert.h"

struct pki_anchors;

enum be_err pki_anchors_new(struct pki_anchors **out, struct be_error *err);
void pki_anchors_free(struct pki_anchors **anchors);

/* One certificate, DER. A second one with the same SHA-256 is not added again; it gains trust when trusted is
 * true, and never loses it. */
enum be_err pki_anchors_add(
	struct pki_anchors *anchors, const uint8_t *der, size_t len, bool trusted, struct be_error *err);

/* Every *.pem of the directory, one certificate a file. A file that is writable by group or others, or owned by
 * neither the user nor root, or that holds no or more than one certificate, is BE_BAD_ANCHOR with its name in the
 * detail; nothing of the directory is used then. BE_NOT_FOUND when there is no such directory. */
enum be_err pki_anchors_add_dir(struct pki_anchors *anchors, const char *dir, bool trusted, struct be_error *err);

size_t pki_anchors_count(const struct pki_anchors *anchors);
/* Borrowed. */
void pki_anchors_at(const struct pki_anchors *anchors, size_t index, const uint8_t **der, size_t *len, bool *trusted);

/* One PEM certificate out of a file's bytes, as DER appended to out; BE_BAD_ANCHOR when there is none or more than
 * one. */
enum be_err pki_pem_certificate(struct buffer *out, const void *pem, size_t len, struct be_error *err);

#endif
