/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/p12.h"

#include "pki/key.h"
#include "pki/p12_cost.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <stdlib.h>

/* Bags may hold bags (RFC 7292, 4.2.6); nobody nests them. */
#define NESTING_MAX 8

#define DAMAGED N_("The key file is damaged: its content cannot be read")

/* The order of a visit: everything that needs no passphrase is read and its cost bounded; the passphrase is
 * checked once, by the MAC; the encrypted safes are opened, each derived once, and what they name is bounded too;
 * the one key is opened last. */
/* clang-format off */
struct opening {
	PKCS12                   *file;
	STACK_OF(PKCS7)          *safes;
	STACK_OF(PKCS12_SAFEBAG) *bags;         /* of all safes opened so far */
	STACK_OF(X509)           *certs;
	const PKCS12_SAFEBAG     *key;          /* borrowed from bags */
	size_t                    keys;
	struct pki_p12_cost       cost;
	const char               *pass;         /* borrowed; NULL for the empty one, until "" is known to be meant */
	int                       pass_len;
	bool                      authentic;    /* the MAC said that the passphrase is right */
};
/* clang-format on */

static enum be_err damaged(struct be_error *err)
{
	return pki_fail(err, BE_BAD_KEY_FILE, DAMAGED);
}

/* Without a MAC nothing else tells a wrong passphrase from a damaged file, and the first is far more likely. */
static enum be_err not_decrypted(const struct opening *o, struct be_error *err)
{
	if (o->authentic)
		return damaged(err);
	return pki_fail(err, BE_WRONG_PASSPHRASE, N_("The passphrase of the key file is wrong"));
}

static enum be_err take_certificate(struct opening *o, const PKCS12_SAFEBAG *bag, struct be_error *err)
{
	X509 *cert;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return BE_OK;
	cert = PKCS12_SAFEBAG_get1_cert(bag);
	if (cert == NULL)
		return damaged(err);
	if (sk_X509_push(o->certs, cert) <= 0) {
		X509_free(cert);
		return pki_fail_memory(err);
	}
	return BE_OK;
}

static enum be_err look_at_bags(
	struct opening *o, const STACK_OF(PKCS12_SAFEBAG) * bags, unsigned int depth, struct be_error *err);

static enum be_err look_at_bag(struct opening *o, const PKCS12_SAFEBAG *bag, unsigned int depth, struct be_error *err)
{
	const X509_ALGOR *algorithm = NULL;

	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_certBag:
		return take_certificate(o, bag, err);
	case NID_keyBag:
		o->key = bag;
		o->keys++;
		return BE_OK;
	case NID_pkcs8ShroudedKeyBag:
		if (PKCS12_SAFEBAG_get0_pkcs8(bag) == NULL)
			return damaged(err);
		o->key = bag;
		o->keys++;
		X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, NULL);
		return pki_p12_cost_encryption(&o->cost, algorithm, err);
	case NID_safeContentsBag:
		if (depth >= NESTING_MAX)
			return be_fail(err, BE_LIMIT, DAMAGED, "bags nested deeper than %d", NESTING_MAX);
		return look_at_bags(o, PKCS12_SAFEBAG_get0_safes(bag), depth + 1, err);
	default:
		return BE_OK;
	}
}

static enum be_err look_at_bags(
	struct opening *o, const STACK_OF(PKCS12_SAFEBAG) * bags, unsigned int depth, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && rc == BE_OK; i++)
		rc = look_at_bag(o, sk_PKCS12_SAFEBAG_value(bags, i), depth, err);
	return rc;
}

/* Takes the bags of one safe, looks at them, and keeps them for the key that may be among them. */
static enum be_err take_bags(struct opening *o, STACK_OF(PKCS12_SAFEBAG) * bags, struct be_error *err)
{
	enum be_err rc = look_at_bags(o, bags, 0, err);
	PKCS12_SAFEBAG *bag;

