/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine.h"
#include "app/journal.h"
#include "app/journal_text.h"
#include "app/paths.h"
#include "app/settings.h"
#include "base/i18n.h"
#include "cli/command.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

struct wishes {
	const char *since;
	const char *file;
	int limit; /* 0: all */
	bool verify;
	bool json;
	int64_t from; /* what since means */
	char path[4096];
	enum verify_revocation revocation;
};

#define INDENT 4u
#define RESULT_CELLS 16u /* of the words before a name, and two blanks */

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "since", N_("TIME"), AT(since),
		N_("only what was signed then or later (2026-11-28, or with a time as in RFC 3339)"), 0 },
	{ OPTIONS_TEXT, "file", N_("NAME"), AT(file),
		N_("only this document or signed document: its path, or its name alone"), 0 },
	{ OPTIONS_NUMBER, "limit", "N", AT(limit),
		N_("only the newest ones, so many"), 0 },
	{ OPTIONS_FLAG, "verify", NULL, AT(verify),
		N_("look whether each signed document is still the one that was signed, and verify it"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("one JSON object a line, for programs"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* ---- which entries ---- */

static enum be_err take_since(struct wishes *wishes, struct be_error *err)
{
	char moment[TIME_TEXT_MAX];

	wishes->from = TIME_NONE;
	if (wishes->since == NULL)
		return BE_OK;
	/* A day begins where all times of the journal are: in UTC. */
	(void)snprintf(moment, sizeof(moment), "%s%s", wishes->since,
		strlen(wishes->since) == strlen("2026-11-28") ? "T00:00:00Z" : "");
	if (strlen(wishes->since) + 1 < sizeof(moment) && time_parse(&wishes->from, moment, NULL) == BE_OK)
		return BE_OK;
	return be_fail(err, BE_USAGE, N_("This is no moment; write it as 2026-11-28 or 2026-11-28T10:00:00Z"),
		"--since %s", wishes->since);
}

static enum be_err take_file(struct wishes *wishes, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	wishes->path[0] = '\0';
	if (wishes->file == NULL)
		return BE_OK;
	rc = paths_absolute(&path, wishes->file, NULL, err);
	if (rc == BE_OK)
		(void)snprintf(wishes->path, sizeof(wishes->path), "%s", (const char *)path.data);
	buffer_free(&path);
	return rc;
}

static bool is_named(const struct wishes *wishes, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, wishes->path) == 0)
		return true;
	return strchr(wishes->file, '/') == NULL && slash != NULL && strcmp(slash + 1, wishes->file) == 0;
}

static bool is_wanted(const struct wishes *wishes, const struct journal_entry *entry)
{
	if (wishes->from != TIME_NONE && entry->time < wishes->from)
		return false;
	return wishes->file == NULL || is_named(wishes, entry->file) || is_named(wishes, entry->output);
}

/* ---- how the signed document is now ---- */

struct now {
	enum journal_file file;
	enum verify_result result;
};

static enum be_err look(
	struct now *out, const struct wishes *wishes, const struct journal_entry *entry, struct be_error *err)
{
	struct verify_report report = { .result = VERIFY_ERROR };
	enum be_err rc = journal_check(&out->file, entry, NULL, err);

	out->result = VERIFY_ERROR;
	if (rc == BE_OK && (out->file == JOURNAL_FILE_SAME || out->file == JOURNAL_FILE_CHANGED)) {
		rc = app_engine_real.verify(&report, entry->output, wishes->revocation, err);
		if (rc == BE_OK)
			out->result = report.result;
		verify_report_free(&report);
	}
	return rc;
}

static bool is_well(const struct now *now)
{
	return now->file == JOURNAL_FILE_SAME && now->result == VERIFY_TOTAL_PASSED;
}

/* ---- telling ---- */

static void tell_json(const struct journal_entry *entry, const struct now *now)
{
	struct json *object = journal_json(entry, true);
	struct buffer line = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };

	if (now != NULL) {
		struct json *state = json_object();

		json_put_string(state, "file", journal_file_word(now->file));
		json_put_string(state, "result",
			now->file == JOURNAL_FILE_SAME || now->file == JOURNAL_FILE_CHANGED
				? verify_result_word(now->result)
				: NULL);
		json_put(object, "now", state);
	}
	if (json_print(&line, object, &err) != BE_OK || print_json_line(&line, &err) != BE_OK)
		print_failure(entry->output, &err);
	buffer_free(&line);
	json_free(&object);
}

