/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/random.h"
#include "token/token_parts.h"

#include <stdlib.h>
#include <string.h>

#define ID_SIZE 16u
#define SIGNATURE_MAX 1024u

/* DER of the object identifiers of the two curves. */
static const CK_BYTE p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const CK_BYTE p384[] = { 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22 };

/* ---- public keys ---- */

/* The private object of an RSA key has both numbers; that of an EC key has no point, so its public object is asked. */
static enum be_err rsa_public(struct token *token, CK_OBJECT_HANDLE object, struct buffer *spki, struct be_error *err)
{
	struct buffer modulus = BUFFER_EMPTY;
	struct buffer exponent = BUFFER_EMPTY;
	enum be_err rc = token_attribute(token, object, CKA_MODULUS, &modulus, err);

	if (rc == BE_OK)
		rc = token_attribute(token, object, CKA_PUBLIC_EXPONENT, &exponent, err);
	if (rc == BE_OK)
		rc = pki_public_rsa(spki, modulus.data, modulus.len, exponent.data, exponent.len, err);
	buffer_free(&modulus);
	buffer_free(&exponent);
	return rc;
}

/* The point stands in an OCTET STRING (PKCS#11 2.40, 2.3.3); some modules leave that away. */
static enum be_err ec_public(struct token *token, CK_OBJECT_HANDLE object, struct buffer *spki, struct be_error *err)
{
	struct buffer parameters = BUFFER_EMPTY;
	struct buffer point = BUFFER_EMPTY;
	enum be_err rc = token_attribute(token, object, CKA_EC_PARAMS, &parameters, err);
	size_t skip = 0;

	if (rc == BE_OK)
		rc = token_attribute(token, object, CKA_EC_POINT, &point, err);
	if (rc == BE_OK) {
		if (point.len > 3 && point.data[0] == 0x04 && point.data[1] == point.len - 2 && point.data[2] == 0x04)
			skip = 2;
		rc = pki_public_ec(spki, parameters.data, parameters.len, point.data + skip, point.len - skip, err);
	}
	buffer_free(&parameters);
	buffer_free(&point);
	return rc;
}

static enum be_err public_of(
	struct token *token, const struct token_key *key, struct buffer *spki, struct be_error *err)
{
	CK_OBJECT_HANDLE object;
	enum be_err rc =
		token_object(token, key->is_rsa ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY, key->id, key->id_len, &object, err);

	if (rc != BE_OK)
		return rc;
	return key->is_rsa ? rsa_public(token, object, spki, err) : ec_public(token, object, spki, err);
}

enum be_err token_key_public(
	struct token *token, const struct token_key *key, struct buffer *spki, struct be_error *err)
{
	enum be_err rc;

	(void)pthread_mutex_lock(&token->lock);
	rc = public_of(token, key, spki, err);
	(void)pthread_mutex_unlock(&token->lock);
	return rc;
}

/* ---- making ---- */

struct recipe {
	CK_MECHANISM_TYPE mechanism;
	CK_ULONG bits;        /* RSA */
	const CK_BYTE *curve; /* EC */
	CK_ULONG curve_len;
};

static bool recipe_of(enum pki_private_kind kind, struct recipe *out)
{
	switch (kind) {
	case PKI_PRIVATE_RSA2048:
		*out = (struct recipe){ CKM_RSA_PKCS_KEY_PAIR_GEN, 2048, NULL, 0 };
		return true;
	case PKI_PRIVATE_RSA3072:
		*out = (struct recipe){ CKM_RSA_PKCS_KEY_PAIR_GEN, 3072, NULL, 0 };
		return true;
	case PKI_PRIVATE_RSA4096:
		*out = (struct recipe){ CKM_RSA_PKCS_KEY_PAIR_GEN, 4096, NULL, 0 };
		return true;
	case PKI_PRIVATE_P256:
		*out = (struct recipe){ CKM_EC_KEY_PAIR_GEN, 0, p256, sizeof(p256) };
		return true;
	case PKI_PRIVATE_P384:
		*out = (struct recipe){ CKM_EC_KEY_PAIR_GEN, 0, p384, sizeof(p384) };
		return true;
	default:
		return false;
	}
}

