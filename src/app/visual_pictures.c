/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/visual.h"

#include "app/data.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "visual"
#define ENDING_LEN 4u
#define STEM_MAX 100u   /* bytes of a name without number and ending */
#define TRIES_MAX 1000u /* pictures of one name */
/* A picture's size stands near its beginning; only large colour profiles and thumbnails come before it. */
#define HEAD_MAX (1u << 20)

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

enum kind { NO_PICTURE, PNG, JPEG };

const char *visual_worth_text(enum visual_worth worth)
{
	static const char *const words[] = {
		[VISUAL_WELL] = NULL,
		[VISUAL_TOO_SMALL] = N_("The picture is less than 100 pixels wide: it will look blurred on paper"),
		[VISUAL_TOO_LARGE] = N_(
			"The picture is more than 2000 pixels wide: every document becomes larger by it; a smaller one looks the same"),
		[VISUAL_BROKEN] = N_("The file is no picture any more: remove it, and add the picture again"),
	};

	return words[worth];
}

/* ---- how large a picture is: read, not decoded ---- */

static uint32_t number(const uint8_t *at, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static enum kind kind_of(const uint8_t *bytes, size_t len)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
	static const uint8_t jpeg[] = { 0xFF, 0xD8, 0xFF };

	if (len >= sizeof(png) && memcmp(bytes, png, sizeof(png)) == 0)
		return PNG;
	return len >= sizeof(jpeg) && memcmp(bytes, jpeg, sizeof(jpeg)) == 0 ? JPEG : NO_PICTURE;
}

/* The first chunk is IHDR, and begins with width and height (ISO/IEC 15948, 11.2.2). */
static bool png_size(uint32_t *width, uint32_t *height, const uint8_t *bytes, size_t len)
{
	if (len < 33 || number(bytes + 8, 4) != 13 || memcmp(bytes + 12, "IHDR", 4) != 0)
		return false;
	*width = number(bytes + 16, 4);
	*height = number(bytes + 20, 4);
	return true;
}

/* SOF0 to SOF15; among their numbers stand the tables DHT, JPG and DAC (ITU-T T.81, table B.1). */
static bool begins_frame(uint8_t marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* From marker to marker up to the frame's; the picture itself begins behind that. */
static bool jpeg_size(uint32_t *width, uint32_t *height, const uint8_t *bytes, size_t len)
{
	size_t at = 2;

	while (at + 4 <= len && bytes[at] == 0xFF) {
		const uint8_t marker = bytes[at + 1];
		size_t segment;

		if (marker == 0xFF) {
			at++;
			continue;
		}
		segment = number(bytes + at + 2, 2);
		if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xDA) || segment < 2)
			return false;
		if (begins_frame(marker)) {
			if (segment < 8 || at + 9 > len)
				return false;
			*height = number(bytes + at + 5, 2);
			*width = number(bytes + at + 7, 2);
			return true;
		}
		at += 2 + segment;
	}
	return false;
}

static enum be_err measure(
	struct visual_picture *out, enum kind *kind, const uint8_t *bytes, size_t len, struct be_error *err)
{
	uint32_t width = 0;
	uint32_t height = 0;

	out->worth = VISUAL_BROKEN;
	*kind = kind_of(bytes, len);
	if (*kind == NO_PICTURE)
		return be_fail(err, BE_UNSUPPORTED, N_("The picture has to be a PNG or JPEG file"), NULL);
	if (!(*kind == PNG ? png_size : jpeg_size)(&width, &height, bytes, len) || width == 0 || height == 0)
		return be_fail(err, BE_MALFORMED, N_("The picture is damaged"), NULL);
	if ((uint64_t)width * height > RENDER_IMAGE_PIXELS_MAX)
		return be_fail(err, BE_LIMIT, N_("The picture is too large: make it smaller"), "%u x %u pixels", width,
			height);
	out->width = width;
	out->height = height;
	out->worth = width < VISUAL_SMALL ? VISUAL_TOO_SMALL : width > VISUAL_LARGE ? VISUAL_TOO_LARGE : VISUAL_WELL;
	return BE_OK;
}

/* ---- names ---- */

/* The directory's other file, "look", has no ending, so that it is never taken for one. */
static bool is_name(const char *name)
{
	const size_t len = strlen(name);

	return len > ENDING_LEN && len < VISUAL_NAME_MAX && strspn(name, plain) == len && name[0] != '.' &&
		name[0] != '-' &&
		(strcmp(name + len - ENDING_LEN, ".png") == 0 || strcmp(name + len - ENDING_LEN, ".jpg") == 0);
}

