/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/i18n.h"
#include "base/sanitise.h"
#include "base/time.h"
#include "cli/account_here.h"
#include "cli/cert_print.h"
#include "cli/print.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct wishes {
	bool json;
	bool link;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("list: one JSON object a line, for programs"), 0 },
	{ OPTIONS_FLAG, "link", NULL, AT(link),
		N_("show: the link alone, for another program; whoever has it can use it"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static enum be_err read_box(struct account_here *here, struct wire_mailbox *box, struct be_error *err)
{
	enum be_err rc = account_here_open(here, NULL, err);

	memset(box, 0, sizeof(*box));
	if (rc == BE_OK)
		rc = account_mailbox(here->account, box, &here->wait, err);
	if (rc == BE_NOT_FOUND || rc == BE_UNSUPPORTED)
		rc = be_fail(
			err, BE_UNSUPPORTED, N_("This service sends its letters by mail, and has no mailbox"), NULL);
	return rc;
}

/* ---- list ---- */

static enum be_err tell_json(size_t number, const struct wire_mail *mail, struct be_error *err)
{
	struct json *object = json_object();

	json_put_int(object, "number", (int64_t)number);
	cert_print_put_time(object, "at", mail->at);
	json_put_string(object, "subject", mail->subject);
	json_put_bool(object, "link", mail->link != NULL);
	return cert_print_line(object, err);
}

static enum be_err do_list(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	struct wire_mailbox box;
	struct account_here here;
	enum be_err rc = read_box(&here, &box, err);

	(void)words;
	(void)status;
	for (size_t i = 0; rc == BE_OK && i < box.mails.count; i++) {
		const struct wire_mail *mail = (const struct wire_mail *)box.mails.items + i;
		char text[TIME_TEXT_MAX];

		if (wishes->json) {
			rc = tell_json(i + 1, mail, err);
			continue;
		}
		(void)printf("%2zu  %s  ", i + 1, time_format(text, mail->at));
		print_foreign(stdout, mail->subject);
		(void)fputc('\n', stdout);
	}
	wire_free(&wire_mailbox_message, &box);
	account_here_close(&here);
	return rc;
}

/* ---- show ---- */

static void put_line(const char *text, size_t len)
{
	struct buffer line = BUFFER_EMPTY;

	sanitise_add(&line, text, len, 0);
	if (!line.failed && line.len > 0)
		(void)fwrite(line.data, 1, line.len, stdout);
	if (line.data != NULL)
		explicit_bzero(line.data, line.cap);
	buffer_free(&line);
}

/* Whoever has the link has what it leads to: where it is not a person who reads, something else stands in its place. */
static void put_letter_line(const char *text, size_t len, const char *link)
{
	const char *at = link != NULL && link[0] != '\0' ? memmem(text, len, link, strlen(link)) : NULL;

	if (at == NULL) {
		put_line(text, len);
	} else {
		put_line(text, (size_t)(at - text));
		print_text(stdout, N_("[the link: --link shows it]"));
		put_line(at + strlen(link), len - (size_t)(at - text) - strlen(link));
	}
	(void)fputc('\n', stdout);
}

static void print_letter(const struct wire_mail *mail)
{
	const char *text = (const char *)mail->text.data;
	const char *end = text + mail->text.len;
	const bool hidden = mail->link != NULL && isatty(STDOUT_FILENO) != 1;
	char moment[TIME_TEXT_MAX];

	print_line_foreign(N_("Subject of the mail"), 0, mail->subject);
	print_line_foreign(N_("Time"), 0, time_format(moment, mail->at));
	(void)fputc('\n', stdout);
	while (text != NULL && text < end) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		const size_t len = (size_t)((line_end != NULL ? line_end : end) - text);

		put_letter_line(text, len, hidden ? (const char *)secret_bytes(mail->link) : NULL);
		text += len + 1;
	}
}

/* Past stdio, which would keep a copy. */
static enum be_err write_link(const struct secret *link, struct be_error *err)
{
	enum be_err rc;

	(void)fflush(stdout);
	rc = file_write(STDOUT_FILENO, secret_bytes(link), secret_len(link), err);
	return rc == BE_OK ? file_write(STDOUT_FILENO, "\n", 1, err) : rc;
}

static enum be_err do_show(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	const struct wire_mail *mail = NULL;
	struct wire_mailbox box;
	struct account_here here;
	char *end = NULL;
	const unsigned long number = strtoul(words[0], &end, 10);
	enum be_err rc = read_box(&here, &box, err);

	(void)status;
	if (rc == BE_OK && (*end != '\0' || number == 0 || number > box.mails.count))
		rc = be_fail(err, BE_USAGE, N_("There is no mail of that number; \"besign mail list\" shows them"),
			"%s", words[0]);
	if (rc == BE_OK)
		mail = (const struct wire_mail *)box.mails.items + number - 1;
	if (rc == BE_OK && wishes->link && mail->link == NULL)
		rc = be_fail(err, BE_USAGE, N_("This mail has no link"), "%s", words[0]);
	if (rc == BE_OK && wishes->link)
		rc = write_link(mail->link, err);
	else if (rc == BE_OK)
		print_letter(mail);
	wire_free(&wire_mailbox_message, &box);
	account_here_close(&here);
	return rc;
}

static const struct verb verbs[] = {
	{ "list", 0, 0, "json", do_list },
	{ "show", 1, 1, "link", do_show },
	{ NULL, 0, 0, NULL, NULL },
};

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { false, false };

	return verbs_run(self, verbs, "list, show", &wishes, argc, argv, account_here_refuse);
}

const struct command command_mail = { "mail", N_("list | show NUMBER [--link]"),
	N_("the mailbox of the account service on this computer"), options, run };
