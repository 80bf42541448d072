/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_sql.h"

/* A step is never changed after a release: another one follows it. Moments are seconds since 1970 UTC; what is NULL has
 * not happened. Secrets in somebody's hand stand here as SHA-256, keys as the vault wraps them. */
/* clang-format off */
const char *const store_schema[] = {
	/* 1 */
	"CREATE TABLE named (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE COLLATE NOCASE,"
	" mail TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, organisation TEXT NOT NULL,"
	" language TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL,"
	" log2_n INTEGER NOT NULL, r INTEGER NOT NULL, p INTEGER NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"

	"CREATE TABLE devices (id TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, name TEXT NOT NULL,"
	" sealed BLOB NOT NULL, step INTEGER NOT NULL, proved INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL,"
	" used INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE INDEX devices_user ON devices (user);"
	"CREATE UNIQUE INDEX devices_name ON devices (user, name) WHERE proved;"

	"CREATE TABLE tries (subject TEXT PRIMARY KEY, count INTEGER NOT NULL, since INTEGER NOT NULL,"
	" until INTEGER, ends INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE terms (user INTEGER NOT NULL REFERENCES users, version TEXT NOT NULL, at INTEGER NOT NULL,"
	" PRIMARY KEY (user, version)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE tokens (digest BLOB PRIMARY KEY, kind INTEGER NOT NULL, user INTEGER NOT NULL REFERENCES users,"
	" family TEXT NOT NULL, client TEXT NOT NULL, scope TEXT NOT NULL, data TEXT NOT NULL, created INTEGER NOT NULL,"
	" expires INTEGER NOT NULL, family_ends INTEGER NOT NULL, used INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE INDEX tokens_family ON tokens (family);"
	"CREATE INDEX tokens_user ON tokens (user);"
	"CREATE INDEX tokens_end ON tokens (family_ends);"

	"CREATE TABLE links (digest BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, certificate TEXT NOT NULL,"
	" purpose TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE INDEX links_certificate ON links (certificate);"

	"CREATE TABLE authorisations (digest BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users,"
	" credential TEXT NOT NULL, count INTEGER NOT NULL, used INTEGER NOT NULL, created INTEGER NOT NULL,"
	" expires INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0, hash_size INTEGER NOT NULL, hashes BLOB NOT NULL,"
	" signed BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX authorisations_credential ON authorisations (credential);"

	"CREATE TABLE certificates (id TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, state TEXT NOT NULL,"
	" key TEXT NOT NULL, key_kind TEXT NOT NULL, replaces TEXT NOT NULL, terms TEXT NOT NULL, serial TEXT UNIQUE,"
	" requested INTEGER NOT NULL, not_before INTEGER, not_after INTEGER, revoked INTEGER,"
	" reason INTEGER NOT NULL DEFAULT 0, der BLOB, issuers BLOB) STRICT;"
	"CREATE INDEX certificates_user ON certificates (user, requested);"
	"CREATE INDEX certificates_revoked ON certificates (revoked) WHERE revoked IS NOT NULL;"
	"CREATE UNIQUE INDEX certificates_renewal ON certificates (replaces) WHERE state = 'RENEW';"

	"CREATE TABLE history (number INTEGER PRIMARY KEY AUTOINCREMENT, certificate TEXT NOT NULL, user INTEGER NOT NULL,"
	" at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL) STRICT;"
	"CREATE INDEX history_certificate ON history (certificate, number);"
	"CREATE INDEX history_user ON history (user, number);"

	"CREATE TABLE keys (id TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, kind TEXT NOT NULL,"
	" in_token INTEGER NOT NULL, created INTEGER NOT NULL, spki BLOB NOT NULL, envelope BLOB) STRICT;"

	"CREATE TABLE audit (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,"
	" subject TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;"
	"CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;"

	"CREATE TABLE mails (id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL, recipient TEXT NOT NULL,"
	" queued INTEGER NOT NULL, due INTEGER, tries INTEGER NOT NULL DEFAULT 0, done INTEGER,"
	" reason TEXT NOT NULL DEFAULT '', sealed BLOB NOT NULL) STRICT;"
	"CREATE INDEX mails_due ON mails (due) WHERE due IS NOT NULL;",

	NULL
};
/* clang-format on */
