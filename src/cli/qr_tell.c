/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/qr_tell.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "cli/print.h"
#include "cli/verify_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 2u

void qr_fetched_free(struct qr_fetched *fetched)
{
	qr_found_free(&fetched->found);
	verify_report_free(&fetched->report);
}

/* ---- for programs ---- */

static const char *or_null(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

static void put_file(struct json *object, const char *file)
{
	struct buffer uri = BUFFER_EMPTY;

	if (file != NULL)
		file_uri(&uri, file);
	buffer_add_byte(&uri, '\0');
	json_put_string(object, "file", file);
	json_put_string(object, "file_uri", uri.failed ? NULL : or_null((const char *)uri.data));
	buffer_free(&uri);
}

static void put_error(struct json *object, const struct be_error *error)
{
	struct json *own;

	if (error->code == BE_OK) {
		json_put_null(object, "error");
		return;
	}
	own = json_object();
	json_put_string(own, "code", be_err_word(error->code));
	json_put_string(own, "message", error->msgid);
	json_put(object, "error", own);
}

static struct json *warnings_of(const struct qr_content *content)
{
	static const struct {
		enum qr_odd odd;
		const char *word;
	} words[QR_ODD_COUNT] = { { QR_ODD_USER, "USER_IN_ADDRESS" }, { QR_ODD_LETTERS, "HOST_NOT_ASCII" },
		{ QR_ODD_PLAIN, "NOT_HTTPS" }, { QR_ODD_NUMBER, "HOST_IS_NUMBER" }, { QR_ODD_PORT, "UNUSUAL_PORT" },
		{ QR_ODD_NO_SCHEME, "NO_SCHEME" } };
	struct json *array = json_array();

	for (size_t i = 0; i < QR_ODD_COUNT; i++)
		if ((content->odd & words[i].odd) != 0)
			json_add_string(array, words[i].word);
	return array;
}

static struct json *links_of(const struct qr_links *links)
{
	struct json *array = json_array();

	for (size_t i = 0; i < links->count; i++) {
		struct json *link = json_object();

		json_put_string(link, "url", links->links[i].url);
		json_put_string(link, "text", links->links[i].text);
		json_add(array, link);
	}
	return array;
}

static struct json *fetched_of(const struct qr_fetched *fetched)
{
	static const char *const kinds[] = { [QR_CAME_PDF] = "pdf",
		[QR_CAME_PAGE] = "page",
		[QR_CAME_TEXT] = "text",
		[QR_CAME_OTHER] = "other",
		[QR_CAME_ELSEWHERE] = "elsewhere" };
	const struct qr_found *found = &fetched->found;
	const bool came = fetched->error.code == BE_OK;
	struct json *object = json_object();

	json_put_string(object, "kind", came ? kinds[found->came] : NULL);
	json_put_string(object, "url", or_null(found->url));
	json_put_string(object, "host", or_null(found->host));
	json_put_string(object, "type", or_null(found->type));
	json_put_int(object, "size", (int64_t)found->size);
	json_put_string(object, "saved", fetched->saved);
	json_put_string(object, "result",
		came && found->came == QR_CAME_PDF ? verify_result_word(fetched->report.result) : NULL);
	json_put(object, "links", links_of(&found->links));
	put_error(object, &fetched->error);
	return object;
}

static enum be_err print_object(struct json **object, struct be_error *err)
{
	struct buffer line = BUFFER_EMPTY;
	enum be_err rc = json_print(&line, *object, err);

	if (rc == BE_OK)
		rc = print_json_line(&line, err);
	json_free(object);
	buffer_free(&line);
	return rc;
}

enum be_err qr_tell_json(
	const char *file, const struct qr_code *code, const struct qr_fetched *fetched, struct be_error *err)
{
	const struct qr_content *content = &code->content;
	struct json *object = json_object();

	put_file(object, file);
	if (code->page != 0)
		json_put_int(object, "page", code->page);
	else
		json_put_null(object, "page");
	json_put_string(object, "content", content->text);
	json_put_string(object, "kind", content->kind == QR_URL ? "url" : "text");
	json_put_string(object, "host", or_null(content->host));
	json_put_string(object, "user", or_null(content->user));
	json_put_string(object, "url", or_null(content->url));
	json_put(object, "warnings", warnings_of(content));
	if (fetched != NULL && fetched->asked)
		json_put(object, "fetched", fetched_of(fetched));
	else if (fetched != NULL)
		json_put_null(object, "fetched");
	json_put_null(object, "error");
	return print_object(&object, err);
}

enum be_err qr_tell_json_error(const char *file, const struct be_error *error, struct be_error *err)
{
	struct json *object = json_object();

	put_file(object, file);
	json_put_null(object, "page");
	json_put_null(object, "content");
	json_put_null(object, "kind");
	put_error(object, error);
	return print_object(&object, err);
}

/* ---- for people ---- */

static void print_where(const char *file, uint32_t page)
{
	print_foreign(stdout, file);
	if (page != 0)
		(void)printf(", %s %u", tr(N_("page")), page);
	(void)fputs(":\n", stdout);
}

/* A code may hold several lines. */
static void print_lines(const char *text)
{
	while (*text != '\0') {
		const size_t len = strcspn(text, "\n");
		char *line = strndup(text, len);

		(void)printf("%*s", (int)INDENT, "");
		print_foreign(stdout, line != NULL ? line : "");
		(void)fputc('\n', stdout);
		free(line);
		text += len + (text[len] != '\0');
	}
}

void qr_tell(const char *file, const struct qr_code *code, bool titled)
{
	const struct qr_content *content = &code->content;
	const char *notes[QR_NOTES_MAX];
	size_t count;

	if (titled && file != NULL)
		print_where(file, code->page);
	if (content->kind == QR_URL) {
		print_foreign(stdout, content->host);
		(void)fputc('\n', stdout);
	}
	print_lines(content->text);
	if (content->url[0] != '\0' && strcmp(content->url, content->text) != 0)
		print_line_foreign(N_("Asked as"), INDENT, content->url);
	count = qr_content_notes(content, notes);
	for (size_t i = 0; i < count; i++)
		print_line_text(N_("Note"), INDENT, notes[i]);
}

static void print_links(const struct qr_links *links)
{
	if (links->title[0] != '\0')
		print_line_quoted(N_("Title"), INDENT, links->title);
	for (size_t i = 0; i < links->count; i++) {
		print_line_foreign(N_("Link to a PDF"), INDENT, links->links[i].url);
		if (links->links[i].text[0] != '\0')
			print_line_quoted(N_("Its text"), INDENT, links->links[i].text);
	}
	print_line_text(N_("Note"), INDENT,
		links->count > 0 ? N_("A link is asked when you give it: besign qr read --fetch --text ADDRESS")
				 : N_("The code does not lead to the document, and the page has no link to one"));
}

void qr_tell_fetched(const struct qr_fetched *fetched)
{
	static const char *const kinds[] = { [QR_CAME_PDF] = N_("a PDF document"),
		[QR_CAME_PAGE] = N_("a page of the web, not a document"),
		[QR_CAME_TEXT] = N_("text, not a document"),
		[QR_CAME_OTHER] = N_("a file that is no PDF document"),
		[QR_CAME_ELSEWHERE] = N_("nothing yet: it leads to another host") };
	const struct qr_found *found = &fetched->found;

	print_line_foreign(N_("Fetched from"), INDENT, found->host);
	print_line_text(N_("What came"), INDENT, kinds[found->came]);
	if (found->type[0] != '\0')
		print_line_quoted(N_("Its type"), INDENT, found->type);
	if (fetched->saved != NULL)
		print_line_foreign(N_("Saved as"), INDENT, fetched->saved);
	if (found->came == QR_CAME_PAGE)
		print_links(&found->links);
	if (found->came == QR_CAME_TEXT)
		print_lines(found->text);
	if (found->came == QR_CAME_PDF && fetched->report.result != VERIFY_ERROR)
		verify_print(&fetched->report, fetched->saved != NULL ? fetched->saved : found->url);
}
