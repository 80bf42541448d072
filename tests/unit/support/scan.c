/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/scan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WIDTH 5 /* pixels of a cell */
#define HALF 5
#define UPPER_HALF 0x2580u
#define LOWER_HALF 0x2584u
#define FULL 0x2588u

static char said[2048];

static void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "support/scan: %s\n", what);
	abort();
}

bool scan_is_possible(void)
{
	const int status = system("command -v zbarimg >/dev/null 2>&1");

	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct scan_cell scan_cell_of(unsigned character, bool foreground, bool background)
{
	const bool upper = character == UPPER_HALF || character == FULL;
	const bool lower = character == LOWER_HALF || character == FULL;

	return (struct scan_cell){ upper ? foreground : background, lower ? foreground : background };
}

const char *scan_file(const char *path)
{
	char command[1024];
	FILE *answer;
	size_t len;

	must(snprintf(command, sizeof(command), "zbarimg --quiet --raw -Sdisable -Sqrcode.enable '%s' 2>/dev/null",
		     path) < (int)sizeof(command),
		"a long name");
	answer = popen(command, "re");
	must(answer != NULL, "zbarimg");
	len = fread(said, 1, sizeof(said) - 1, answer);
	(void)pclose(answer);
	while (len > 0 && said[len - 1] == '\n')
		len--;
	said[len] = '\0';
	return said;
}

static void write_line(FILE *file, const struct scan_cell *cells, int columns, bool lower)
{
	for (int pixel = 0; pixel < HALF; pixel++)
		for (int x = 0; x < columns * WIDTH; x++)
			must(fputc((lower ? cells[x / WIDTH].lower : cells[x / WIDTH].upper) ? 0xFF : 0, file) != EOF,
				"writing");
}

const char *scan_cells(const struct scan_cell *cells, int rows, int columns)
{
	const char *where = getenv("TMPDIR");
	char path[512];
	FILE *file;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/besign-scan.XXXXXX", where != NULL ? where : "/tmp");
	fd = mkstemp(path);
	must(fd >= 0, "mkstemp");
	file = fdopen(fd, "w");
	must(file != NULL, "fdopen");
	(void)fprintf(file, "P5\n%d %d\n255\n", columns * WIDTH, rows * 2 * HALF);
	for (int row = 0; row < rows; row++) {
		write_line(file, cells + row * columns, columns, false);
		write_line(file, cells + row * columns, columns, true);
	}
	must(fclose(file) == 0, "closing");
	(void)scan_file(path);
	(void)unlink(path);
	return said;
}
