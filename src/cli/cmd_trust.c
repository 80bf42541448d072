/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trust.h"
#include "base/i18n.h"
#include "cli/command.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct wishes {
	bool all;
	bool yes;
};

#define INDENT 4u
#define STATE_CELLS 14u /* of the words before a name */
#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_FLAG, "all", NULL, AT(all), N_("accept: all certificates that come with besign"), 0 },
	{ OPTIONS_FLAG, "yes", NULL, AT(yes), N_("accept: do not ask; the fingerprints were compared"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* In pairs, the way authorities publish theirs. */
static void print_fingerprint(const char *sha256)
{
	struct buffer value = BUFFER_EMPTY;

	for (size_t i = 0; i < strlen(sha256); i++)
		buffer_printf(&value, "%s%c", i > 0 && i % 2 == 0 ? ":" : "",
			sha256[i] >= 'a' ? sha256[i] - 'a' + 'A' : sha256[i]);
	print_line(N_("SHA-256"), INDENT, &value);
	buffer_free(&value);
}

static void quoted(const char *title, const char *foreign)
{
	if (foreign[0] != '\0')
		print_line_quoted(title, INDENT, foreign);
}

static void print_entry(const struct trust_entry *entry)
{
	const bool anchor = entry->role == TRUST_ANCHOR;

	if (!entry->accepted)
		print_verdict_padded(/* max: 14 */ N_("not accepted"), PRINT_UNSURE, STATE_CELLS + 1);
	else if (anchor)
		print_verdict_padded(/* max: 14 */ N_("TRUSTED"), PRINT_GOOD, STATE_CELLS + 1);
	else
		print_verdict_padded(/* max: 14 */ N_("helps"), PRINT_PLAIN, STATE_CELLS + 1);
	print_foreign(stdout, entry->name);
	(void)fputc('\n', stdout);
	print_line_text(N_("Role"), INDENT, trust_role_text(entry->role));
	if (entry->sha256[0] == '\0') {
		print_line_text(N_("Note"), INDENT,
			N_("this file is no certificate; no document can be verified until it is removed"));
		return;
	}
	quoted(N_("Subject"), entry->subject);
	print_fingerprint(entry->sha256);
	print_line_foreign(N_("Valid until"), INDENT, entry->until);
	print_line_text(N_("Comes from"), INDENT, entry->bundled ? N_("besign") : N_("you"));
	quoted(N_("Seen"), tr(entry->seen)); /* the manifest of besign says it: anchors.tsv */
}

/* Only a yes that was typed is one. */
static bool asked(const struct trust_entry *entry)
{
	/* max: 6 */
	const char *yes = tr(N_("yes"));
	char answer[8];

	print_entry(entry);
	print_text(
		stdout, N_("Compare the fingerprint with the one that the authority publishes. Trust it? Type yes:"));
	(void)fputc(' ', stdout);
	(void)fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) != NULL && strncmp(answer, yes, strlen(yes)) == 0 &&
		strcmp(answer + strlen(yes), "\n") == 0;
}

static void print_done(const char *msgid, const struct trust_entry *entry)
{
	print_text(stdout, msgid);
	(void)fputs(": ", stdout);
	print_foreign(stdout, entry->name);
	(void)fputc('\n', stdout);
}

/* What only helps to complete a chain is not asked about: it is never trusted. */
static enum be_err accept_one(const struct trust_entry *entry, const struct wishes *wishes, struct be_error *err)
{
	const bool anchor = entry->role == TRUST_ANCHOR;
	enum be_err rc;

	if (entry->accepted || !entry->bundled) {
		print_done(N_("accepted already"), entry);
		return BE_OK;
	}
	if (anchor && !wishes->yes && !asked(entry)) {
		print_done(N_("not accepted"), entry);
		return BE_OK;
	}
	rc = trust_accept(entry, NULL, err);
	if (rc == BE_OK)
		print_done(anchor ? N_("accepted, and trusted from now on") : N_("accepted as a help"), entry);
	return rc;
}

static enum be_err do_list(const struct wishes *wishes, const char *which, struct be_error *err)
{
	struct trust_list list = { NULL, 0 };
	enum be_err rc = trust_list_read(&list, NULL, err);

	(void)wishes;
	(void)which;
	for (size_t i = 0; rc == BE_OK && i < list.count; i++)
		print_entry(&list.entries[i]);
	trust_list_free(&list);
	return rc;
}

static enum be_err find(
	const struct trust_entry **out, const struct trust_list *list, const char *which, struct be_error *err)
{
	*out = trust_list_find(list, which);
	if (*out != NULL)
		return BE_OK;
	return be_fail(err, BE_NOT_FOUND,
		N_("There is no certificate of that name or fingerprint; \"besign trust list\" shows them"), "%s",
		which);
}

static enum be_err do_accept(const struct wishes *wishes, const char *which, struct be_error *err)
{
	struct trust_list list = { NULL, 0 };
	const struct trust_entry *entry = NULL;
	enum be_err rc;

	if ((which != NULL) == wishes->all)
		return be_fail(err, BE_USAGE, N_("Name one certificate, or all of them with --all"), NULL);
	if (!wishes->yes && (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1))
		return be_fail(err, BE_USAGE,
			N_("There is no terminal to ask; compare the fingerprints (trust list), then use --yes"), NULL);
	rc = trust_list_read(&list, NULL, err);
	if (rc == BE_OK && which != NULL)
		rc = find(&entry, &list, which, err);
	if (rc == BE_OK && entry != NULL)
		rc = accept_one(entry, wishes, err);
	for (size_t i = 0; rc == BE_OK && wishes->all && i < list.count; i++)
		if (list.entries[i].bundled)
			rc = accept_one(&list.entries[i], wishes, err);
	trust_list_free(&list);
	return rc;
}

static enum be_err do_add(const struct wishes *wishes, const char *file, struct be_error *err)
{
	struct trust_entry entry;
	enum be_err rc;

	(void)wishes;
	if (file == NULL)
		return be_fail(err, BE_USAGE, N_("Name the file of the certificate"), NULL);
	rc = trust_add(&entry, file, err);
	if (rc == BE_OK)
		print_entry(&entry);
	return rc;
}

static enum be_err do_remove(const struct wishes *wishes, const char *which, struct be_error *err)
{
	struct trust_list list = { NULL, 0 };
	const struct trust_entry *entry = NULL;
	enum be_err rc;

	(void)wishes;
	if (which == NULL)
		return be_fail(err, BE_USAGE, N_("Name the certificate, or its SHA-256"), NULL);
	rc = trust_list_read(&list, NULL, err);
	if (rc == BE_OK)
		rc = find(&entry, &list, which, err);
	if (rc == BE_OK)
		rc = trust_remove(entry, err);
	if (rc == BE_OK)
		print_done(N_("removed"), entry);
	trust_list_free(&list);
	return rc;
}

static const struct {
	const char *name;
	int most; /* words after it */
	enum be_err (*run)(const struct wishes *wishes, const char *which, struct be_error *err);
} verbs[] = {
	{ "list", 0, do_list },
	{ "accept", 1, do_accept },
	{ "add", 1, do_add },
	{ "remove", 1, do_remove },
};

static enum be_err run_verb(const struct wishes *wishes, int count, char **words, struct be_error *err)
{
	for (size_t i = 0; count > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(words[0], verbs[i].name) != 0)
			continue;
		if (count - 1 > verbs[i].most)
			return be_fail(err, BE_USAGE, N_("That is one name too many"), "%s", words[count - 1]);
		return verbs[i].run(wishes, count > 1 ? words[1] : NULL, err);
	}
	return be_fail(err, BE_USAGE, N_("Say one of list, accept, add and remove"), "%s", count > 0 ? words[0] : "");
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { false, false };
	struct be_error err = { .code = BE_OK };
	int count = 0;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK)
		rc = run_verb(&wishes, count, argv + 1, &err);
	return rc == BE_OK ? EXIT_DONE : command_refuse(self, &err);
}

const struct command command_trust = { "trust", N_("list | accept NAME|--all | add FILE.pem | remove NAME|SHA256"),
	N_("whom you trust: the authorities behind signatures"), options, run };
