/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/paths.h"
#include "app/share.h"
#include "base/i18n.h"
#include "base/process.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/print.h"
#include "cli/share_tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD_MAX 1024u

struct wishes {
	const char *to_dir;
	bool move;
	bool force;
	const char *mail[OPTIONS_LIST_MAX + 1];
	const char *from;
	const char *subject;
	const char *message;
	bool sendmail;
	const char *sftp;
	const char *identity;
	int password_fd; /* -1: asked for */
	bool json;
	bool quiet;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "to-dir", N_("DIR"), AT(to_dir),
		N_("copy the documents into this folder"), 0 },
	{ OPTIONS_FLAG, "move", NULL, AT(move),
		N_("move them there"), 0 },
	{ OPTIONS_FLAG, "force", NULL, AT(force),
		N_("replace existing files"), 0 },
	{ OPTIONS_LIST, "mail", N_("ADDRESS"), AT(mail),
		N_("send them to this address, all in one letter; may be repeated"), 0 },
	{ OPTIONS_TEXT, "from", N_("ADDRESS"), AT(from),
		N_("your own address; default: as it is set"), 0 },
	{ OPTIONS_TEXT, "subject", N_("TEXT"), AT(subject),
		N_("the subject of the letter"), 0 },
	{ OPTIONS_TEXT, "message", N_("TEXT"), AT(message),
		N_("what the letter says"), 0 },
	{ OPTIONS_FLAG, "sendmail", NULL, AT(sendmail),
		N_("by the sendmail program, whatever mail server is set"), 0 },
	{ OPTIONS_TEXT, "sftp", N_("sftp://USER@HOST/DIR"), AT(sftp),
		N_("put them on this server"), 0 },
	{ OPTIONS_TEXT, "identity", N_("FILE"), AT(identity),
		N_("the ssh key file for it; default: the ssh-agent"), 0 },
	{ OPTIONS_NUMBER, "password-fd", "N", AT(password_fd),
		N_("read the password of the server or the key file from this descriptor"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("one JSON object a line, for programs"), 0 },
	{ OPTIONS_FLAG, "quiet", NULL, AT(quiet),
		N_("say only what went wrong"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* What the job borrows. */
struct sharing {
	struct wishes wishes;
	struct settings settings;
	struct buffer dir, identity, to;
	struct share_documents documents;
	struct secret *password;
	struct share_job job;
};

/* ---- what is wished ---- */

static enum be_err check_ways(const struct wishes *w, size_t count, struct be_error *err)
{
	const int ways = (w->to_dir != NULL) + (w->mail[0] != NULL) + (w->sftp != NULL);

	if (count == 0)
		return be_fail(err, BE_USAGE, N_("Name the documents to be shared"), NULL);
	if (ways != 1)
		return be_fail(err, BE_USAGE, N_("Say one way to share: --to-dir, --mail or --sftp"), NULL);
	return BE_OK;
}

/* An option of another way would be silently of no effect. */
static enum be_err check_wishes(const struct wishes *w, size_t count, struct be_error *err)
{
	const bool mail = w->mail[0] != NULL;
	const struct {
		bool given, fits;
		const char *name;
	} bound[] = {
		{ w->move, w->to_dir != NULL, "--move" },
		{ w->force, !mail, "--force" },
		{ w->from != NULL, mail, "--from" },
		{ w->subject != NULL, mail, "--subject" },
		{ w->message != NULL, mail, "--message" },
		{ w->sendmail, mail, "--sendmail" },
		{ w->identity != NULL, w->sftp != NULL, "--identity" },
		{ w->password_fd >= 0, w->to_dir == NULL, "--password-fd" },
	};
	enum be_err rc = check_ways(w, count, err);

	for (size_t i = 0; rc == BE_OK && i < sizeof(bound) / sizeof(bound[0]); i++)
		if (bound[i].given && !bound[i].fits)
			rc = be_fail(err, BE_USAGE, N_("This option is for another way to share"), "%s", bound[i].name);
	return rc;
}

static enum be_err fill_folder(struct sharing *s, struct be_error *err)
{
	enum be_err rc = paths_absolute(&s->dir, s->wishes.to_dir, NULL, err);

	s->job.way = SHARE_FOLDER;
	s->job.folder = (struct share_folder){
		.dir = (const char *)s->dir.data, .move = s->wishes.move, .replace = s->wishes.force
	};
	return rc;
}

/* A line of the settings that is not understood could be the one that says which server. */
static enum be_err fill_mail(struct sharing *s, struct be_error *err)
{
	struct share_mail *mail = &s->job.mail;
	enum be_err rc = settings_read(&s->settings, err);

	s->job.way = SHARE_MAIL;
	for (size_t i = 0; s->wishes.mail[i] != NULL; i++)
		buffer_printf(&s->to, "%s%s", i == 0 ? "" : ",", s->wishes.mail[i]);
	buffer_add_byte(&s->to, '\0');
	if (rc == BE_OK)
		rc = buffer_check(&s->to, err);
	share_mail_settings(mail, &s->settings);
	mail->to = (const char *)s->to.data;
	mail->subject = s->wishes.subject;
	mail->message = s->wishes.message;
	if (s->wishes.from != NULL)
		mail->from = s->wishes.from;
	if (s->wishes.sendmail)
		mail->server = "";
	return rc == BE_OK ? share_mail_check(mail, err) : rc;
}

static enum be_err fill_server(struct sharing *s, struct be_error *err)
{
	enum be_err rc = BE_OK;

	s->job.way = SHARE_SERVER;
	if (s->wishes.identity != NULL)
		rc = paths_absolute(&s->identity, s->wishes.identity, NULL, err);
	s->job.server = (struct share_server){
		.url = s->wishes.sftp, .identity = (const char *)s->identity.data, .replace = s->wishes.force
	};
	return rc == BE_OK ? share_server_check(&s->job.server, err) : rc;
}

static enum be_err fill(struct sharing *s, char **paths, size_t count, struct be_error *err)
{
	enum be_err rc = share_documents_make(&s->documents, (const char *const *)paths, count, err);

	s->job.documents = &s->documents;
	s->job.cancel = interrupt_take();
	if (rc != BE_OK)
		return rc;
	if (s->wishes.to_dir != NULL)
		return fill_folder(s, err);
	return s->wishes.sftp != NULL ? fill_server(s, err) : fill_mail(s, err);
}

/* ---- the password ---- */

static void use_password(struct sharing *s)
{
	s->job.mail.password = s->password;
	s->job.server.password = s->password;
}

static enum be_err ask_password(struct sharing *s, struct be_error *err)
{
	const char *msgid = s->job.way == SHARE_MAIL ? /* max: 70 */ N_("Password of the mail server")
		: s->wishes.identity != NULL         ? /* max: 70 */ N_("Password of the key file")
						     : /* max: 70 */ N_("Password of the server");
	char question[80];
	enum be_err rc;

	(void)snprintf(question, sizeof(question), "%s: ", tr(msgid));
	rc = secret_ask(&s->password, question, PASSWORD_MAX, err);
	if (rc == BE_NOT_FOUND)
		rc = be_fail(err, BE_USAGE,
			N_("There is no terminal to ask for the password; give it with --password-fd"), NULL);
	use_password(s);
	return rc;
}

static enum be_err take_password(struct sharing *s, struct be_error *err)
{
	enum be_err rc = BE_OK;

	if (s->wishes.password_fd >= 0) {
		rc = secret_read_fd(&s->password, s->wishes.password_fd, PASSWORD_MAX, err);
		use_password(s);
	} else if (share_wants_password(&s->job)) {
		rc = ask_password(s, err);
	}
	return rc;
}

/* ---- doing it ---- */

static void report(void *context, size_t done, size_t hundred)
{
	(void)context;
	print_progress(N_("Sharing, in per cent"), done, hundred);
}

/* A key file that wants a password, or an agent that has no key for this server: asked once, where somebody can be. */
static enum be_err share(struct sharing *s, struct be_error *err)
{
	enum be_err rc = share_run(&s->job, err);

	print_progress_end();
	if (rc == BE_DENIED && s->job.way == SHARE_SERVER && s->password == NULL) {
		struct be_error nobody = { .code = BE_OK };
		const enum be_err asked = ask_password(s, &nobody);

		if (asked == BE_OK)
			rc = share_run(&s->job, err);
		else if (asked != BE_USAGE)
			rc = be_fail(err, asked, nobody.msgid, "%s", nobody.detail);
		print_progress_end();
	}
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct sharing s = { .wishes = { .password_fd = -1 }, .dir = BUFFER_EMPTY, .to = BUFFER_EMPTY };
	struct be_error err = { .code = BE_OK };
	int count = 0, status;
	enum be_err rc = options_parse(options, &s.wishes, argc, argv, &count, &err);

	if (rc == BE_OK)
		rc = check_wishes(&s.wishes, (size_t)count, &err);
	if (rc == BE_OK)
		rc = fill(&s, argv + 1, (size_t)count, &err);
	if (rc == BE_OK) {
		process_guard_secrets();
		rc = take_password(&s, &err);
	}
	if (rc == BE_OK) {
		if (!s.wishes.quiet && !s.wishes.json)
			s.job.report = report;
		(void)interrupt_take();
		rc = share(&s, &err);
	}
	if (rc == BE_OK) {
		const struct share_telling how = {
			.way = s.job.way, .move = s.wishes.move, .json = s.wishes.json, .quiet = s.wishes.quiet
		};

		status = share_tell_all(&s.documents, &how);
	} else {
		print_failure(self->name, &err);
		status = share_status(rc);
	}
	secret_free(&s.password);
	share_documents_free(&s.documents);
	buffer_free(&s.dir);
	buffer_free(&s.identity);
	buffer_free(&s.to);
	return status;
}

const struct command command_share = { "share",
	N_("--to-dir DIR [--move] | --mail ADDRESS... | --sftp sftp://USER@HOST/DIR [options] FILE..."),
	N_("hand documents on: into a folder, by mail, to a server"), options, run };