	while (rc == BE_OK && (bag = sk_PKCS12_SAFEBAG_shift(bags)) != NULL) {
		if (sk_PKCS12_SAFEBAG_push(o->bags, bag) > 0)
			continue;
		PKCS12_SAFEBAG_free(bag);
		rc = pki_fail_memory(err);
	}
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return rc;
}

static enum be_err look_at_safe(struct opening *o, PKCS7 *safe, struct be_error *err)
{
	STACK_OF(PKCS12_SAFEBAG) * bags;
	PKCS7_ENC_CONTENT *content;

	if (PKCS7_type_is_data(safe)) {
		bags = PKCS12_unpack_p7data(safe);
		return bags != NULL ? take_bags(o, bags, err) : damaged(err);
	}
	if (!PKCS7_type_is_encrypted(safe))
		return be_fail(err, BE_UNSUPPORTED,
			N_("The key file is locked with a public key; export it again with a passphrase"), NULL);
	content = safe->d.encrypted != NULL ? safe->d.encrypted->enc_data : NULL;
	if (content == NULL || content->algorithm == NULL || content->enc_data == NULL)
		return damaged(err);
	return pki_p12_cost_encryption(&o->cost, content->algorithm, err);
}

/* Everything that can be known without a passphrase. */
static enum be_err look(struct opening *o, const uint8_t *bytes, size_t len, struct be_error *err)
{
	const ASN1_INTEGER *count = NULL;
	const X509_ALGOR *digest = NULL;
	const unsigned char *at = bytes;
	enum be_err rc = BE_OK;

	o->file = d2i_PKCS12(NULL, &at, (long)len);
	if (o->file == NULL)
		return pki_fail(err, BE_BAD_KEY_FILE, N_("This is not a key file (PKCS#12, usually .p12 or .pfx)"));
	if (PKCS12_mac_present(o->file)) {
		PKCS12_get0_mac(NULL, &digest, NULL, &count, o->file);
		rc = digest != NULL ? pki_p12_cost_mac(&o->cost, digest, count, err) : damaged(err);
	}
	if (rc != BE_OK)
		return rc;
	o->safes = PKCS12_unpack_authsafes(o->file);
	if (o->safes == NULL)
		return damaged(err);
	for (int i = 0; i < sk_PKCS7_num(o->safes) && rc == BE_OK; i++)
		rc = look_at_safe(o, sk_PKCS7_value(o->safes, i), err);
	return rc;
}

/* An empty passphrase is no bytes for some programs and an empty string, two NUL bytes as a BMPString, for others
 * (RFC 7292, B.1). */
static enum be_err check_mac(struct opening *o, struct be_error *err)
{
	if (!PKCS12_mac_present(o->file))
		return BE_OK;
	ERR_clear_error();
	o->authentic = PKCS12_verify_mac(o->file, o->pass, o->pass_len) == 1;
	if (!o->authentic && o->pass == NULL && PKCS12_verify_mac(o->file, "", 0) == 1) {
		o->pass = "";
		o->authentic = true;
	}
	if (o->authentic)
		return BE_OK;
	/* A mere difference leaves nothing in OpenSSL's queue. */
	return ERR_peek_error() != 0 ? damaged(err) : not_decrypted(o, err);
}

static enum be_err open_safes(struct opening *o, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (int i = 0; i < sk_PKCS7_num(o->safes) && rc == BE_OK; i++) {
		PKCS7 *safe = sk_PKCS7_value(o->safes, i);
		STACK_OF(PKCS12_SAFEBAG) * bags;

		if (!PKCS7_type_is_encrypted(safe))
			continue;
		bags = PKCS12_unpack_p7encdata(safe, o->pass, o->pass_len);
		if (bags == NULL && o->pass == NULL && !o->authentic) {
			bags = PKCS12_unpack_p7encdata(safe, "", 0);
			if (bags != NULL)
				o->pass = "";
		}
		rc = bags != NULL ? take_bags(o, bags, err) : not_decrypted(o, err);
	}
	return rc;
}

