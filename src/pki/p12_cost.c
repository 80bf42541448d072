/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/p12_cost.h"

#include "pki/algorithm.h"
#include "pki/p12.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

/* What OpenSSL lends to scrypt; a file that asks for more would fail in the middle and look like a wrong passphrase. */
#define SCRYPT_MEMORY (32u << 20)

static enum be_err malformed(struct be_error *err, const char *what)
{
	ERR_clear_error();
	return be_fail(
		err, BE_BAD_KEY_FILE, N_("The key file is damaged: how it is locked cannot be read"), "%s", what);
}

static enum be_err unsupported(struct be_error *err, const ASN1_OBJECT *algorithm)
{
	char name[100] = "?";

	ERR_clear_error();
	(void)OBJ_obj2txt(name, (int)sizeof(name), algorithm, 0);
	return be_fail(err, BE_UNSUPPORTED,
		N_("The key file uses an outdated or unknown algorithm; export it again with a current program"), "%s",
		name);
}

static enum be_err spend(struct pki_p12_cost *cost, uint64_t iterations, struct be_error *err)
{
	if (iterations > PKI_P12_MAX_ITERATIONS || cost->iterations + iterations > PKI_P12_MAX_ITERATIONS)
		return be_fail(err, BE_LIMIT,
			N_("Opening the key file would take far too long; export it again with fewer iterations"),
			"%ju iterations of at most %u", (uintmax_t)(cost->iterations + iterations),
			PKI_P12_MAX_ITERATIONS);
	cost->iterations += iterations;
	return BE_OK;
}

/* A positive number; one too large for 64 bits is as good as the largest. */
static bool positive(uint64_t *out, const ASN1_INTEGER *number)
{
	if (number == NULL || ASN1_STRING_type(number) != V_ASN1_INTEGER)
		return false;
	if (ASN1_INTEGER_get_uint64(out, number) != 1) {
		ERR_clear_error();
		*out = UINT64_MAX / 4;
	}
	return *out > 0;
}

static enum be_err spend_count(struct pki_p12_cost *cost, const ASN1_INTEGER *count, struct be_error *err)
{
	uint64_t iterations = 0;

	if (!positive(&iterations, count))
		return malformed(err, "iteration count");
	return spend(cost, iterations, err);
}

enum be_err pki_p12_cost_mac(
	struct pki_p12_cost *cost, const X509_ALGOR *digest, const ASN1_INTEGER *count, struct be_error *err)
{
	const ASN1_OBJECT *object = NULL;

	X509_ALGOR_get0(&object, NULL, NULL, digest);
	if (pki_digest_of_nid(OBJ_obj2nid(object)) == DIGEST_NONE)
		return unsupported(err, object);
	return count == NULL ? spend(cost, 1, err) : spend_count(cost, count, err);
}

static bool cipher_is_here(int nid)
{
	const char *name = nid > 0 ? OBJ_nid2sn(nid) : NULL;
	EVP_CIPHER *cipher = name != NULL ? EVP_CIPHER_fetch(NULL, name, NULL) : NULL;
	bool here = cipher != NULL;

	EVP_CIPHER_free(cipher);
	return here;
}

/* The parameters of an algorithm as the structure that item describes; NULL when they are something else. */
static void *parameters(const ASN1_ITEM *item, const X509_ALGOR *algorithm)
{
	const void *value = NULL;
	const ASN1_STRING *sequence;
	int type = V_ASN1_UNDEF;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	if (type != V_ASN1_SEQUENCE || value == NULL)
		return NULL;
	sequence = value;
	return ASN1_item_unpack(sequence, item);
}

static enum be_err spend_pbes1(struct pki_p12_cost *cost, const X509_ALGOR *algorithm, struct be_error *err)
{
	PBEPARAM *params = parameters(ASN1_ITEM_rptr(PBEPARAM), algorithm);
	enum be_err rc;

	rc = params != NULL ? spend_count(cost, params->iter, err) : malformed(err, "PBES1");
	PBEPARAM_free(params);
	return rc;
}

