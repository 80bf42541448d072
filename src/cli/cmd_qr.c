/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine.h"
#include "base/i18n.h"
#include "cli/command.h"
#include "cli/print.h"
#include "cli/qr_tell.h"

#include <signal.h>
#include <string.h>

struct wishes {
	int page; /* 0: all */
	bool json;
	bool fetch;
	int revocation; /* enum verify_revocation */
	const char *output;
	const char *texts[OPTIONS_LIST_MAX + 1];
	/* Made from these. */
	bool titled;
	bool told; /* a code, already */
	int status;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_NUMBER, "page", "N", AT(page),
		N_("look at this page only"), 0 },
	{ OPTIONS_LIST, "text", N_("TEXT"), AT(texts),
		N_("take this text, or address, as if a code had said it"), 0 },
	{ OPTIONS_FLAG, "fetch", NULL, AT(fetch),
		N_("ask the addresses, and verify the document that comes"), 0 },
	{ OPTIONS_TEXT, "output", N_("FILE"), AT(output),
		N_("with --fetch: keep the document under this name"), 'o' },
	{ OPTIONS_CHOICE, "revocation", "require|soft|none", AT(revocation),
		N_("with --fetch: what an unknown revocation means"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("one JSON object a line, for programs"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static atomic_bool cancelled;

static void cancel(int signal_number)
{
	(void)signal_number;
	atomic_store(&cancelled, true);
}

/* What was fetched is taken away again; a second signal ends the program at once. */
static void take_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction mine = { .sa_handler = cancel, .sa_flags = (int)SA_RESETHAND };
	struct sigaction before;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &mine, NULL);
}

/* 130 and 2 win over 4 over 1 over 3 over 0. */
static void worsen(struct wishes *wishes, int status)
{
	static const int order[] = { EXIT_CANCELLED, EXIT_NOT_STARTED, EXIT_SERVICE, EXIT_NOT_ALL, EXIT_NO_SIGNATURE };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (wishes->status == order[i])
			return;
		if (status == order[i]) {
			wishes->status = status;
			return;
		}
	}
}

/* ---- asking an address ---- */

static void report_bytes(void *context, uint64_t received, uint64_t total)
{
	(void)context;
	if (total > 0)
		print_progress(N_("Fetching, in KiB:"), (size_t)(received >> 10), (size_t)(total >> 10));
}

static int status_of(const struct qr_fetched *fetched)
{
	static const int verdicts[] = { [VERIFY_TOTAL_PASSED] = EXIT_DONE,
		[VERIFY_INDETERMINATE] = EXIT_NOT_ALL,
		[VERIFY_TOTAL_FAILED] = EXIT_NOT_ALL,
		[VERIFY_NO_SIGNATURE] = EXIT_NO_SIGNATURE,
		[VERIFY_ERROR] = EXIT_NOT_ALL };

	if (fetched->error.code == BE_CANCELLED)
		return EXIT_CANCELLED;
	if (fetched->error.code == BE_EXISTS || fetched->error.code == BE_IO || fetched->error.code == BE_UNSUPPORTED)
		return EXIT_NOT_STARTED;
	if (fetched->error.code != BE_OK)
		return EXIT_SERVICE;
	return fetched->found.came == QR_CAME_PDF ? verdicts[fetched->report.result] : EXIT_NOT_ALL;
}

static void fetch(struct qr_fetched *out, struct wishes *wishes, const struct qr_content *content)
{
	const struct qr_follow_wish wish = { .anywhere = true, .cancel = &cancelled, .progress = report_bytes };
	const struct app_engine *engine = &app_engine_real;
	enum be_err rc;

	if (content->kind != QR_URL)
		return;
	out->asked = true;
	if (content->why_not != NULL)
		rc = be_fail(&out->error, BE_BLOCKED, content->why_not, NULL);
	else
		rc = engine->qr_follow(&out->found, content->url, &wish, &out->error);
	print_progress_end();
	if (rc == BE_OK && out->found.came == QR_CAME_PDF && wishes->output != NULL) {
		rc = engine->qr_save(out->found.document, wishes->output, &out->error);
		if (rc == BE_OK)
			out->saved = wishes->output;
	}
	if (rc == BE_OK && out->found.came == QR_CAME_PDF)
		rc = engine->verify(
			&out->report, out->found.document, (enum verify_revocation)wishes->revocation, &out->error);
	worsen(wishes, status_of(out));
}

/* ---- telling ---- */

static enum be_err tell_one(struct wishes *wishes, const char *file, const struct qr_code *code, struct be_error *err)
{
	struct qr_fetched fetched = { .found = QR_FOUND_NOTHING, .report = { .result = VERIFY_ERROR } };
	enum be_err rc = BE_OK;

