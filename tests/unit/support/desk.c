/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk.h"

#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATHS_MAX 1024u
#define NEEDED(what) \
	do { \
		if (!(what)) \
			give_up(#what); \
	} while (0)

static char directory[] = "/tmp/besign-desk.XXXXXX";
static char *paths[PATHS_MAX];
static size_t path_count;

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "the tests' desk failed: %s\n", what);
	abort();
}

void desk_make(void)
{
	memset(directory + strlen(directory) - 6, 'X', 6);
	NEEDED(mkdtemp(directory) != NULL);
}

static size_t visit(bool remove_them)
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	size_t count = 0;

	NEEDED(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (remove_them && unlinkat(dirfd(dir), entry->d_name, 0) != 0)
			NEEDED(unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) == 0);
	}
	(void)closedir(dir);
	return count;
}

void desk_clear(void)
{
	(void)visit(true);
	NEEDED(rmdir(directory) == 0);
	while (path_count > 0)
		free(paths[--path_count]);
}

const char *desk_path(const char *name)
{
	NEEDED(path_count < PATHS_MAX && asprintf(&paths[path_count], "%s/%s", directory, name) >= 0);
	return paths[path_count++];
}

size_t desk_count(void)
{
	return visit(false);
}

bool desk_has(const char *name)
{
	struct stat st;

	return lstat(desk_path(name), &st) == 0;
}

void desk_write(const char *name, const void *bytes, size_t len)
{
	FILE *file = fopen(desk_path(name), "we");

	NEEDED(file != NULL && fwrite(bytes, 1, len, file) == len);
	NEEDED(fclose(file) == 0);
}

void desk_read(struct buffer *out, const char *name)
{
	NEEDED(file_read_all(out, desk_path(name), 1u << 24, NULL) == BE_OK);
}

void desk_pdf(const char *name, const char *field)
{
	struct buffer b = BUFFER_EMPTY;
	size_t at[6];
	size_t xref;
	unsigned count = field != NULL ? 5 : 4;

	buffer_add_str(&b, "%PDF-1.7\n");
	at[1] = b.len;
	buffer_printf(&b, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R%s >>\nendobj\n",
		field != NULL ? " /AcroForm << /Fields [4 0 R] >>" : "");
	at[2] = b.len;
	buffer_add_str(&b, "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
	at[3] = b.len;
	buffer_printf(&b, "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100]%s >>\nendobj\n",
		field != NULL ? " /Annots [4 0 R]" : "");
	at[4] = b.len;
	if (field != NULL)
		buffer_printf(&b,
			"4 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /F 132 /Rect [0 0 0 0] /P 3 0 R "
			">>\nendobj\n",
			field);
	xref = b.len;
	buffer_printf(&b, "xref\n0 %u\n0000000000 65535 f \n", count);
	for (unsigned i = 1; i < count; i++)
		buffer_printf(&b, "%010zu 00000 n \n", at[i]);
	buffer_printf(&b, "trailer\n<< /Size %u /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", count, xref);
	NEEDED(!b.failed);
	desk_write(name, b.data, b.len);
	buffer_free(&b);
}

void desk_p12(const char *name, EVP_PKEY *key)
{
	X509 *cert = ca_person("Budi Contoh", key, NULL, NULL);
	struct buffer file = BUFFER_EMPTY;

	ca_p12(&file, DESK_PASSPHRASE, key, cert, NULL, 1000);
	desk_write(name, file.data, file.len);
	buffer_free(&file);
	X509_free(cert);
}