static enum be_err spend_pbkdf2(struct pki_p12_cost *cost, const X509_ALGOR *keyfunc, struct be_error *err)
{
	PBKDF2PARAM *params = parameters(ASN1_ITEM_rptr(PBKDF2PARAM), keyfunc);
	const ASN1_OBJECT *prf = NULL;
	enum be_err rc;

	if (params == NULL)
		return malformed(err, "PBKDF2");
	if (params->prf != NULL)
		X509_ALGOR_get0(&prf, NULL, NULL, params->prf);
	if (prf != NULL && EVP_PBE_find(EVP_PBE_TYPE_PRF, OBJ_obj2nid(prf), NULL, NULL, NULL) != 1)
		rc = unsupported(err, prf);
	else
		rc = spend_count(cost, params->iter, err);
	PBKDF2PARAM_free(params);
	return rc;
}

/* RFC 7914: N r p blocks are mixed, and 128 N r bytes are held meanwhile. */
static enum be_err spend_scrypt(struct pki_p12_cost *cost, const X509_ALGOR *keyfunc, struct be_error *err)
{
	SCRYPT_PARAMS *params = parameters(ASN1_ITEM_rptr(SCRYPT_PARAMS), keyfunc);
	uint64_t n = 0, r = 0, p = 0;
	enum be_err rc;

	if (params == NULL || !positive(&n, params->costParameter) || !positive(&r, params->blockSize) ||
		!positive(&p, params->parallelizationParameter) || n < 2 || (n & (n - 1)) != 0)
		rc = malformed(err, "scrypt");
	else if (n > SCRYPT_MEMORY || r > SCRYPT_MEMORY || p > SCRYPT_MEMORY || n * r > SCRYPT_MEMORY ||
		r * p > SCRYPT_MEMORY || 128 * r * (n + 2 + p) > SCRYPT_MEMORY)
		rc = be_fail(err, BE_LIMIT,
			N_("Opening the key file would take too much memory; export it again with PBKDF2"),
			"scrypt N %ju, r %ju, p %ju", (uintmax_t)n, (uintmax_t)r, (uintmax_t)p);
	else
		rc = spend(cost, n * r * p, err);
	SCRYPT_PARAMS_free(params);
	return rc;
}

static enum be_err spend_pbes2(struct pki_p12_cost *cost, const X509_ALGOR *algorithm, struct be_error *err)
{
	PBE2PARAM *params = parameters(ASN1_ITEM_rptr(PBE2PARAM), algorithm);
	const ASN1_OBJECT *keyfunc = NULL, *cipher = NULL;
	enum be_err rc;

	if (params == NULL)
		return malformed(err, "PBES2");
	X509_ALGOR_get0(&keyfunc, NULL, NULL, params->keyfunc);
	X509_ALGOR_get0(&cipher, NULL, NULL, params->encryption);
	if (!cipher_is_here(OBJ_obj2nid(cipher)))
		rc = unsupported(err, cipher);
	else if (OBJ_obj2nid(keyfunc) == NID_id_pbkdf2)
		rc = spend_pbkdf2(cost, params->keyfunc, err);
	else if (OBJ_obj2nid(keyfunc) == NID_id_scrypt)
		rc = spend_scrypt(cost, params->keyfunc, err);
	else
		rc = unsupported(err, keyfunc);
	PBE2PARAM_free(params);
	return rc;
}

enum be_err pki_p12_cost_encryption(struct pki_p12_cost *cost, const X509_ALGOR *algorithm, struct be_error *err)
{
	const ASN1_OBJECT *object = NULL;
	int cipher = NID_undef;
	int nid;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	nid = OBJ_obj2nid(object);
	if (nid == NID_pbes2)
		return spend_pbes2(cost, algorithm, err);
	if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, nid, &cipher, NULL, NULL) != 1 || !cipher_is_here(cipher))
		return unsupported(err, object);
	return spend_pbes1(cost, algorithm, err);
}
