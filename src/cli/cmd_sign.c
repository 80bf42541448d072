/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch.h"
#include "base/i18n.h"
#include "base/process.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/password.h"
#include "cli/print.h"
#include "cli/sign_key.h"
#include "cli/sign_outputs.h"
#include "cli/sign_resume.h"
#include "cli/sign_visible.h"
#include "cli/unlock_saved.h"

#include <stdlib.h>
#include <string.h>

#define JOBS_MAX 64

struct wishes {
	struct key_wishes key;
	int password_fd; /* -1: none */
	struct outputs_place place;
	struct visible_wishes look;
	const char *field;
	const char *name;
	const char *reason;
	const char *location;
	const char *contact;
	int subfilter;
	const char *digest;
	int scheme;
	const char *level;
	int jobs;
	bool json;
	bool quiet;
	bool resume;
	bool retry_unknown;
	bool forget;
};

enum subfilter { SUBFILTER_CADES, SUBFILTER_PKCS7 };
static const char *const subfilters[] = { "ETSI.CAdES.detached", "adbe.pkcs7.detached" };

#define SCHEME_PSS 1

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "p12", N_("FILE"), AT(key.p12),
		N_("the key file (PKCS#12)"), 0 },
	{ OPTIONS_TEXT, "pkcs11", "URI", AT(key.pkcs11),
		N_("a key in a token (RFC 7512): pkcs11:token=NAME"), 0 },
	{ OPTIONS_TEXT, "credential", "ID", AT(key.credential),
		N_("a certificate of the account; without a key named, the chosen one"), 0 },
	{ OPTIONS_NUMBER, "passphrase-fd", "N", AT(key.passphrase_fd),
		N_("read its passphrase, or the token's PIN, from this descriptor"), 0 },
	{ OPTIONS_FLAG, "no-unlock", NULL, AT(key.no_unlock),
		N_("ask for the passphrase, though one is saved"), 0 },
	{ OPTIONS_TEXT, "output", N_("FILE"), AT(place.output),
		N_("where the one signed document goes"), 'o' },
	{ OPTIONS_TEXT, "out", N_("DIR"), AT(place.dir),
		N_("where all signed documents go, under their own names"), 0 },
	{ OPTIONS_FLAG, "force", NULL, AT(place.replace),
		N_("replace existing files"), 0 },
	{ OPTIONS_FLAG, "invisible", NULL, AT(look.invisible),
		N_("show nothing on the page (this is so anyway)"), 0 },
	{ OPTIONS_FLAG, "visible", NULL, AT(look.visible),
		N_("show the signature on a page; say where:"), 0 },
	{ OPTIONS_TEXT, "page", "N|first|last", AT(look.page),
		N_("on this page, with --rect"), 0 },
	{ OPTIONS_TEXT, "rect", "X,Y,W,H", AT(look.rect),
		N_("in this rectangle: points from the page's top left corner"), 0 },
	{ OPTIONS_TEXT, "anchor", N_("TEXT"), AT(look.anchor),
		N_("at the first place where this text stands"), 0 },
	{ OPTIONS_TEXT, "size", "W,H", AT(look.size),
		N_("how large it is at an anchor; default: 180,60 points"), 0 },
	{ OPTIONS_TEXT, "image", "FILE.png|.jpg", AT(look.image),
		N_("it shows this picture"), 0 },
	{ OPTIONS_TEXT, "qr", N_("TEXT"), AT(look.qr),
		N_("it shows a QR code of this text"), 0 },
	{ OPTIONS_LIST, "text", N_("LINE"), AT(look.text),
		N_("it shows this line; {name} {time} {reason} {location} are filled in"), 0 },
	{ OPTIONS_TEXT, "field", N_("NAME"), AT(field),
		N_("sign this empty signature field"), 0 },
	{ OPTIONS_TEXT, "name", N_("TEXT"), AT(name),
		N_("the signer's name, as the document will have it"), 0 },
	{ OPTIONS_TEXT, "reason", N_("TEXT"), AT(reason),
		N_("why it is signed"), 0 },
	{ OPTIONS_TEXT, "location", N_("TEXT"), AT(location),
		N_("where it is signed"), 0 },
	{ OPTIONS_TEXT, "contact", N_("TEXT"), AT(contact),
		N_("how the signer can be reached"), 0 },
	{ OPTIONS_CHOICE, "subfilter", "cades|pkcs7", AT(subfilter),
		N_("the form of the signature; default: cades"), 0 },
	{ OPTIONS_TEXT, "digest", "sha256|sha384|sha512", AT(digest),
		N_("default: what goes with the key"), 0 },
	{ OPTIONS_CHOICE, "scheme", "pkcs1|pss", AT(scheme),
		N_("how an RSA key signs; default: pkcs1"), 0 },
	{ OPTIONS_TEXT, "level", "B-B", AT(level),
		N_("the level of the signature"), 0 },
	{ OPTIONS_NUMBER, "password-fd", "N", AT(password_fd),
		N_("read an encrypted document's password from this descriptor"), 0 },
	{ OPTIONS_NUMBER, "jobs", "N", AT(jobs),
		N_("documents worked on at once"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("one JSON object a line, for programs"), 0 },
	{ OPTIONS_FLAG, "quiet", NULL, AT(quiet),
		N_("say only what went wrong"), 0 },
	{ OPTIONS_FLAG, "resume", NULL, AT(resume),
		N_("finish an interrupted batch: nothing of it is signed twice"), 0 },
	{ OPTIONS_FLAG, "retry-unknown", NULL, AT(retry_unknown),
		N_("with --resume: sign those as well whose outcome at a service is not known"), 0 },
	{ OPTIONS_FLAG, "forget", NULL, AT(forget),
		N_("with --resume: forget the interrupted batch, and sign nothing"), 0 },
	{ .kind = OPTIONS_LATER, .name = "certify" },
	{ .kind = OPTIONS_LATER, .name = "lock" },
	{ .kind = OPTIONS_LATER, .name = "tsa" },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static enum be_err check_level(const char *level, struct be_error *err)
{
	static const char *const known[] = { "B-T", "B-LT", "B-LTA" };

	if (level == NULL || strcmp(level, "B-B") == 0)
		return BE_OK;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(level, known[i]) == 0)
			return be_fail(err, BE_UNSUPPORTED, N_("This level is not in this version; B-B is"),
				"--level %s", level);
	return be_fail(
		err, BE_USAGE, N_("There is no such level; B-B is the one of this version"), "--level %s", level);
}