	if (!wishes->json && wishes->told)
		(void)fputc('\n', stdout);
	wishes->told = true;
	if (!wishes->json)
		qr_tell(file, code, wishes->titled);
	if (wishes->fetch)
		fetch(&fetched, wishes, &code->content);
	if (wishes->json)
		rc = qr_tell_json(file, code, wishes->fetch ? &fetched : NULL, err);
	else if (fetched.asked && fetched.error.code == BE_OK)
		qr_tell_fetched(&fetched);
	if (fetched.asked && fetched.error.code != BE_OK)
		print_failure(code->content.host, &fetched.error);
	else if (fetched.asked && fetched.found.came == QR_CAME_PDF && fetched.report.result == VERIFY_ERROR)
		print_failure(code->content.host, &fetched.report.error);
	qr_fetched_free(&fetched);
	return rc;
}

static size_t count_addresses(const struct qr_codes *codes)
{
	size_t count = 0;

	for (size_t i = 0; i < codes->count; i++)
		count += codes->codes[i].content.kind == QR_URL;
	return count;
}

static enum be_err tell_all(struct wishes *wishes, const char *file, const struct qr_codes *codes, struct be_error *err)
{
	enum be_err rc = BE_OK;

	/* Asked before anything is fetched. */
	if (wishes->output != NULL && count_addresses(codes) > 1)
		return be_fail(err, BE_USAGE,
			N_("There are several addresses for one -o; choose one with --page or --text"), NULL);
	wishes->titled = wishes->titled || codes->count > 1;
	for (size_t i = 0; i < codes->count && rc == BE_OK && !atomic_load(&cancelled); i++)
		rc = tell_one(wishes, file, &codes->codes[i], err);
	return rc;
}

static void tell_failure(struct wishes *wishes, const char *file, const struct be_error *error)
{
	print_failure(file, error);
	if (wishes->json)
		(void)qr_tell_json_error(file, error, NULL);
}

/* ---- reading ---- */

static void report_pages(void *context, size_t done, size_t count)
{
	(void)context;
	if (count > 1)
		print_progress(N_("Reading page"), done + 1, count);
}

static void say_unread(const struct qr_codes *codes)
{
	struct be_error err = { .code = BE_OK };

	if (codes->unread > 0) {
		(void)be_fail(&err, BE_LIMIT, N_("Some pages could not be looked at"), "%u", codes->unread);
		print_failure(NULL, &err);
	}
}

static void read_one(struct wishes *wishes, const char *file)
{
	const struct qr_read_wish wish = {
		.page = (uint32_t)wishes->page, .cancel = &cancelled, .progress = report_pages
	};
	struct be_error err = { .code = BE_OK };
	struct qr_codes codes;
	enum be_err rc = app_engine_real.qr_read(&codes, file, &wish, &err);

	print_progress_end();
	if (rc == BE_OK && codes.count == 0) {
		(void)be_fail(&err, BE_NOT_FOUND, N_("No QR code was found"), NULL);
		tell_failure(wishes, file, &err);
		worsen(wishes, EXIT_NOT_ALL);
	} else if (rc == BE_OK) {
		rc = tell_all(wishes, file, &codes, &err);
	}
	if (rc != BE_OK) {
		tell_failure(wishes, file, &err);
		worsen(wishes, command_status(rc));
	} else {
		say_unread(&codes);
	}
	qr_codes_free(&codes);
}

static enum be_err read_text(struct wishes *wishes, const char *text, struct be_error *err)
{
	struct qr_codes codes;
	enum be_err rc = qr_read_text(&codes, text, err);

	if (rc == BE_OK)
		rc = tell_all(wishes, NULL, &codes, err);
	qr_codes_free(&codes);
	return rc;
}

static enum be_err check_wishes(struct wishes *wishes, char **words, size_t count, struct be_error *err)
{
	size_t texts = 0;

	while (wishes->texts[texts] != NULL)
		texts++;
	if (count == 0 || strcmp(words[0], "read") != 0)
		return be_fail(err, BE_USAGE, N_("Say read, and the files"), "%s", count > 0 ? words[0] : "");
	if (count == 1 && texts == 0)
		return be_fail(err, BE_USAGE, N_("Name the pictures or documents to be read"), NULL);
	if (wishes->output != NULL && !wishes->fetch)
		return be_fail(err, BE_USAGE, N_("-o keeps what --fetch brings; say --fetch as well"), NULL);
	if (wishes->output != NULL && count - 1 + texts != 1)
		return be_fail(err, BE_USAGE, N_("-o is for one file at a time"), NULL);
	wishes->titled = count - 1 > 1;
	return BE_OK;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .page = 0 };
	struct be_error err = { .code = BE_OK };
	int count = 0;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK)
		rc = check_wishes(&wishes, argv + 1, (size_t)count, &err);
	if (rc == BE_OK)
		take_signals();
	for (size_t i = 0; rc == BE_OK && wishes.texts[i] != NULL && !atomic_load(&cancelled); i++)
		rc = read_text(&wishes, wishes.texts[i], &err);
	for (int i = 2; rc == BE_OK && i <= count && !atomic_load(&cancelled); i++)
		read_one(&wishes, argv[i]);
	if (rc != BE_OK)
		return command_refuse(self, &err);
	return atomic_load(&cancelled) ? EXIT_CANCELLED : wishes.status;
}

const struct command command_qr = { "qr", N_("read [options] FILE..."),
	N_("what the QR codes in pictures and documents say, and where they lead"), options, run };