/* Other kinds are turned away before they are decoded: OpenSSL would compute a DSA public key with whatever
 * modulus the file names. */
static bool key_kind_known(const PKCS8_PRIV_KEY_INFO *info, const ASN1_OBJECT **kind)
{
	static const int kinds[] = { NID_rsaEncryption, NID_rsassaPss, NID_X9_62_id_ecPublicKey, NID_ED25519,
		NID_ED448 };

	if (PKCS8_pkey_get0(kind, NULL, NULL, NULL, info) != 1)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (OBJ_obj2nid(*kind) == kinds[i])
			return true;
	return false;
}

static enum be_err import_key(EVP_PKEY **out, const PKCS8_PRIV_KEY_INFO *info, struct be_error *err)
{
	const ASN1_OBJECT *kind = NULL;
	char name[100] = "?";

	if (!key_kind_known(info, &kind)) {
		if (kind != NULL)
			(void)OBJ_obj2txt(name, (int)sizeof(name), kind, 0);
		return be_fail(err, BE_UNSUPPORTED,
			N_("The key file holds a kind of key that cannot sign documents here"), "%s", name);
	}
	*out = EVP_PKCS82PKEY(info);
	return *out != NULL ? BE_OK : damaged(err);
}

static enum be_err open_key(struct opening *o, EVP_PKEY **out, struct be_error *err)
{
	PKCS8_PRIV_KEY_INFO *decrypted = NULL;
	enum be_err rc;

	if (o->keys == 0)
		return be_fail(err, BE_NO_KEY,
			N_("The key file holds certificates but no private key; export it together with its key"),
			NULL);
	if (o->keys > 1)
		return be_fail(err, BE_SEVERAL_KEYS,
			N_("The key file holds several private keys; export the one to sign with alone"), "%zu keys",
			o->keys);
	if (PKCS12_SAFEBAG_get_nid(o->key) == NID_keyBag)
		return import_key(out, PKCS12_SAFEBAG_get0_p8inf(o->key), err);
	decrypted = PKCS12_decrypt_skey(o->key, o->pass, o->pass_len);
	if (decrypted == NULL && o->pass == NULL && !o->authentic)
		decrypted = PKCS12_decrypt_skey(o->key, "", 0);
	rc = decrypted != NULL ? import_key(out, decrypted, err) : not_decrypted(o, err);
	PKCS8_PRIV_KEY_INFO_free(decrypted);
	return rc;
}

enum be_err pki_p12_open(
	struct pki_key **out, const uint8_t *bytes, size_t len, const struct secret *passphrase, struct be_error *err)
{
	struct opening o = { 0 };
	EVP_PKEY *pkey = NULL;
	enum be_err rc;

	*out = NULL;
	if (len > PKI_P12_MAX_BYTES)
		return be_fail(err, BE_LIMIT, N_("The file is too large for a key file"), "%zu bytes of at most %u",
			len, PKI_P12_MAX_BYTES);
	if (passphrase != NULL && secret_len(passphrase) > 0) {
		o.pass = (const char *)secret_bytes(passphrase);
		o.pass_len = (int)secret_len(passphrase);
	}
	o.bags = sk_PKCS12_SAFEBAG_new_null();
	o.certs = sk_X509_new_null();
	rc = o.bags != NULL && o.certs != NULL ? look(&o, bytes, len, err) : pki_fail_memory(err);
	if (rc == BE_OK)
		rc = check_mac(&o, err);
	if (rc == BE_OK)
		rc = open_safes(&o, err);
	if (rc == BE_OK)
		rc = open_key(&o, &pkey, err);
	if (rc == BE_OK)
		rc = pki_key_new(out, pkey, o.certs, err);
	ERR_clear_error();
	sk_X509_pop_free(o.certs, X509_free);
	sk_PKCS12_SAFEBAG_pop_free(o.bags, PKCS12_SAFEBAG_free);
	sk_PKCS7_pop_free(o.safes, PKCS7_free);
	PKCS12_free(o.file);
	return rc;
}
