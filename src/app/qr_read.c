/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/qr_read.h"

#include "base/file.h"
#include "render/render.h"
#include "verify/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_MAX 1024u /* bytes in which a document says that it is one */

static const struct qr_codes none = { NULL, 0, false, 0, 0 };

void qr_codes_free(struct qr_codes *codes)
{
	free(codes->codes);
	*codes = none;
}

static enum be_err add_code(struct qr_codes *out, uint32_t page, const char *text, struct be_error *err)
{
	struct qr_code *more;

	if (out->count == QR_CODES_MAX) {
		out->more = true;
		return BE_OK;
	}
	more = reallocarray(out->codes, out->count + 1, sizeof(*more));
	if (more == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	out->codes = more;
	more[out->count].page = page;
	qr_content_read(&more[out->count].content, text);
	out->count++;
	return BE_OK;
}

static enum be_err add_all(struct qr_codes *out, uint32_t page, struct render_text *found, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (size_t i = 0; rc == BE_OK && i < found->count; i++)
		rc = add_code(out, page, found->lines[i].text, err);
	render_text_free(found);
	return rc;
}

/* That nothing is drawn here means that nothing is read. */
static enum be_err open_helper(struct render **out, int document, const struct qr_read_wish *wish, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	const enum be_err rc = render_open(out, document, &cause);

	if (rc == BE_OK) {
		render_cancel_by(*out, wish->cancel);
		return rc;
	}
	if (rc == BE_HELPER)
		return be_fail(err, rc, N_("QR codes are read by besign-render, which is not here; install it"), "%s",
			cause.detail);
	if (rc == BE_SANDBOX)
		return be_fail(err, rc,
			N_("QR codes are not read on this computer: its kernel lacks Landlock (Linux 5.13)"), "%s",
			cause.detail);
	return be_fail(err, rc, cause.msgid, "%s", cause.detail);
}

static bool is_cancelled(const struct qr_read_wish *wish)
{
	return wish->cancel != NULL && atomic_load(wish->cancel);
}

/* ---- documents ---- */

/* A page that cannot be looked at does not keep the others from it. */
static enum be_err read_page(struct qr_codes *out, struct render *render, uint32_t page, struct be_error *err)
{
	struct render_text found;
	const enum be_err rc = render_codes(&found, render, page, err);

	if (rc == BE_LIMIT) {
		out->unread++;
		return BE_OK;
	}
	return rc == BE_OK ? add_all(out, page, &found, err) : rc;
}

static enum be_err read_pages(
	struct qr_codes *out, struct render *render, const struct qr_read_wish *wish, struct be_error *err)
{
	const uint32_t count = render_pages(render);
	enum be_err rc = BE_OK;

	out->pages = count;
	if (wish->page != 0)
		return read_page(out, render, wish->page, err);
	for (uint32_t page = 1; page <= count && rc == BE_OK && !out->more; page++) {
		if (wish->progress != NULL)
			wish->progress(wish->context, page - 1, count);
		rc = is_cancelled(wish) ? be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL)
					: read_page(out, render, page, err);
	}
	return rc;
}

static enum be_err read_document(
	struct qr_codes *out, const char *path, const struct qr_read_wish *wish, struct be_error *err)
{
	struct image image = { .fd = -1 };
	struct render *render = NULL;
	enum be_err rc = image_open(&image, path, err);

	if (rc != BE_OK)
		return rc;
	rc = open_helper(&render, image.fd, wish, err);
	if (rc == BE_OK)
		rc = read_pages(out, render, wish, err);
	render_free(&render);
	image_close(&image);
	return rc;
}

/* ---- pictures ---- */

static enum be_err read_picture(
	struct qr_codes *out, struct render *render, const struct buffer *bytes, struct be_error *err)
{
	struct render_text found;
	const enum be_err rc = render_image_codes(&found, render, bytes->data, bytes->len, err);

	return rc == BE_OK ? add_all(out, 0, &found, err) : rc;
}

