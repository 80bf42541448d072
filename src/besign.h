/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BESIGN_H
#define BESIGN_H

/*
 * libbesign: signs PDF documents (PAdES baseline B-B), visibly or not, and verifies the signatures of PDF documents.
 *
 *	struct besign_sign_options options = { .size = sizeof(options), .reason = "Approved" };
 *	struct besign_document letter = { .input = "letter.pdf", .output = "letter_signed.pdf" };
 *	struct besign_signer *signer = NULL;
 *	struct besign_error error;
 *
 *	if (besign_signer_open_p12("key.p12", passphrase, passphrase_len, &signer, &error) != 0)
 *		fprintf(stderr, "%s\n", error.message);
 *	else if (besign_sign(signer, &options, &letter, 1, &error) != 0)
 *		fprintf(stderr, "%s\n", letter.error.message);
 *	besign_signer_free(&signer);
 *
 * Strings are NUL-terminated UTF-8; paths are bytes, as the system has them. Times are seconds since
 * 1970-01-01T00:00:00Z. A pointer that is given stays the caller's and is not kept beyond the call, unless a function
 * says otherwise. A pointer to a struct besign_error may be NULL.
 *
 * Functions may be called from several threads at once; one signer, and one array of documents, belongs to one call
 * at a time. Nothing is printed and no signal handler is installed. A batch of hundreds of documents raises the
 * process's soft limit of open files.
 *
 * Option structures begin with their size, so that later versions can add to their end: zero the structure, set size
 * to its sizeof, then what is wanted. What a version of the library does not know and is not zero is refused, never
 * ignored. A NULL pointer to options means that all are zero.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is running, such as "0.1.0". Static. */
const char *besign_version(void);

/* What went wrong. The texts have nothing in them that harms a terminal. */
struct besign_error {
	char code[40];     /* a stable word: "wrong-passphrase", "not-a-pdf", "exists" …; "" while nothing failed */
	char message[256]; /* one sentence in the user's language */
	char detail[256];  /* the particulars, not translated; may be "" */
};

/* ---- signing ---- */

/* A key with its certificates, ready to sign. */
struct besign_signer;

/* Opens a PKCS#12 file (.p12, .pfx). The passphrase is bytes, usually UTF-8, and is wiped from the library's memory
 * before this returns; wiping the caller's is the caller's. Returns 0 and a signer that besign_signer_free frees; -1
 * with NULL otherwise. */
int besign_signer_open_p12(const char *path, const void *passphrase, size_t passphrase_len,
	struct besign_signer **signer, struct besign_error *error);

/* Wipes the key and sets the pointer to NULL. A pointer to NULL is fine. */
void besign_signer_free(struct besign_signer **signer);

enum besign_stage {
	BESIGN_PREPARED = 0, /* the document waits for the signer */
	BESIGN_SIGNED = 1,   /* the signer has answered */
	BESIGN_DONE = 2      /* the document's result stands; once for each document, and last */
};

struct besign_sign_options {
	size_t size;        /* sizeof(struct besign_sign_options) */
	const char *form;   /* "cades" or "pkcs7"; NULL: cades */
	const char *digest; /* "sha256", "sha384", "sha512"; NULL: the one that goes with the key */
	int pss;            /* not 0: RSASSA-PSS, for RSA keys only */
	unsigned jobs;      /* documents worked on at once; 0: as many as there are processors, at most 4 */
	const char *field;  /* full name of an existing empty signature field; NULL: a new one */
	const char *name;   /* NULL, as the next three, where not wanted */
	const char *reason;
	const char *location;
	const char *contact;
	int64_t time; /* the claimed time, when the certificate has to be valid; 0: now */
	/* Called after each step of each document, one call at a time, from any thread; done counts the documents
	 * whose result stands. A result other than 0 cancels: documents without a result get "cancelled", finished ones
	 * stay. It must not call besign_sign with the same signer. NULL: not called. */
	int (*progress)(void *context, enum besign_stage stage, size_t document, size_t done, size_t count);
	void *context;
	/* A visible signature; all zero: an invisible one. What it shows is a page that is ready, or is drawn once for
	 * all documents by the helper program besign-render, which has to be installed; then it has at least one of
	 * image, qr and lines. */
	const void *appearance; /* a PDF of one page; it is fitted into its place, its proportion kept */
	size_t appearance_len;
	const char *image;        /* path of a PNG or JPEG file */
	const char *qr;           /* text of a QR code */
	const char *const *lines; /* UTF-8; {name}, {time}, {reason} and {location} are filled in, {{ is a brace */
	size_t line_count;
	/* Where, in points from the top left corner of the page as it is shown: left, top, width, height. Not with field,
	 * which has its own place. */
	double rect[4];
	int page;         /* from 1; -1: the last */
	int reserved_int; /* 0 */
};

struct besign_document {
	const char *input;  /* never written to */
	const char *output; /* appears when the document is signed, whole, or not at all */
	int replace;        /* not 0: an existing output is replaced */
	int hash_output;    /* not 0: sha256 is wanted, which reads the output once more */
	/* Filled by besign_sign. */
	int is_signed;             /* 1 when the output is there, signed and checked; otherwise error says why not */
	char field[256];           /* name of the field that was signed */
	char sha256[65];           /* of the output, lower-case hexadecimal; "" when not asked for */
	struct besign_error error; /* code "" when the document is signed, or nothing was started */
};

/* Signs the documents, with one use of the key for all of them as far as the key's holder allows. One that fails does
 * not end the others.
 * Returns 0 when every document is signed; 1 when at least one is not (each says why); -1, with error filled, when
 * nothing could be started: then no output was written and every document is unsigned. */
int besign_sign(struct besign_signer *signer, const struct besign_sign_options *options,
	struct besign_document *documents, size_t count, struct besign_error *error);

/* ---- verifying ---- */

/* The worst of a document's signatures, in the words of ETSI EN 319 102-1. Zero is no verdict. */
enum besign_result {
	BESIGN_ERROR = 0,        /* the document could not be judged */
	BESIGN_TOTAL_PASSED = 1, /* every signature is intact, trusted and was not revoked */
	BESIGN_INDETERMINATE = 2,
	BESIGN_TOTAL_FAILED = 3,
	BESIGN_NO_SIGNATURE = 4
};

enum besign_revocation {
	BESIGN_REVOCATION_REQUIRE = 0, /* unknown is INDETERMINATE */
	BESIGN_REVOCATION_SOFT = 1,    /* unknown is a warning */
	BESIGN_REVOCATION_NONE = 2     /* not looked at */
};

struct besign_verify_options {
	size_t size;           /* sizeof(struct besign_verify_options) */
	const char *trust_dir; /* the trust anchors: its *.pem; NULL: nobody is trusted */
	int64_t at;            /* validation time; 0: now */
	enum besign_revocation revocation;
	int reserved; /* 0 */
};

/* Verifies every signature of a document. Untrusted bytes are read by a sandboxed helper program, besign-judge, that
 * has to be installed. No network is used.
 * json (which may be NULL) gets the report as one line of JSON without a newline, the same as "besign verify --json"
 * prints; to be freed with besign_free. It is NULL when there is no report, which only happens with BESIGN_ERROR.
 * error is filled with BESIGN_ERROR. */
enum besign_result besign_verify(
	const char *path, const struct besign_verify_options *options, char **json, struct besign_error *error);

/* Frees what the library allocated for the caller. NULL is fine. */
void besign_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
