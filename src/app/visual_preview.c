/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/visual.h"

#include "base/file.h"

#include <sys/mman.h>
#include <unistd.h>

/* A file without a name: a drawing is looked at like any document. */
static enum be_err show(struct render_cells *out, const struct buffer *pdf, const struct visual_wish *wish,
	const atomic_bool *cancel, struct be_error *err)
{
	const int fd = memfd_create("visualisation", MFD_CLOEXEC);
	struct render *render = NULL;
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The system has no descriptor left"), "memfd_create");
	rc = file_write_at(fd, pdf->data, pdf->len, 0, err);
	if (rc == BE_OK)
		rc = render_open(&render, fd, err);
	if (rc == BE_OK)
		render_cancel_by(render, cancel);
	if (rc == BE_OK)
		rc = render_cells(out, render, 1, NULL, wish->cols, wish->rows, wish->mode, err);
	render_free(&render);
	(void)close(fd);
	return rc;
}

enum be_err visual_preview(
	struct render_cells *out, const struct visual_wish *wish, const atomic_bool *cancel, struct be_error *err)
{
	const struct sign_options said = {
		.name = wish->name, .reason = wish->reason, .location = wish->location, .time = wish->time
	};
	struct visual_look look = VISUAL_LOOK_EMPTY;
	struct buffer pdf = BUFFER_EMPTY;
	enum be_err rc = visual_check(&wish->visual, err);

	*out = (struct render_cells){ .cells = NULL };
	if (rc == BE_OK)
		rc = visual_look(&look, &wish->visual, err);
	if (rc == BE_OK)
		rc = sign_look_draw_sized(&pdf, &look.look, &said, wish->visual.width, wish->visual.height, err);
	if (rc == BE_OK)
		rc = show(out, &pdf, wish, cancel, err);
	visual_look_free(&look);
	buffer_free(&pdf);
	return rc;
}