static enum be_err read_image(
	struct qr_codes *out, const char *path, const struct qr_read_wish *wish, struct be_error *err)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct render *render = NULL;
	enum be_err rc = file_read_all(&bytes, path, RENDER_IMAGE_MAX, err);

	if (rc == BE_OK && wish->page > 1)
		rc = be_fail(err, BE_NO_SUCH_PAGE, N_("A picture has one page only"), NULL);
	if (rc == BE_OK)
		rc = open_helper(&render, -1, wish, err);
	if (rc == BE_OK)
		rc = read_picture(out, render, &bytes, err);
	render_free(&render);
	buffer_free(&bytes);
	return rc;
}

/* ---- which of them a file is ---- */

enum kind { DOCUMENT, PICTURE, NEITHER };

static enum kind kind_of(const uint8_t *head, size_t len)
{
	if (len > 0 && memmem(head, len, "%PDF-", 5) != NULL)
		return DOCUMENT;
	if ((len > 8 && memcmp(head, "\x89PNG\r\n\x1a\n", 8) == 0) || (len > 3 && memcmp(head, "\xff\xd8\xff", 3) == 0))
		return PICTURE;
	return NEITHER;
}

static enum be_err look_at_head(enum kind *kind, const char *path, struct be_error *err)
{
	uint8_t head[HEAD_MAX];
	struct stat st;
	/* A pipe is not waited for. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = -1;

	if (fd < 0 && errno == ENOENT)
		return be_fail(err, BE_NOT_FOUND, N_("The file does not exist"), NULL);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file cannot be read"), "open");
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return be_fail(err, BE_UNSUPPORTED, N_("This is no file, so there is no code on it"), NULL);
	}
	got = pread(fd, head, sizeof(head), 0);
	(void)close(fd);
	if (got < 0)
		return be_fail_errno(err, BE_IO, N_("The file cannot be read"), "pread");
	*kind = kind_of(head, (size_t)got);
	return BE_OK;
}

enum be_err qr_read_file(struct qr_codes *out, const char *path, const struct qr_read_wish *wish, struct be_error *err)
{
	enum kind kind = NEITHER;
	enum be_err rc = look_at_head(&kind, path, err);

	*out = none;
	if (rc == BE_OK && kind == NEITHER)
		rc = be_fail(
			err, BE_UNSUPPORTED, N_("The file is neither a PDF document nor a PNG or JPEG picture"), NULL);
	if (rc == BE_OK)
		rc = (kind == DOCUMENT ? read_document : read_image)(out, path, wish, err);
	if (rc != BE_OK)
		qr_codes_free(out);
	return rc;
}

/* ---- pictures one after another ---- */

static enum be_err read_frame(struct qr_codes *out, struct frame_source *source, struct render *render,
	const struct qr_read_wish *wish, struct be_error *err)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = source->next(source, &bytes, wish->cancel, err);

	if (rc == BE_OK) {
		rc = read_picture(out, render, &bytes, &cause);
		if (rc == BE_MALFORMED || rc == BE_LIMIT)
			rc = BE_OK;
		else if (rc != BE_OK)
			(void)be_fail(err, rc, cause.msgid, "%s", cause.detail);
	}
	buffer_free(&bytes);
	return rc;
}

enum be_err qr_read_frames(
	struct qr_codes *out, struct frame_source *source, const struct qr_read_wish *wish, struct be_error *err)
{
	struct render *render = NULL;
	enum be_err rc;

	*out = none;
	rc = open_helper(&render, -1, wish, err);
	while (rc == BE_OK && out->count == 0)
		rc = read_frame(out, source, render, wish, err);
	render_free(&render);
	if (rc != BE_OK)
		qr_codes_free(out);
	return rc;
}

enum be_err qr_read_camera(struct qr_codes *out, const struct qr_read_wish *wish, struct be_error *err)
{
	struct frame_source camera;
	enum be_err rc = frames_of_camera(&camera, err);

	*out = none;
	if (rc == BE_OK)
		rc = qr_read_frames(out, &camera, wish, err);
	frames_close(&camera);
	return rc;
}

enum be_err qr_read_text(struct qr_codes *out, const char *text, struct be_error *err)
{
	*out = none;
	if (text[strspn(text, " \t\r\n\f\v")] == '\0')
		return be_fail(err, BE_USAGE, N_("There is no text"), NULL);
	if (strlen(text) >= QR_CONTENT_MAX)
		return be_fail(err, BE_LIMIT, N_("That is more text than a QR code can hold"), NULL);
	return add_code(out, 0, text, err);
}
