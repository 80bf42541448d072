/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * besign-render for scripts, which look at its answers with other people's programs.
 *
 *   render_say text DOCUMENT PAGE
 *   render_say stamp FILE WIDTH HEIGHT IMAGE [LINE...]      IMAGE: a file, or -; FILE gets the drawing
 *   render_say time DOCUMENT COUNT                          milliseconds: start, first page in cells, the COUNT after it
 *
 * An error is its word and its sentence, and status 1.
 */

#include "base/file.h"
#include "render/render.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct be_error err; /* of the last call */

static enum be_err open_document(struct render **render, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(&err, BE_NOT_FOUND, N_("The file cannot be opened"), path);
	rc = render_open(render, fd, &err);
	(void)close(fd);
	return rc;
}

static enum be_err say_text(struct render *render, uint32_t page)
{
	struct render_text text;
	enum be_err rc = render_text(&text, render, page, &err);

	for (size_t i = 0; i < text.count; i++)
		printf("%.1f %.1f %.1f %.1f %s\n", text.lines[i].at.x, text.lines[i].at.y, text.lines[i].at.width,
			text.lines[i].at.height, text.lines[i].text);
	render_text_free(&text);
	return rc;
}

static enum be_err say_stamp(char **words, size_t count)
{
	struct render_stamp stamp = {
		.width = strtod(words[1], NULL),
		.height = strtod(words[2], NULL),
		.lines = (const char *const *)words + 4,
		.line_count = count - 4,
	};
	struct buffer image = BUFFER_EMPTY;
	struct buffer pdf = BUFFER_EMPTY;
	struct render *render = NULL;
	struct file_output *out = NULL;
	enum be_err rc = render_open(&render, -1, &err);

	if (rc == BE_OK && strcmp(words[3], "-") != 0)
		rc = file_read_all(&image, words[3], RENDER_IMAGE_MAX, &err);
	if (image.len > 0) {
		stamp.image = image.data;
		stamp.image_len = image.len;
	}
	if (rc == BE_OK)
		rc = render_stamp(&pdf, render, &stamp, &err);
	if (rc == BE_OK)
		rc = file_output_new(&out, words[0], 0644, true, &err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(out), pdf.data, pdf.len, 0, &err);
	if (rc == BE_OK)
		rc = file_output_commit(out, &err);
	file_output_free(&out);
	render_free(&render);
	buffer_free(&pdf);
	buffer_free(&image);
	return rc;
}

static double now(void)
{
	struct timespec ts = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static enum be_err say_time(const char *path, int count)
{
	struct render *render = NULL;
	double before = now();
	enum be_err rc = open_document(&render, path);
	double times[3] = { now() - before, 0, 0 };

	for (int i = 0; i <= count && rc == BE_OK; i++) {
		struct render_cells cells;

		before = now();
		rc = render_cells(&cells, render, 1, NULL, 80, 24, RENDER_256, &err);
		times[i == 0 ? 1 : 2] += now() - before;
		render_cells_free(&cells);
	}
	printf("%.1f %.1f %.1f\n", times[0], times[1], times[2] / (count > 0 ? count : 1));
	render_free(&render);
	return rc;
}

int main(int argc, char **argv)
{
	struct render *render = NULL;
	enum be_err rc = BE_USAGE;

	if (argc == 4 && strcmp(argv[1], "text") == 0) {
		rc = open_document(&render, argv[2]);
		if (rc == BE_OK)
			rc = say_text(render, (uint32_t)strtoul(argv[3], NULL, 10));
		render_free(&render);
	} else if (argc >= 6 && strcmp(argv[1], "stamp") == 0) {
		rc = say_stamp(argv + 2, (size_t)argc - 2);
	} else if (argc == 4 && strcmp(argv[1], "time") == 0) {
		rc = say_time(argv[2], atoi(argv[3]));
	}
	if (rc != BE_OK)
		printf("%s: %s (%s)\n", be_err_word(rc), err.msgid != NULL ? err.msgid : "", err.detail);
	return rc == BE_OK ? 0 : 1;
}