static CK_RV generate(struct token *token, const struct recipe *recipe, CK_BYTE *id, CK_BYTE *label, CK_ULONG label_len,
	CK_OBJECT_HANDLE *private_key)
{
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_BYTE exponent[] = { 0x01, 0x00, 0x01 };
	CK_BYTE curve[sizeof(p256)];
	CK_ULONG bits = recipe->bits;
	CK_MECHANISM mechanism = { recipe->mechanism, NULL, 0 };
	CK_OBJECT_HANDLE public_key;
	CK_ATTRIBUTE public_template[7] = { { CKA_TOKEN, &yes, sizeof(yes) }, { CKA_VERIFY, &yes, sizeof(yes) },
		{ CKA_ID, id, ID_SIZE }, { CKA_LABEL, label, label_len } };
	CK_ATTRIBUTE private_template[] = { { CKA_TOKEN, &yes, sizeof(yes) }, { CKA_PRIVATE, &yes, sizeof(yes) },
		{ CKA_SENSITIVE, &yes, sizeof(yes) }, { CKA_EXTRACTABLE, &no, sizeof(no) },
		{ CKA_SIGN, &yes, sizeof(yes) }, { CKA_DECRYPT, &no, sizeof(no) }, { CKA_UNWRAP, &no, sizeof(no) },
		{ CKA_ID, id, ID_SIZE }, { CKA_LABEL, label, label_len } };
	CK_ULONG n = 4;

	if (recipe->curve != NULL) {
		memcpy(curve, recipe->curve, recipe->curve_len);
		public_template[n++] = (CK_ATTRIBUTE){ CKA_EC_PARAMS, curve, recipe->curve_len };
	} else {
		public_template[n++] = (CK_ATTRIBUTE){ CKA_MODULUS_BITS, &bits, sizeof(bits) };
		public_template[n++] = (CK_ATTRIBUTE){ CKA_PUBLIC_EXPONENT, exponent, sizeof(exponent) };
	}
	return token->module->C_GenerateKeyPair(token->session, &mechanism, public_template, n, private_template,
		sizeof(private_template) / sizeof(private_template[0]), &public_key, private_key);
}

enum be_err token_key_make(struct token *token, enum pki_private_kind kind, const char *label, struct token_key *out,
	struct buffer *spki, struct be_error *err)
{
	CK_BYTE id[ID_SIZE];
	CK_BYTE text[TOKEN_LABEL_MAX];
	size_t len = strlen(label);
	CK_OBJECT_HANDLE object;
	struct recipe recipe;
	enum be_err rc;
	CK_RV rv;

	if (!recipe_of(kind, &recipe))
		return be_fail(err, BE_UNSUPPORTED, N_("Keys of this kind are not made here"), NULL);
	len = len < sizeof(text) ? len : sizeof(text);
	memcpy(text, label, len);
	rc = crypto_random(id, sizeof(id), err);
	if (rc != BE_OK)
		return rc;
	(void)pthread_mutex_lock(&token->lock);
	rv = generate(token, &recipe, id, text, len, &object);
	rc = rv == CKR_OK ? token_describe(token, object, out, err) : token_fail(token, rv, "C_GenerateKeyPair", err);
	if (rc == BE_OK)
		rc = public_of(token, out, spki, err);
	(void)pthread_mutex_unlock(&token->lock);
	return rc;
}

/* ---- signing ---- */

/* The lengths are those of PKCS#11 2.40; p11-kit's header has no names for all of them. */
static const struct {
	enum digest_alg alg;
	CK_MECHANISM_TYPE hash;
	CK_ULONG mgf;
} pss_hashes[] = {
	{ DIGEST_SHA256, CKM_SHA256, 2 },
	{ DIGEST_SHA384, CKM_SHA384, 3 },
	{ DIGEST_SHA512, CKM_SHA512, 4 },
};

struct pss_parameters {
	CK_MECHANISM_TYPE hash;
	CK_ULONG mgf;
	CK_ULONG salt_len;
};