static enum be_err check_wishes(const struct wishes *wishes, size_t count, struct be_error *err)
{
	if (count == 0)
		return be_fail(err, BE_USAGE, N_("Name the documents to be signed"), NULL);
	if (wishes->place.output != NULL && wishes->place.dir != NULL)
		return be_fail(err, BE_USAGE, N_("-o and --out exclude each other"), NULL);
	if (wishes->place.output != NULL && count > 1)
		return be_fail(
			err, BE_USAGE, N_("-o is for one document; use --out with a directory for several"), NULL);
	if (wishes->digest != NULL && digest_by_option(wishes->digest) == DIGEST_NONE)
		return be_fail(
			err, BE_USAGE, N_("This option does not know that value"), "--digest sha256|sha384|sha512");
	if (wishes->jobs > JOBS_MAX)
		return be_fail(
			err, BE_USAGE, N_("That is more documents at once than make sense"), "--jobs %d", wishes->jobs);
	return check_level(wishes->level, err);
}

static bool is_given(const struct wishes *wishes, const struct options_spec *option)
{
	const char *at = (const char *)wishes + option->at;

	if (option->kind == OPTIONS_FLAG)
		return *(const bool *)at;
	if (option->kind == OPTIONS_TEXT || option->kind == OPTIONS_LIST)
		return *(const char *const *)(const void *)at != NULL;
	return (option->kind == OPTIONS_NUMBER || option->kind == OPTIONS_CHOICE) && *(const int *)(const void *)at > 0;
}

