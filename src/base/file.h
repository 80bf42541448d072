/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_FILE_H
#define BASE_FILE_H

/*
 * Files: reading all or a part, and writing so that a name always has the whole old or the whole
 * new content, never a part. Every descriptor is close-on-exec.
 */

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads exactly len bytes at offset; short is BE_IO. */
enum be_err file_read_at(int fd, void *out, size_t len, uint64_t offset, struct be_error *err);
/* Writes all bytes at offset. */
enum be_err file_write_at(int fd, const void *bytes, size_t len, uint64_t offset, struct be_error *err);
/* Writes all bytes where the descriptor stands (a pipe, a terminal). */
enum be_err file_write(int fd, const void *bytes, size_t len, struct be_error *err);
/* Reads a regular file of at most max bytes to the end (BE_LIMIT beyond). */
enum be_err file_read_all(struct buffer *out, const char *path, size_t max, struct be_error *err);
/* Copies len bytes from the start of one descriptor to the start of another, inside the kernel
 * where it can. */
enum be_err file_copy(int from, int to, uint64_t len, struct be_error *err);
/* The same for a part: len bytes from offset, to the same place. */
enum be_err file_copy_part(int from, int to, uint64_t offset, uint64_t len, struct be_error *err);

/* An output that has no name until it is committed, in the directory of its target (so that
 * naming it is atomic). When the file system has no O_TMPFILE, a hidden name with mode 0600 that
 * file_output_free removes. */
struct file_output;

/* Mode: of the file once named, before umask. BE_EXISTS when the target is there and replace is
 * false (asked again, without a race, by the commit). BE_IO when the directory does not allow
 * it. */
enum be_err file_output_new(
	struct file_output **out, const char *target, mode_t mode, bool replace, struct be_error *err);
int file_output_fd(const struct file_output *output); /* open for reading and writing; borrowed */
/* fsync, the name (linkat, or renameat2 with RENAME_NOREPLACE; plain rename when replace), fsync
 * of the directory. Only BE_OK means that the target has the content. */
enum be_err file_output_commit(struct file_output *output, struct be_error *err);
void file_output_free(struct file_output **output); /* what was not committed is gone */

/* Makes a directory and its missing parents with mode 0700. */
enum be_err file_make_dirs(const char *path, struct be_error *err);
/* The same for the directories above a file. */
enum be_err file_make_parents(const char *path, struct be_error *err);

/* Programs that change a file take turns: waits for PATH.lock, which is made with its directories and stays. lock is a
 * descriptor, for file_unlock. sentence: msgid, said when it cannot be had (BE_IO, BE_LIMIT); lock is -1 then. */
enum be_err file_lock(const char *path, int *lock, const char *sentence, struct be_error *err);
void file_unlock(int lock); /* a negative one is none */

/* A file:// URI of the absolute path, percent-encoded, exact for any bytes. */
void file_uri(struct buffer *out, const char *path);
/* The path of such a URI, with a NUL that does not count, in place of what the buffer had. False for anything that
 * file_uri does not write, and for a path with an octet 0. */
bool file_of_uri(struct buffer *out, const char *uri);

#endif