static void line(const char *title, const char *foreign)
{
	if (foreign[0] != '\0')
		print_line_foreign(title, INDENT, foreign);
}

static void tell_text(const struct journal_entry *entry, const struct now *now)
{
	static const enum print_mood moods[] = {
		[JOURNAL_SIGNED] = PRINT_GOOD, [JOURNAL_FAILED] = PRINT_BAD, [JOURNAL_UNKNOWN] = PRINT_UNSURE
	};
	char time[TIME_TEXT_MAX];

	(void)printf("%s  ", time_format(time, entry->time));
	print_verdict_padded(journal_result_text(entry->result), moods[entry->result], RESULT_CELLS);
	print_foreign(stdout, entry->result == JOURNAL_SIGNED ? entry->output : entry->file);
	(void)fputc('\n', stdout);
	line(N_("Error"), entry->code);
	line(N_("Document"), entry->file);
	print_line_quoted(N_("Signer"), INDENT, entry->signer);
	line(N_("Certificate"), entry->certificate);
	line(journal_key_text(entry->key_kind), entry->key != NULL ? entry->key : "");
	line(N_("Field"), entry->field);
	line(N_("SHA-256"), entry->sha256);
	if (now != NULL) {
		print_line_text(N_("File now"), INDENT, journal_file_text(now->file));
		if (now->file == JOURNAL_FILE_SAME || now->file == JOURNAL_FILE_CHANGED)
			line(N_("Result"), verify_result_word(now->result));
	}
}

static enum be_err tell(const struct wishes *wishes, const struct journal *journal, bool *well, struct be_error *err)
{
	int told = 0;

	for (size_t i = 0; i < journal->count && (wishes->limit == 0 || told < wishes->limit); i++) {
		const struct journal_entry *entry = &journal->entries[i];
		const bool looks = wishes->verify && entry->result == JOURNAL_SIGNED;
		struct now now = { JOURNAL_FILE_UNREADABLE, VERIFY_ERROR };

		if (!is_wanted(wishes, entry))
			continue;
		told++;
		if (looks) {
			const enum be_err rc = look(&now, wishes, entry, err);

			if (rc != BE_OK)
				return rc;
			*well = *well && is_well(&now);
		}
		if (wishes->json)
			tell_json(entry, looks ? &now : NULL);
		else
			tell_text(entry, looks ? &now : NULL);
	}
	if (told == 0 && !wishes->json) {
		print_text(stdout, journal->count == 0 ? N_("Nothing was signed yet") : N_("No entry is like that"));
		(void)fputc('\n', stdout);
	}
	return BE_OK;
}

static void tell_broken(const struct journal *journal)
{
	struct be_error err = { .code = BE_OK };

	if (journal->broken == 0)
		return;
	(void)be_fail(&err, BE_MALFORMED, N_("Lines of the journal are not whole, and were left out"), "%zu",
		journal->broken);
	print_failure(NULL, &err);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .limit = 0 };
	struct be_error err = { .code = BE_OK };
	struct journal journal = { NULL, 0, 0 };
	struct settings settings;
	bool well = true;
	int count = 0;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK && count > 0)
		rc = be_fail(&err, BE_USAGE, N_("This command takes no names; --file picks a document"), "%s", argv[1]);
	if (rc == BE_OK)
		rc = take_since(&wishes, &err);
	if (rc == BE_OK)
		rc = take_file(&wishes, &err);
	(void)settings_read(&settings, NULL);
	wishes.revocation = (enum verify_revocation)settings.revocation;
	if (rc == BE_OK)
		rc = journal_read(&journal, &err);
	if (rc == BE_OK)
		rc = tell(&wishes, &journal, &well, &err);
	if (rc == BE_OK)
		tell_broken(&journal);
	journal_free(&journal);
	if (rc != BE_OK)
		return command_refuse(self, &err);
	return well ? EXIT_DONE : EXIT_NOT_ALL;
}

const struct command command_journal = { "journal", "[--since TIME] [--file NAME] [--limit N] [--verify] [--json]",
	N_("what was signed, when, and with which certificate"), options, run };
