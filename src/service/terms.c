/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/certificates.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

#define TERMS_MAX (256u << 10)

/* What a service says that was given no terms of its own. Both languages are one text: what is accepted is the whole. */
#define OWN_VERSION "2026-11"
static const char own_text[] =
	"PERSETUJUAN PENGGUNAAN SERTIFIKAT ELEKTRONIK\n"
	"\n"
	"1. Sertifikat elektronik dan tanda tangan yang dibuat dengannya atas nama Anda sendiri. Nama yang tertulis di\n"
	"   dalamnya adalah nama Anda yang sebenarnya.\n"
	"2. Kunci privat dibuat ketika Anda membuat passphrase dan disimpan oleh layanan ini dalam keadaan terenkripsi\n"
	"   dengan passphrase itu. Tidak ada orang lain yang dapat menandatangani tanpa passphrase Anda, dan tidak ada\n"
	"   yang dapat memulihkannya bila Anda lupa.\n"
	"3. Jangan berikan passphrase atau kode sekali pakai kepada siapa pun. Bila mungkin diketahui orang lain, cabut\n"
	"   sertifikat Anda segera.\n"
	"4. Bila nama, jabatan, atau instansi Anda berubah, cabut sertifikat Anda dan ajukan yang baru.\n"
	"5. Pencabutan tidak dapat dibatalkan. Layanan mengumumkan sertifikat yang dicabut kepada siapa pun yang bertanya.\n"
	"6. Layanan mencatat kapan sertifikat diterbitkan, diperbarui, dicabut, dan digunakan untuk menandatangani; isi\n"
	"   dokumen tidak pernah dikirim ke layanan, hanya nilai hash-nya.\n"
	"\n"
	"TERMS OF USE OF ELECTRONIC CERTIFICATES\n"
	"\n"
	"1. The certificate and the signatures made with it are in your own name. The name in it is your true name.\n"
	"2. The private key is made when you create the passphrase, and is kept by this service encrypted under that\n"
	"   passphrase. Nobody else can sign without it, and nobody can bring it back when you forget it.\n"
	"3. Give neither the passphrase nor a one-time code to anybody. When others may know them, revoke your certificate\n"
	"   at once.\n"
	"4. When your name, office or institution changes, revoke your certificate and ask for a new one.\n"
	"5. Revoking cannot be undone. The service tells everybody who asks which certificates are revoked.\n"
	"6. The service records when certificates are issued, renewed, revoked and used for signing; the contents of\n"
	"   documents are never sent to it, only their hashes.\n";

enum be_err certificates_terms(
	const struct service *service, char version[static STORE_WORD_SIZE], struct buffer *text, struct be_error *err)
{
	const struct service_config *config = &service->config;
	const char *name = config->terms_file != NULL ? config->terms_version : OWN_VERSION;

	if (strlen(name) >= STORE_WORD_SIZE)
		return be_fail(err, BE_LIMIT, N_("The version of the terms has too many characters"), NULL);
	(void)strcpy(version, name);
	if (text == NULL)
		return BE_OK;
	if (config->terms_file != NULL)
		return file_read_all(text, config->terms_file, TERMS_MAX, err);
	buffer_add_str(text, own_text);
	return buffer_check(text, err);
}
