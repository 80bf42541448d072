/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signs one document visibly with an appearance that is ready, through the library as any program would:
 *
 *	sign_ready KEY.p12 PASSPHRASE APPEARANCE.pdf INPUT OUTPUT PAGE X Y W H
 *	sign_ready KEY.p12 PASSPHRASE APPEARANCE.pdf INPUT OUTPUT FIELD
 */

#include "besign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *read_all(const char *path, size_t *len)
{
	static char bytes[1 << 20];
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	*len = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	struct besign_sign_options options = { .size = sizeof(options) };
	struct besign_document document = { .hash_output = 0 };
	struct besign_signer *signer = NULL;
	struct besign_error error = { "", "", "" };

	if (argc != 7 && argc != 11) {
		(void)fputs("sign_ready KEY PASSPHRASE APPEARANCE INPUT OUTPUT PAGE X Y W H | FIELD\n", stderr);
		return 2;
	}
	options.appearance = read_all(argv[3], &options.appearance_len);
	document.input = argv[4];
	document.output = argv[5];
	if (argc == 7)
		options.field = argv[6];
	else
		options.page = atoi(argv[6]);
	for (int i = 0; argc == 11 && i < 4; i++)
		options.rect[i] = strtod(argv[7 + i], NULL);
	if (besign_signer_open_p12(argv[1], argv[2], strlen(argv[2]), &signer, &error) != 0 ||
		besign_sign(signer, &options, &document, 1, &error) < 0) {
		(void)fprintf(stderr, "%s: %s (%s)\n", error.code, error.message, error.detail);
		besign_signer_free(&signer);
		return 2;
	}
	besign_signer_free(&signer);
	if (document.is_signed == 1)
		return 0;
	(void)fprintf(stderr, "%s: %s (%s)\n", document.error.code, document.error.message, document.error.detail);
	return 1;
}
