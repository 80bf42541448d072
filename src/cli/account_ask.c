/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/account_ask.h"

#include "base/i18n.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECRET_BYTES_MAX 1024u

bool ask_is_possible(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

static enum be_err nobody(const char *option, struct be_error *err)
{
	return be_fail(err, BE_USAGE, N_("There is no terminal to ask on; give it with the option"), "%s", option);
}

enum be_err ask_secret(struct secret **out, int fd, const char *question, const char *option, struct be_error *err)
{
	char prompt[300];
	enum be_err rc;

	if (fd >= 0)
		return secret_read_fd(out, fd, SECRET_BYTES_MAX, err);
	(void)fflush(stdout);
	(void)snprintf(prompt, sizeof(prompt), "%s: ", tr(question));
	rc = secret_ask(out, prompt, SECRET_BYTES_MAX, err);
	return rc == BE_NOT_FOUND ? nobody(option, err) : rc;
}

static bool same(const struct secret *a, const struct secret *b)
{
	return secret_len(a) == secret_len(b) && memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

enum be_err ask_new_secret(
	struct secret **out, int fd, const char *question, const char *again, const char *option, struct be_error *err)
{
	static const char differ[] = N_("That was not twice the same");
	enum be_err rc = BE_OK;

	*out = NULL;
	for (unsigned tries = 0; tries < ASK_TRIES; tries++) {
		struct secret *second = NULL;
		bool agrees = fd >= 0;

		secret_free(out);
		rc = ask_secret(out, fd, question, option, err);
		if (rc == BE_OK && !agrees)
			rc = ask_secret(&second, fd, again, option, err);
		if (rc == BE_OK)
			agrees = agrees || same(*out, second);
		secret_free(&second);
		if (rc != BE_OK || agrees)
			break;
		rc = be_fail(err, BE_USAGE, differ, NULL);
		(void)fputs(tr(differ), stderr);
		(void)fputc('\n', stderr);
	}
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}

enum be_err ask_line(char *out, size_t size, const char *question, const char *option, struct be_error *err)
{
	size_t len;

	if (!ask_is_possible())
		return nobody(option, err);
	print_text(stdout, question);
	(void)fputs(": ", stdout);
	(void)fflush(stdout);
	if (fgets(out, (int)size, stdin) == NULL)
		return be_fail(err, BE_CANCELLED, N_("Nothing was typed"), NULL);
	len = strlen(out);
	if (len > 0 && out[len - 1] == '\n')
		out[len - 1] = '\0';
	else if (len + 1 == size)
		return be_fail(err, BE_LIMIT, N_("That is too long"), NULL);
	return BE_OK;
}

bool ask_word(const char *question, const char *word)
{
	char answer[32];
	struct be_error err;

	return ask_line(answer, sizeof(answer), question, "", &err) == BE_OK && strcmp(answer, word) == 0;
}