enum be_err visual_path(struct buffer *path, const char *name, struct be_error *err)
{
	enum be_err rc;

	if (!is_name(name))
		return be_fail(err, BE_NOT_FOUND, N_("There is no picture of that name"), "%s", name);
	rc = data_own(path, DATA_HOME, DIRECTORY, err);
	if (rc != BE_OK)
		return rc;
	buffer_printf(path, "/%s", name);
	buffer_add_byte(path, '\0');
	path->len -= !path->failed;
	return buffer_check(path, err);
}

/* A file's own name without its ending, with what could be misread replaced. */
static void stem_of(char out[static STEM_MAX + 1], const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	const size_t full = dot != NULL && dot > base ? (size_t)(dot - base) : strlen(base);
	const size_t len = full < STEM_MAX ? full : STEM_MAX;

	for (size_t i = 0; i < len; i++)
		out[i] = strchr(plain, base[i]) != NULL ? base[i] : '_';
	if (len == 0 || out[0] == '.' || out[0] == '-')
		out[0] = '_';
	out[len > 0 ? len : 1] = '\0';
}

/* ---- the list ---- */

static int may_be_picture(const struct dirent *entry)
{
	return is_name(entry->d_name);
}

static bool measure_head(struct visual_picture *out, int fd, size_t len)
{
	uint8_t *head = malloc(len + 1);
	enum kind kind;
	const bool done = head != NULL && file_read_at(fd, head, len, 0, NULL) == BE_OK &&
		measure(out, &kind, head, len, NULL) == BE_OK;

	free(head);
	return done;
}

/* False: what has the name is no file. */
static bool look_at(struct visual_picture *out, int dir, const char *name)
{
	const int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool file = false;

	*out = (struct visual_picture){ .worth = VISUAL_BROKEN };
	memcpy(out->name, name, strlen(name) + 1);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		file = true;
		if (!measure_head(out, fd, st.st_size < (off_t)HEAD_MAX ? (size_t)st.st_size : HEAD_MAX) &&
			st.st_size > (off_t)HEAD_MAX && st.st_size <= (off_t)RENDER_IMAGE_MAX)
			(void)measure_head(out, fd, (size_t)st.st_size);
	}
	if (fd >= 0)
		(void)close(fd);
	return file;
}

static enum be_err look_at_all(struct visual_pictures *out, const char *dir, struct be_error *err)
{
	struct dirent **files = NULL;
	const int count = scandir(dir, &files, may_be_picture, alphasort);
	const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum be_err rc = BE_OK;

	if ((count < 0 || fd < 0) && errno != ENOENT)
		rc = be_fail_errno(err, BE_IO, N_("The directory of pictures cannot be read"), dir);
	if (count > 0 && fd >= 0) {
		out->pictures = calloc((size_t)count, sizeof(*out->pictures));
		if (out->pictures == NULL)
			rc = be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
		for (int i = 0; i < count && rc == BE_OK; i++)
			out->count += look_at(&out->pictures[out->count], fd, files[i]->d_name);
	}
	for (int i = 0; i < count; i++)
		free(files[i]);
	free(files);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

enum be_err visual_pictures(struct visual_pictures *out, struct be_error *err)
{
	struct buffer dir = BUFFER_EMPTY;
	enum be_err rc = data_own(&dir, DATA_HOME, DIRECTORY, err);

	*out = (struct visual_pictures){ NULL, 0 };
	if (rc == BE_OK)
		rc = look_at_all(out, (const char *)dir.data, err);
	if (rc != BE_OK)
		visual_pictures_free(out);
	buffer_free(&dir);
	return rc;
}

void visual_pictures_free(struct visual_pictures *pictures)
{
	free(pictures->pictures);
	*pictures = (struct visual_pictures){ NULL, 0 };
}

const struct visual_picture *visual_pictures_find(const struct visual_pictures *pictures, const char *name)
{
	for (size_t i = 0; i < pictures->count; i++)
		if (strcmp(pictures->pictures[i].name, name) == 0)
			return &pictures->pictures[i];
	return NULL;
}

enum be_err visual_pictures_check(
	const struct visual_pictures *pictures, const struct visual *visual, struct be_error *err)
{
	if (visual->picture[0] == '\0' || visual_pictures_find(pictures, visual->picture) != NULL)
		return BE_OK;
	return be_fail(err, BE_NOT_FOUND, N_("The picture in use is not there any more; choose another, or none"), "%s",
		visual->picture);
}

/* ---- changing ---- */

static enum be_err keep(const struct buffer *bytes, const char *path, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc = file_output_new(&output, path, S_IRUSR | S_IWUSR, false, err);

	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), bytes->data, bytes->len, 0, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	return rc;
}