/* What is signed, and how, was said when the batch began. */
static enum be_err check_resume(const struct wishes *wishes, size_t count, struct be_error *err)
{
	static const char *const fitting[] = { "resume", "retry-unknown", "forget", "passphrase-fd", "password-fd",
		"json", "quiet" };
	static const char too_much[] = N_("--resume takes no documents, and no option that says what is signed or how");

	if (!wishes->resume)
		return be_fail(err, BE_USAGE, N_("--retry-unknown and --forget go with --resume only"), NULL);
	if (wishes->retry_unknown && wishes->forget)
		return be_fail(err, BE_USAGE, N_("--retry-unknown and --forget exclude each other"), NULL);
	if (count > 0)
		return be_fail(err, BE_USAGE, too_much, NULL);
	for (const struct options_spec *o = options; o->kind != OPTIONS_END; o++) {
		bool fits = false;

		for (size_t i = 0; i < sizeof(fitting) / sizeof(fitting[0]); i++)
			fits = fits || strcmp(fitting[i], o->name) == 0;
		if (!fits && is_given(wishes, o))
			return be_fail(err, BE_USAGE, too_much, "--%s", o->name);
	}
	return BE_OK;
}

static void report(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	const struct wishes *wishes = context;

	(void)document;
	if (stage == SIGN_DONE && !wishes->quiet)
		print_progress(N_("Signing"), done, count);
}

static enum be_err sign_all(const struct sign_key *key, const struct sign_options *how, const struct wishes *wishes,
	const struct visible *visible, struct outputs *outputs, struct be_error *err)
{
	const struct batch_order order = { .key = key->ref, .look = visible->wanted ? &visible->look : NULL };
	struct wishes progress_wishes = *wishes;
	const struct sign_progress progress = { report, &progress_wishes, interrupt_take() };
	const enum be_err rc = batch_sign(outputs, key->signer, how, &order, &progress, err);

	print_progress_end();
	return rc;
}

static struct sign_options options_of(const struct wishes *wishes)
{
	return (struct sign_options){ .sub_filter = subfilters[wishes->subfilter],
		.digest = wishes->digest != NULL ? digest_by_option(wishes->digest) : DIGEST_NONE,
		.pss = wishes->scheme == SCHEME_PSS,
		.field = wishes->field,
		.name = wishes->name,
		.reason = wishes->reason,
		.location = wishes->location,
		.contact = wishes->contact,
		.time = time_now(),
		.jobs = (unsigned)wishes->jobs };
}

/* A service says of each document that the passphrase was wrong; where that was kept is ours to know. */
static void tell_outdated(const struct outputs *outputs)
{
	struct be_error err = { .code = BE_OK };

	for (size_t i = 0; i < outputs->count && err.code == BE_OK; i++)
		if (outputs->documents[i].result == BE_WRONG_PASSPHRASE)
			(void)be_fail(&err, BE_WRONG_PASSPHRASE, unlock_outdated, NULL);
	if (err.code != BE_OK)
		print_failure("unlock", &err);
}

static struct sign_telling telling_of(const struct wishes *wishes, bool pkcs7)
{
	return (struct sign_telling){ .level = pkcs7 ? "PKCS7" : "B-B", .json = wishes->json, .quiet = wishes->quiet };
}

static int sign(
	const struct wishes *wishes, struct visible *visible, struct outputs *outputs, const struct command *self)
{
	const struct sign_telling telling = telling_of(wishes, wishes->subfilter == SUBFILTER_PKCS7);
	struct sign_options how = options_of(wishes);
	struct be_error err = { .code = BE_OK };
	struct sign_key key = { .signer = NULL };
	enum be_err rc = BE_OK;

	if (!outputs_are_hopeless(outputs)) {
		rc = sign_key_open(&key, &wishes->key, &err);
		if (rc == BE_OK)
			rc = password_read_and_drop(wishes->password_fd, &err);
		if (rc == BE_OK)
			rc = visible_prepare(visible, &how, key.signer, outputs, interrupt_take(), &err);
		if (rc == BE_OK)
			rc = sign_all(&key, &how, wishes, visible, outputs, &err);
		if (rc == BE_OK && key.saved)
			tell_outdated(outputs);
		sign_key_close(&key);
	}
	if (rc == BE_OK)
		return sign_outputs_tell(outputs, &telling);
	return key.ref.kind == KEY_REF_CREDENTIAL ? command_refuse(self, &err) : command_refuse_here(self, &err);
}