/* What is signed, and how: RSA with PKCS#1 v1.5 takes a DigestInfo, the others the digest. */
static enum be_err prepare(CK_MECHANISM *mechanism, struct pss_parameters *pss, struct buffer *input,
	const struct token_key *key, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct be_error *err)
{
	*mechanism = (CK_MECHANISM){ CKM_RSA_PKCS, NULL, 0 };
	if (key->is_rsa == (scheme == PKI_SCHEME_ECDSA))
		return be_fail(err, BE_KEY_UNFIT, N_("The key cannot make a signature of the chosen kind"), NULL);
	if (scheme == PKI_SCHEME_RSA_PKCS1)
		return pki_digest_info(input, alg, digest, err);
	buffer_add(input, digest, digest_size(alg));
	mechanism->mechanism = CKM_ECDSA;
	if (scheme == PKI_SCHEME_RSA_PSS) {
		size_t i = 0;

		while (i < sizeof(pss_hashes) / sizeof(pss_hashes[0]) && pss_hashes[i].alg != alg)
			i++;
		if (i == sizeof(pss_hashes) / sizeof(pss_hashes[0]))
			return be_fail(err, BE_KEY_UNFIT, N_("The key does not allow the chosen digest"), NULL);
		*pss = (struct pss_parameters){ pss_hashes[i].hash, pss_hashes[i].mgf, digest_size(alg) };
		*mechanism = (CK_MECHANISM){ CKM_RSA_PKCS_PSS, pss, sizeof(*pss) };
	}
	return buffer_check(input, err);
}

/* A card may want its PIN again for each signature (CKA_ALWAYS_AUTHENTICATE). */
static CK_RV ask_again(struct token *token)
{
	CK_UTF8CHAR bytes[TOKEN_PIN_MAX];
	CK_RV rv;

	if (token->pin == NULL)
		return CKR_USER_NOT_LOGGED_IN;
	memcpy(bytes, secret_bytes(token->pin), secret_len(token->pin));
	rv = token->module->C_Login(token->session, CKU_CONTEXT_SPECIFIC, bytes, secret_len(token->pin));
	explicit_bzero(bytes, sizeof(bytes));
	return rv;
}

static enum be_err sign(struct token *token, const struct token_key *key, CK_MECHANISM *mechanism,
	const struct buffer *input, CK_BYTE *value, CK_ULONG *len, struct be_error *err)
{
	CK_OBJECT_HANDLE object;
	enum be_err rc = token_object(token, CKO_PRIVATE_KEY, key->id, key->id_len, &object, err);
	CK_RV rv;

	if (rc != BE_OK)
		return rc;
	rv = token->module->C_SignInit(token->session, mechanism, object);
	if (rv != CKR_OK)
		return token_fail(token, rv, "C_SignInit", err);
	if (key->always_asks && (rv = ask_again(token)) != CKR_OK)
		return token_fail(token, rv, "C_Login", err);
	rv = token->module->C_Sign(token->session, input->data, input->len, value, len);
	return rv == CKR_OK ? BE_OK : token_fail(token, rv, "C_Sign", err);
}

enum be_err token_sign(struct token *token, const struct token_key *key, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digest, struct buffer *signature, struct be_error *err)
{
	struct buffer input = BUFFER_EMPTY;
	CK_BYTE value[SIGNATURE_MAX];
	CK_ULONG len = sizeof(value);
	struct pss_parameters pss;
	CK_MECHANISM mechanism;
	enum be_err rc = prepare(&mechanism, &pss, &input, key, scheme, alg, digest, err);

	if (rc == BE_OK) {
		(void)pthread_mutex_lock(&token->lock);
		rc = sign(token, key, &mechanism, &input, value, &len, err);
		(void)pthread_mutex_unlock(&token->lock);
	}
	if (rc == BE_OK && scheme == PKI_SCHEME_ECDSA)
		rc = pki_ecdsa_value(signature, value, len, err);
	else if (rc == BE_OK) {
		buffer_add(signature, value, len);
		rc = buffer_check(signature, err);
	}
	buffer_free(&input);
	return rc;
}
