/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/time.h"
#include "cli/cancel.h"
#include "cli/command.h"
#include "cli/password.h"
#include "cli/print.h"
#include "cli/sign_outputs.h"
#include "cli/sign_visible.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1024u
#define JOBS_MAX 64

struct wishes {
	const char *p12;
	int passphrase_fd; /* -1: asked for */
	int password_fd;   /* -1: none */
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
};

enum subfilter { SUBFILTER_CADES, SUBFILTER_PKCS7 };
static const char *const subfilters[] = { "ETSI.CAdES.detached", "adbe.pkcs7.detached" };

#define SCHEME_PSS 1

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "p12", N_("FILE"), AT(p12),
		N_("the key file (PKCS#12)"), 0 },
	{ OPTIONS_NUMBER, "passphrase-fd", "N", AT(passphrase_fd),
		N_("read its passphrase from this descriptor"), 0 },
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
	{ .kind = OPTIONS_LATER, .name = "pkcs11" },
	{ .kind = OPTIONS_LATER, .name = "credential" },
	{ .kind = OPTIONS_LATER, .name = "certify" },
	{ .kind = OPTIONS_LATER, .name = "lock" },
	{ .kind = OPTIONS_LATER, .name = "tsa" },
	{ .kind = OPTIONS_LATER, .name = "resume" },
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
	if (wishes->p12 == NULL)
		return be_fail(err, BE_USAGE, N_("Name the key file with --p12"), NULL);
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

static enum be_err take_passphrase(struct secret **out, const struct wishes *wishes, struct be_error *err)
{
	char question[80];
	enum be_err rc;

	if (wishes->passphrase_fd >= 0)
		return secret_read_fd(out, wishes->passphrase_fd, PASSPHRASE_MAX, err);
	(void)snprintf(question, sizeof(question), "%s: ", tr(/* max: 70 */ N_("Passphrase of the key file")));
	rc = secret_ask(out, question, PASSPHRASE_MAX, err);
	if (rc == BE_NOT_FOUND)
		rc = be_fail(err, BE_USAGE,
			N_("There is no terminal to ask for the passphrase; give it with --passphrase-fd"), NULL);
	return rc;
}

/* Asked before the passphrase: nobody likes to type one for a file that is not there. */
static enum be_err check_key_file(const char *path, struct be_error *err)
{
	if (access(path, R_OK) == 0)
		return BE_OK;
	return be_fail(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The key file cannot be read"), "%s: %s", path,
		strerror(errno));
}

static enum be_err open_key(struct signer **out, const struct wishes *wishes, struct be_error *err)
{
	struct secret *passphrase = NULL;
	enum be_err rc = check_key_file(wishes->p12, err);

	if (rc == BE_OK)
		rc = take_passphrase(&passphrase, wishes, err);
	if (rc == BE_OK)
		rc = password_read_and_drop(wishes->password_fd, err);
	if (rc == BE_OK)
		rc = signer_open_p12(out, wishes->p12, passphrase, err);
	secret_free(&passphrase);
	return rc;
}

static void report(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	const struct wishes *wishes = context;

	(void)document;
	if (stage == SIGN_DONE && !wishes->quiet)
		print_progress(N_("Signing"), done, count);
}

static enum be_err sign_all(struct signer *signer, const struct sign_options *how, const struct wishes *wishes,
	struct outputs *outputs, struct be_error *err)
{
	struct wishes progress_wishes = *wishes;
	const struct sign_progress progress = { report, &progress_wishes, cancel_flag() };
	const enum be_err rc = outputs_sign(outputs, signer, how, &progress, err);

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

static int sign(
	const struct wishes *wishes, struct visible *visible, struct outputs *outputs, const struct command *self)
{
	const struct sign_telling telling = { .level = wishes->subfilter == SUBFILTER_PKCS7 ? "PKCS7" : "B-B",
		.json = wishes->json,
		.quiet = wishes->quiet };
	struct sign_options how = options_of(wishes);
	struct be_error err = { .code = BE_OK };
	struct signer *signer = NULL;
	enum be_err rc = BE_OK;

	if (!outputs_are_hopeless(outputs)) {
		rc = open_key(&signer, wishes, &err);
		if (rc == BE_OK)
			rc = visible_prepare(visible, &how, signer, outputs, cancel_flag(), &err);
		if (rc == BE_OK)
			rc = sign_all(signer, &how, wishes, outputs, &err);
		signer_free(&signer);
	}
	return rc == BE_OK ? sign_outputs_tell(outputs, &telling) : command_refuse(self, &err);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .passphrase_fd = -1, .password_fd = -1 };
	struct be_error err = { .code = BE_OK };
	struct outputs outputs = { .count = 0 };
	struct visible visible = { .wanted = false };
	int count = 0;
	int status;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK)
		rc = check_wishes(&wishes, (size_t)count, &err);
	if (rc == BE_OK)
		rc = visible_choose(&visible, &wishes.look, wishes.field, &err);
	if (rc == BE_OK)
		rc = outputs_make(
			&outputs, (const char *const *)argv + 1, (size_t)count, &wishes.place, wishes.json, &err);
	if (rc != BE_OK)
		return command_refuse(self, &err);
	process_guard_secrets();
	cancel_on_signals();
	status = sign(&wishes, &visible, &outputs, self);
	visible_free(&visible);
	outputs_free(&outputs);
	return status;
}

const struct command command_sign = { "sign", N_("--p12 FILE [options] FILE..."), N_("sign PDF documents"), options,
	run };
