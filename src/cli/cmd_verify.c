/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trust.h"
#include "base/file.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/password.h"
#include "cli/print.h"
#include "cli/verify_print.h"
#include "verify/verify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct wishes {
	const char *trust;
	bool no_default_trust;
	const char *at;
	int revocation; /* enum verify_revocation */
	bool offline;
	int password_fd; /* -1: none */
	int docmdp;
	const char *extract[2]; /* number of the signature, file */
	bool json;
	const char *report;
	/* Made from these. */
	struct verify_options options;
	bool several;
	size_t extract_number;
	struct buffer lines; /* of --report */
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "trust", N_("DIR"), AT(trust),
		N_("trust the certificates in this directory as well (*.pem)"), 0 },
	{ OPTIONS_FLAG, "no-default-trust", NULL, AT(no_default_trust),
		N_("trust nothing but --trust"), 0 },
	{ OPTIONS_TEXT, "at", N_("TIME"), AT(at),
		N_("judge as of this moment (RFC 3339); default: now"), 0 },
	{ OPTIONS_CHOICE, "revocation", "require|soft|none", AT(revocation),
		N_("what an unknown revocation means; default: require"), 0 },
	{ OPTIONS_FLAG, "offline", NULL, AT(offline),
		N_("do not use the network (this version never does)"), 0 },
	{ OPTIONS_NUMBER, "password-fd", "N", AT(password_fd),
		N_("read an encrypted document's password from this descriptor"), 0 },
	{ OPTIONS_NUMBER, "docmdp", "P", AT(docmdp),
		N_("for tests: judge as if the first signature certified with P"), 0 },
	{ OPTIONS_PAIR, "extract", N_("N FILE"), AT(extract),
		N_("write what signature N signed as a PDF of its own"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("one JSON object a line, for programs"), 0 },
	{ OPTIONS_TEXT, "report", N_("FILE"), AT(report),
		N_("write the JSON into this file, and text for people here"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static enum be_err take_extract(struct wishes *wishes, size_t count, struct be_error *err)
{
	const char *number = wishes->extract[0];

	if (number == NULL)
		return BE_OK;
	if (number[0] == '\0' || strlen(number) > 6 || strspn(number, "0123456789") != strlen(number))
		return be_fail(err, BE_USAGE, N_("--extract wants the number of a signature and a file"), "%s", number);
	if (count != 1)
		return be_fail(err, BE_USAGE, N_("--extract is for one document at a time"), NULL);
	wishes->extract_number = strtoul(number, NULL, 10);
	return BE_OK;
}

static enum be_err check_report(const struct wishes *wishes, char **files, size_t count, struct be_error *err)
{
	struct stat report;
	struct stat file;

	if (wishes->report == NULL || stat(wishes->report, &report) != 0)
		return BE_OK;
	for (size_t i = 0; i < count; i++)
		if (stat(files[i], &file) == 0 && file.st_dev == report.st_dev && file.st_ino == report.st_ino)
			return be_fail(err, BE_OUTPUT_IS_INPUT, N_("The report would replace one of the documents"),
				"%s", wishes->report);
	return BE_OK;
}

static enum be_err check_wishes(struct wishes *wishes, char **files, size_t count, struct be_error *err)
{
	enum be_err rc = BE_OK;

	if (count == 0)
		return be_fail(err, BE_USAGE, N_("Name the documents to be verified"), NULL);
	if (wishes->json && wishes->report != NULL)
		return be_fail(err, BE_USAGE, N_("--json and --report exclude each other"), NULL);
	if (wishes->docmdp > 3)
		return be_fail(err, BE_USAGE, N_("--docmdp is 1, 2 or 3"), NULL);
	wishes->several = count > 1;
	wishes->options.at = time_now();
	if (wishes->at != NULL)
		rc = time_parse(&wishes->options.at, wishes->at, err);
	wishes->options.revocation = (enum verify_revocation)wishes->revocation;
	wishes->options.docmdp = wishes->docmdp;
	if (rc == BE_OK)
		rc = take_extract(wishes, count, err);
	if (rc == BE_OK)
		rc = check_report(wishes, files, count, err);
	return rc;
}

static enum be_err gather_anchors(struct pki_anchors **out, const struct wishes *wishes, struct be_error *err)
{
	enum be_err rc = pki_anchors_new(out, err);

	if (rc == BE_OK && !wishes->no_default_trust)
		rc = trust_load(*out, err);
	if (rc == BE_OK && wishes->trust != NULL)
		rc = pki_anchors_add_dir(*out, wishes->trust, true, err);
	return rc;
}

static int status_of(enum verify_result result)
{
	switch (result) {
	case VERIFY_TOTAL_PASSED:
		return EXIT_DONE;
	case VERIFY_NO_SIGNATURE:
		return EXIT_NO_SIGNATURE;
	case VERIFY_ERROR:
		return EXIT_NOT_STARTED;
	case VERIFY_INDETERMINATE:
	case VERIFY_TOTAL_FAILED:
	default:
		return EXIT_NOT_ALL;
	}
}

/* 2 wins over 1 over 3 over 0. */
static int worse(int a, int b)
{
	static const int order[] = { EXIT_NOT_STARTED, EXIT_NOT_ALL, EXIT_NO_SIGNATURE };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_DONE;
}

static enum be_err tell(
	struct wishes *wishes, const struct verify_report *report, const char *file, struct be_error *err)
{
	struct buffer line = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	if (wishes->json || wishes->report != NULL)
		rc = verify_report_json(&line, report, file, wishes->options.revocation, err);
	if (rc == BE_OK && wishes->json)
		rc = print_json_line(&line, err);
	if (rc == BE_OK && wishes->report != NULL) {
		buffer_add(&wishes->lines, line.data, line.len);
		buffer_add_byte(&wishes->lines, '\n');
	}
	if (rc == BE_OK && report->result == VERIFY_ERROR)
		print_failure(file, &report->error);
	/* Of a single file that cannot be read, the line on standard error is all. */
	if (rc == BE_OK && !wishes->json && (wishes->several || report->result != VERIFY_ERROR))
		verify_print(report, file);
	buffer_free(&line);
	return rc;
}

static int verify_one(struct wishes *wishes, const char *file)
{
	struct be_error err = { .code = BE_OK };
	struct verify_report report = { .result = VERIFY_ERROR };
	int status = EXIT_NOT_STARTED;
	enum be_err rc = verify_file(&report, file, &wishes->options, &err);

	if (rc == BE_OK) {
		status = status_of(report.result);
		rc = tell(wishes, &report, file, &err);
	}
	if (rc == BE_OK && wishes->extract[0] != NULL && report.result != VERIFY_ERROR)
		rc = verify_extract(file, &report, wishes->extract_number, wishes->extract[1], false, &err);
	if (rc != BE_OK) {
		print_failure(file, &err);
		status = EXIT_NOT_STARTED;
	}
	verify_report_free(&report);
	return status;
}

static enum be_err write_report(const struct wishes *wishes, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc = buffer_check(&wishes->lines, err);

	if (rc == BE_OK)
		rc = file_output_new(&output, wishes->report, 0666, true, err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), wishes->lines.data, wishes->lines.len, 0, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .password_fd = -1 };
	struct be_error err = { .code = BE_OK };
	struct pki_anchors *anchors = NULL;
	int status = EXIT_DONE;
	int count = 0;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK)
		rc = check_wishes(&wishes, argv + 1, (size_t)count, &err);
	if (rc == BE_OK)
		rc = password_read_and_drop(wishes.password_fd, &err);
	if (rc == BE_OK)
		rc = gather_anchors(&anchors, &wishes, &err);
	if (rc != BE_OK)
		goto out;
	wishes.options.anchors = anchors;
	for (int i = 1; i <= count; i++) {
		if (wishes.several)
			print_progress(N_("Verifying"), (size_t)i, (size_t)count);
		status = worse(status, verify_one(&wishes, argv[i]));
	}
	print_progress_end();
	if (wishes.report != NULL)
		rc = write_report(&wishes, &err);
out:
	pki_anchors_free(&anchors);
	buffer_free(&wishes.lines);
	return rc == BE_OK ? status : command_refuse(self, &err);
}

const struct command command_verify = { "verify", N_("[options] FILE..."),
	N_("tell whether PDF documents are signed properly"), options, run };