/* ---- an interrupted batch ---- */

static enum be_err sign_rest(
	const struct wishes *wishes, struct batch *batch, struct outputs *outputs, struct be_error *err)
{
	struct wishes mine = *wishes;
	const struct sign_progress progress = { report, &mine, interrupt_take() };
	struct sign_key key = { .signer = NULL };
	enum be_err rc;

	mine.key.p12 = batch->key_kind == KEY_REF_P12 ? batch->key : NULL;
	mine.key.pkcs11 = batch->key_kind == KEY_REF_PKCS11 ? batch->key : NULL;
	mine.key.credential = batch->key_kind == KEY_REF_CREDENTIAL ? batch->key : NULL;
	rc = sign_key_open(&key, &mine.key, err);
	if (rc == BE_OK)
		rc = password_read_and_drop(wishes->password_fd, err);
	if (rc == BE_OK)
		rc = batch_resume(batch, outputs, key.signer, time_now(), &progress, err);
	print_progress_end();
	sign_key_close(&key);
	return rc;
}

static int resume(const struct wishes *wishes, const struct command *self)
{
	const bool quiet = wishes->json || wishes->quiet;
	struct sign_telling telling;
	struct be_error err = { .code = BE_OK };
	struct outputs outputs = { .count = 0 };
	struct batch *batch = NULL;
	int status = EXIT_DONE;
	enum be_err rc;

	if (wishes->forget)
		rc = sign_resume_forget(quiet, &err);
	else
		rc = sign_resume_take(&batch, &outputs, wishes->retry_unknown, quiet, interrupt_take(), &err);
	if (rc == BE_OK && batch != NULL && !outputs_are_hopeless(&outputs))
		rc = sign_rest(wishes, batch, &outputs, &err);
	else if (rc == BE_OK && batch != NULL)
		batch_end(batch, &outputs);
	if (rc != BE_OK) {
		status = command_refuse(self, &err);
	} else if (outputs.count > 0) {
		telling = telling_of(wishes, sign_resume_is_pkcs7(batch));
		status = sign_outputs_tell(&outputs, &telling);
		/* All that was tried is signed, but the batch is not: what is left is of unknown outcome. */
		if (status == EXIT_DONE && outputs.batch[0] != '\0')
			status = EXIT_UNKNOWN;
	}
	batch_free(&batch);
	outputs_free(&outputs);
	return status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .key = { .passphrase_fd = -1 }, .password_fd = -1 };
	struct be_error err = { .code = BE_OK };
	struct outputs outputs = { .count = 0 };
	struct visible visible = { .wanted = false };
	int count = 0;
	int status;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK && (wishes.resume || wishes.retry_unknown || wishes.forget)) {
		rc = check_resume(&wishes, (size_t)count, &err);
		if (rc != BE_OK)
			return command_refuse(self, &err);
		process_guard_secrets();
		return resume(&wishes, self);
	}
	if (rc == BE_OK)
		rc = check_wishes(&wishes, (size_t)count, &err);
	if (rc == BE_OK)
		rc = sign_key_check(&wishes.key, &err);
	if (rc == BE_OK)
		rc = visible_choose(&visible, &wishes.look, wishes.field, &err);
	if (rc == BE_OK)
		rc = outputs_make(
			&outputs, (const char *const *)argv + 1, (size_t)count, &wishes.place, wishes.json, &err);
	if (rc != BE_OK)
		return command_refuse(self, &err);
	process_guard_secrets();
	(void)interrupt_take();
	status = sign(&wishes, &visible, &outputs, self);
	visible_free(&visible);
	outputs_free(&outputs);
	return status;
}

const struct command command_sign = { "sign", N_("[--p12 FILE | --pkcs11 URI | --credential ID] [options] FILE..."),
	N_("sign PDF documents"), options, run };
