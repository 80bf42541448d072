/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch_record.h"

#include "app/batch_text.h"
#include "app/data.h"
#include "base/file.h"
#include "base/time.h"
#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "batches"
#define FILE_MAX (64u << 20)
/* A list that is being made holds the lock for a moment. */
#define TRIES 20
#define TRY_MS 10
static const char not_kept[] = N_("What is left of the batch could not be written down");

enum be_err batch_record_path(struct buffer *out, const char *id, struct be_error *err)
{
	enum be_err rc = data_own(out, DATA_STATE_HOME, DIRECTORY, err);

	if (rc != BE_OK || id == NULL)
		return rc;
	buffer_printf(out, "/%s", id);
	buffer_add_byte(out, '\0');
	rc = buffer_check(out, err);
	if (rc == BE_OK)
		out->len--;
	return rc;
}

bool batch_record_is_id(const char *name)
{
	static const char plain[] = "0123456789abcdefTZ-";
	const size_t len = strlen(name);

	return len > 0 && len < OUTPUTS_BATCH_MAX && name[0] != '-' && strspn(name, plain) == len;
}

/* ---- how a file is ---- */

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

void batch_stat_read(struct batch_stat *out, const char *path)
{
	struct stat st;

	*out = (struct batch_stat){ .inode = 0 };
	if (stat(path, &st) == 0)
		*out = (struct batch_stat){ .inode = st.st_ino,
			.size = (uint64_t)st.st_size,
			.modified = nanoseconds(&st.st_mtim),
			.changed = nanoseconds(&st.st_ctim) };
}

bool batch_stat_same(const struct batch_stat *a, const struct batch_stat *b)
{
	return a->inode == b->inode && a->size == b->size && a->modified == b->modified && a->changed == b->changed;
}

/* ---- files ---- */

static enum be_err new_id(struct batch *batch, struct be_error *err)
{
	char time[TIME_TEXT_MAX];
	uint8_t random[4];
	enum be_err rc = crypto_random(random, sizeof(random), err);
	char *to = batch->id;

	/* 20261128T024500Z-9f8e7d6c: sorted by name is sorted by time. */
	for (const char *at = time_format(time, batch->time); *at != '\0'; at++)
		if (*at != '-' && *at != ':')
			*to++ = *at;
	(void)snprintf(to, OUTPUTS_BATCH_MAX - (size_t)(to - batch->id), "-%02x%02x%02x%02x", random[0], random[1],
		random[2], random[3]);
	return rc;
}

enum be_err batch_record_make(struct batch *batch, struct be_error *err)
{
	struct file_output *output = NULL;
	struct buffer text = BUFFER_EMPTY;
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = new_id(batch, err);

	batch_text_make(&text, batch);
	if (rc == BE_OK)
		rc = buffer_check(&text, err);
	if (rc == BE_OK)
		rc = batch_record_path(&path, NULL, err);
	if (rc == BE_OK)
		rc = file_make_dirs((const char *)path.data, err);
	if (rc == BE_OK)
		rc = batch_record_path(&path, batch->id, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, (const char *)path.data, S_IRUSR | S_IWUSR, false, err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), text.data, text.len, 0, err);
	if (rc == BE_OK) {
		/* The lock is that of the open file, which this descriptor keeps. */
		batch->fd = fcntl(file_output_fd(output), F_DUPFD_CLOEXEC, 0);
		if (batch->fd < 0 || flock(batch->fd, LOCK_EX | LOCK_NB) != 0)
			rc = be_fail_errno(err, BE_IO, not_kept, (const char *)path.data);
	}
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	batch->end = text.len;
	if (rc != BE_OK)
		batch_record_close(batch);
	file_output_free(&output);
	buffer_free(&text);
	buffer_free(&path);
	return rc;
}

static enum be_err open_locked(int *out, const char *path, int tries, struct be_error *err)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return be_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? BE_NOT_FOUND : BE_IO,
			N_("The record of the interrupted batch cannot be read"), path);
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK || --tries <= 0) {
			(void)close(fd);
			return be_fail(err, BE_BUSY, N_("This batch is being signed by another besign"), "%s", path);
		}
		(void)usleep(TRY_MS * 1000);
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink == 0 || st.st_size > FILE_MAX) {
		(void)close(fd);
		return be_fail(err, BE_NOT_FOUND, N_("The record of the interrupted batch cannot be read"), "%s", path);
	}
	*out = fd;
	return BE_OK;
}

enum be_err batch_record_open(struct batch **out, const char *id, bool waits, struct be_error *err)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	struct buffer text = BUFFER_EMPTY;
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	*out = NULL;
	if (batch == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	batch->fd = -1;
	if (!batch_record_is_id(id))
		rc = be_fail(err, BE_NOT_FOUND, N_("The record of the interrupted batch cannot be read"), "%s", id);
	if (rc == BE_OK)
		rc = batch_record_path(&path, id, err);
	if (rc == BE_OK)
		rc = open_locked(&batch->fd, (const char *)path.data, waits ? TRIES : 1, err);
	if (rc == BE_OK)
		rc = file_read_all(&text, (const char *)path.data, FILE_MAX, err);
	if (rc == BE_OK)
		rc = batch_text_take(batch, &text, (const char *)path.data, err);
	if (rc == BE_OK && ftruncate(batch->fd, (off_t)batch->end) != 0)
		rc = be_fail_errno(err, BE_IO, not_kept, (const char *)path.data);
	(void)snprintf(batch->id, sizeof(batch->id), "%s", id);
	if (rc == BE_OK)
		*out = batch;
	else
		batch_free(&batch);
	buffer_free(&text);
	buffer_free(&path);
	return rc;
}

void batch_record_close(struct batch *batch)
{
	if (batch->fd >= 0)
		(void)close(batch->fd);
	batch->fd = -1;
}

/* Before the lock goes, so that nobody takes it up in between. */
void batch_record_remove(struct batch *batch)
{
	struct buffer path = BUFFER_EMPTY;

	if (batch->fd >= 0 && batch_record_path(&path, batch->id, NULL) == BE_OK)
		(void)unlink((const char *)path.data);
	batch_record_close(batch);
	buffer_free(&path);
}

enum be_err batch_record_mark(
	struct batch *batch, size_t document, enum batch_word word, bool sync, struct be_error *err)
{
	char line[48];
	const int len = snprintf(line, sizeof(line), "%s = %zu\n", batch_text_word(word), document);
	enum be_err rc;

	if (batch->fd < 0)
		return BE_OK;
	rc = file_write_at(batch->fd, line, (size_t)len, batch->end, err);
	if (rc == BE_OK && sync && fdatasync(batch->fd) != 0)
		rc = be_fail_errno(err, BE_IO, not_kept, batch->id);
	if (rc == BE_OK)
		batch->end += (size_t)len;
	else if (ftruncate(batch->fd, (off_t)batch->end) != 0)
		batch_record_close(batch); /* half a mark must not get another one behind it */
	return rc;
}