/* "cap.png", "cap-2.png", …: the first that is free, also when somebody else adds one at the same time. */
static enum be_err keep_as(char name[static VISUAL_NAME_MAX], const struct buffer *bytes, const char *stem,
	const char *ending, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = BE_EXISTS;

	for (unsigned i = 1; rc == BE_EXISTS && i <= TRIES_MAX; i++) {
		struct buffer numbered = BUFFER_EMPTY;

		buffer_add_str(&numbered, stem);
		if (i > 1)
			buffer_printf(&numbered, "-%u", i);
		buffer_add_str(&numbered, ending);
		buffer_add_byte(&numbered, '\0');
		rc = buffer_check(&numbered, err);
		if (rc == BE_OK) {
			memcpy(name, numbered.data, numbered.len);
			rc = visual_path(&path, name, err);
		}
		if (rc == BE_OK)
			rc = keep(bytes, (const char *)path.data, err);
		buffer_free(&numbered);
	}
	buffer_free(&path);
	return rc;
}

static enum be_err read_picture(struct buffer *bytes, const char *path, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = file_read_all(bytes, path, RENDER_IMAGE_MAX, &cause);

	if (rc == BE_OK)
		return BE_OK;
	if (rc == BE_LIMIT)
		return be_fail(err, rc, N_("The picture is too large: make it smaller"), "%s", path);
	return be_fail(err, rc, N_("The picture cannot be read"), "%s", cause.detail);
}

enum be_err visual_add(struct visual_picture *out, const char *path, struct be_error *err)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct buffer dir = BUFFER_EMPTY;
	char stem[STEM_MAX + 1];
	enum kind kind = NO_PICTURE;
	enum be_err rc = read_picture(&bytes, path, err);

	*out = (struct visual_picture){ .worth = VISUAL_BROKEN };
	if (rc == BE_OK)
		rc = measure(out, &kind, bytes.data, bytes.len, err);
	if (rc == BE_OK)
		rc = data_own(&dir, DATA_HOME, DIRECTORY, err);
	if (rc == BE_OK)
		rc = file_make_dirs((const char *)dir.data, err);
	if (rc == BE_OK) {
		stem_of(stem, path);
		rc = keep_as(out->name, &bytes, stem, kind == PNG ? ".png" : ".jpg", err);
	}
	buffer_free(&bytes);
	buffer_free(&dir);
	return rc;
}

/* What is not understood in the file is no reason to leave a picture in use; it is told when the file is read. */
static enum be_err change_use(const char *name, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	struct visual visual;
	const enum be_err rc = visual_read(&visual, &cause);

	if (rc != BE_OK && rc != BE_MALFORMED)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	memset(visual.picture, 0, sizeof(visual.picture));
	if (name != NULL)
		memcpy(visual.picture, name, strlen(name));
	return visual_write(&visual, err);
}

static enum be_err find(struct visual_picture *out, const char *name, struct be_error *err)
{
	struct visual_pictures all;
	enum be_err rc = visual_pictures(&all, err);
	const struct visual_picture *found;

	if (rc != BE_OK)
		return rc;
	found = visual_pictures_find(&all, name);
	if (found != NULL)
		*out = *found;
	else
		rc = be_fail(err, BE_NOT_FOUND, N_("There is no picture of that name"), "%s", name);
	visual_pictures_free(&all);
	return rc;
}

enum be_err visual_use(const char *name, struct be_error *err)
{
	struct visual_picture picture;
	enum be_err rc = name != NULL ? find(&picture, name, err) : BE_OK;

	if (rc == BE_OK && name != NULL && picture.worth == VISUAL_BROKEN)
		rc = be_fail(err, BE_MALFORMED, visual_worth_text(VISUAL_BROKEN), "%s", name);
	return rc == BE_OK ? change_use(name, err) : rc;
}

enum be_err visual_remove(const char *name, struct be_error *err)
{
	struct visual_picture picture;
	struct buffer path = BUFFER_EMPTY;
	struct visual visual;
	enum be_err rc = find(&picture, name, err);

	if (rc == BE_OK)
		rc = visual_path(&path, name, err);
	if (rc == BE_OK) {
		(void)visual_read(&visual, NULL);
		if (strcmp(visual.picture, name) == 0)
			rc = change_use(NULL, err);
	}
	if (rc == BE_OK && unlink((const char *)path.data) != 0)
		rc = be_fail_errno(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The picture cannot be removed"),
			(const char *)path.data);
	buffer_free(&path);
	return rc;
}
