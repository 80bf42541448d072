/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cms_forge.h"

#include "pki/algorithm.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES 10

static void need(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "cms_forge: %s\n", what);
	abort();
}

static bool has(const struct forge_message *m, enum forge_twist twist)
{
	return (m->twists & (unsigned int)twist) != 0;
}

/* ---- identities ---- */

static EVP_PKEY *new_key(enum forge_key kind)
{
	switch (kind) {
	case FORGE_RSA:
		return EVP_RSA_gen(2048);
	case FORGE_P256:
		return EVP_EC_gen("P-256");
	case FORGE_P384:
		return EVP_EC_gen("P-384");
	case FORGE_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case FORGE_ED448:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
	default:
		return NULL;
	}
}

static void add_extension(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	need(extension != NULL && X509_add_ext(cert, extension, -1) == 1, value);
	X509_EXTENSION_free(extension);
}

static bool is_eddsa(const EVP_PKEY *key)
{
	int id = EVP_PKEY_get_base_id(key);

	return id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448;
}

void forge_identity_new(struct forge_identity *out, enum forge_key kind, const char *name, long serial,
	bool timestamping)
{
	X509_NAME *dn = X509_NAME_new();

	out->key = new_key(kind);
	out->cert = X509_new();
	need(dn != NULL && out->key != NULL && out->cert != NULL, "key");
	need(X509_NAME_add_entry_by_txt(dn, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1
		&& X509_set_version(out->cert, X509_VERSION_3) == 1
		&& ASN1_INTEGER_set(X509_get_serialNumber(out->cert), serial) == 1
		&& X509_set_subject_name(out->cert, dn) == 1 && X509_set_issuer_name(out->cert, dn) == 1
		&& X509_set_pubkey(out->cert, out->key) == 1
		&& ASN1_TIME_set_string(X509_getm_notBefore(out->cert), "20200101000000Z") == 1
		&& ASN1_TIME_set_string(X509_getm_notAfter(out->cert), "20400101000000Z") == 1, "certificate");
	X509_NAME_free(dn);
	add_extension(out->cert, NID_subject_key_identifier, "hash");
	add_extension(out->cert, NID_key_usage, "critical,digitalSignature,nonRepudiation");
	if (timestamping)
		add_extension(out->cert, NID_ext_key_usage, "critical,timeStamping");
	need(X509_sign(out->cert, out->key, is_eddsa(out->key) ? NULL : EVP_sha256()) > 0, "sign certificate");
}

void forge_identity_free(struct forge_identity *identity)
{
	EVP_PKEY_free(identity->key);
	X509_free(identity->cert);
	identity->key = NULL;
	identity->cert = NULL;
}

/* ---- octets ---- */

static void put_length(struct buffer *out, size_t len)
{
	size_t shift;

	if (len < 0x80) {
		buffer_add_byte(out, (uint8_t)len);
		return;
	}
	for (shift = 1; shift < sizeof(len) && (len >> (8 * shift)) != 0;)
		shift++;
	buffer_add_byte(out, (uint8_t)(0x80 | shift));
	while (shift-- > 0)
		buffer_add_byte(out, (uint8_t)(len >> (8 * shift)));
}

static void put(struct buffer *out, uint8_t tag, const void *bytes, size_t len)
{
	buffer_add_byte(out, tag);
	put_length(out, len);
	buffer_add(out, bytes, len);
}

/* Takes the content. */
static void wrap(struct buffer *out, uint8_t tag, struct buffer *content)
{
	put(out, tag, content->data, content->len);
	buffer_free(content);
}

static void wrap_as(const struct forge_message *m, struct buffer *out, uint8_t tag, struct buffer *content)
{
	if (!has(m, FORGE_INDEFINITE)) {
		wrap(out, tag, content);
		return;
	}
	buffer_add_byte(out, tag);
	buffer_add_byte(out, 0x80);
	buffer_add(out, content->data, content->len);
	buffer_add_fill(out, 0, 2);
	buffer_free(content);
}

static void put_number(struct buffer *out, int number)
{
	uint8_t bytes[2] = { (uint8_t)(number >> 8), (uint8_t)number };
	bool small = number < 0x80;

	put(out, 0x02, small ? bytes + 1 : bytes, small ? 1 : 2);
}

static void put_oid(struct buffer *out, const char *oid)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 0);
	unsigned char *der = NULL;
	int len = object != NULL ? i2d_ASN1_OBJECT(object, &der) : -1;

	need(len > 0, oid);
	buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
	ASN1_OBJECT_free(object);
}

static void put_nid(struct buffer *out, int nid)
{
	put_oid(out, OBJ_nid2sn(nid));
}

static void put_digest_alg(struct buffer *out, enum digest_alg alg)
{
	struct buffer inner = BUFFER_EMPTY;

	put_nid(&inner, pki_nid_of_digest(alg));
	wrap(out, 0x30, &inner);
}

static void put_cert(struct buffer *out, X509 *cert)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);

	need(len > 0, "certificate");
	buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
}

static void put_name_and_serial(struct buffer *out, X509 *cert, bool general_names, bool wrong_serial)
{
	unsigned char *name = NULL, *serial = NULL;
	int name_len = i2d_X509_NAME(X509_get_issuer_name(cert), &name);
	int serial_len = i2d_ASN1_INTEGER(X509_get_serialNumber(cert), &serial);
	struct buffer inner = BUFFER_EMPTY, names = BUFFER_EMPTY;

	need(name_len > 0 && serial_len > 0, "issuer");
	if (general_names) {
		put(&names, 0xa4, name, (size_t)name_len);
		wrap(&inner, 0x30, &names);
	} else {
		buffer_add(&inner, name, (size_t)name_len);
	}
	serial[serial_len - 1] = (unsigned char)(serial[serial_len - 1] ^ (wrong_serial ? 1 : 0));
	buffer_add(&inner, serial, (size_t)serial_len);
	wrap(out, 0x30, &inner);
	OPENSSL_free(name);
	OPENSSL_free(serial);
}

/* ---- attributes ---- */

static enum digest_alg digest_of(const struct forge_message *m)
{
	return m->digest != DIGEST_NONE ? m->digest : DIGEST_SHA256;
}

/* Takes the values, the content of the SET. */
static void put_attribute(struct buffer *out, int nid, struct buffer *values)
{
	struct buffer inner = BUFFER_EMPTY;

	put_nid(&inner, nid);
	wrap(&inner, 0x31, values);
	wrap(out, 0x30, &inner);
}

static void put_content_type(const struct forge_message *m, struct buffer *out)
{
	struct buffer value = BUFFER_EMPTY;
	int type = m->content_type != 0 ? m->content_type : NID_pkcs7_data;

	put_nid(&value, has(m, FORGE_WRONG_CONTENT_TYPE) ? NID_pkcs7_enveloped : type);
	put_attribute(out, NID_pkcs9_contentType, &value);
}

static void put_message_digest(const struct forge_message *m, struct buffer *out)
{
	struct buffer value = BUFFER_EMPTY;
	uint8_t hash[DIGEST_MAX];
	size_t len = 0;

	need(digest_bytes(digest_of(m), m->document, m->document_len, hash, &len, NULL) == BE_OK, "digest");
	put(&value, 0x04, hash, has(m, FORGE_SHORT_DIGEST) ? len - 1 : len);
	if (has(m, FORGE_TWO_DIGEST_VALUES)) {
		hash[0] = 0xff;
		put(&value, 0x04, hash, len);
	}
	put_attribute(out, NID_pkcs9_messageDigest, &value);
}

static void put_signing_cert(const struct forge_message *m, struct buffer *out)
{
	X509 *cert = (m->named != NULL ? m->named : m->signer)->cert;
	struct buffer value = BUFFER_EMPTY, certs = BUFFER_EMPTY, id = BUFFER_EMPTY, der = BUFFER_EMPTY;
	bool v1 = has(m, FORGE_SIGNING_CERT_V1);
	uint8_t hash[DIGEST_MAX];
	size_t len = 0;

	put_cert(&der, cert);
	need(digest_bytes(v1 ? DIGEST_SHA1 : DIGEST_SHA256, der.data, der.len, hash, &len, NULL) == BE_OK, "digest");
	buffer_free(&der);
	put(&id, 0x04, hash, len);
	if (has(m, FORGE_ISSUER_SERIAL) || has(m, FORGE_WRONG_SERIAL))
		put_name_and_serial(&id, cert, true, has(m, FORGE_WRONG_SERIAL));
	wrap(&der, 0x30, &id);
	wrap(&certs, 0x30, &der);
	wrap(&value, 0x30, &certs);
	if (has(m, FORGE_SIGNING_CERT_TWO_VALUES))
		put(&value, 0x30, "\x30\x00", 2);
	put_attribute(out, v1 ? NID_id_smime_aa_signingCertificate : NID_id_smime_aa_signingCertificateV2, &value);
}

static void put_signing_time(struct buffer *out)
{
	struct buffer time = BUFFER_EMPTY;

	put(&time, 0x17, "260102030405Z", 13);
	put_attribute(out, NID_pkcs9_signingTime, &time);
}

static size_t make_attributes(const struct forge_message *m, struct buffer list[static ATTRIBUTES])
{
	static const char foreign[] = "\x30\x0a\x06\x04\x2a\x03\x04\x05\x31\x02\x05\x00";
	size_t count = 0;
	int i;

	if (!has(m, FORGE_NO_CONTENT_TYPE))
		put_content_type(m, &list[count++]);
	if (!has(m, FORGE_NO_MESSAGE_DIGEST))
		put_message_digest(m, &list[count++]);
	if (has(m, FORGE_TWO_MESSAGE_DIGESTS))
		put_message_digest(m, &list[count++]);
	if (!has(m, FORGE_NO_SIGNING_CERT))
		put_signing_cert(m, &list[count++]);
	if (has(m, FORGE_SIGNING_TIME))
		put_signing_time(&list[count++]);
	if (has(m, FORGE_TWO_TIMES))
		put_signing_time(&list[count++]);
	for (i = 0; i < 2 && has(m, FORGE_TWO_FOREIGN); i++)
		buffer_add(&list[count++], foreign, sizeof(foreign) - 1);
	return count;
}

static int by_octets(const void *a, const void *b)
{
	const struct buffer *x = a, *y = b;
	int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);

	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* The content of the SET as it is signed and as it is sent. */
static void build_attributes(const struct forge_message *m, struct buffer *as_signed, struct buffer *as_sent)
{
	struct buffer list[ATTRIBUTES];
	size_t count, i;

	memset(list, 0, sizeof(list));
	count = make_attributes(m, list);
	qsort(list, count, sizeof(list[0]), by_octets);
	for (i = 0; i < count; i++) {
		const struct buffer *sent = &list[has(m, FORGE_UNSORTED) ? count - 1 - i : i];

		buffer_add(as_signed, list[i].data, list[i].len);
		buffer_add(as_sent, sent->data, sent->len);
	}
	for (i = 0; i < count; i++)
		buffer_free(&list[i]);
}

/* ---- the signature ---- */

static void put_signature_alg(const struct forge_message *m, struct buffer *out)
{
	struct buffer alg = BUFFER_EMPTY, params = BUFFER_EMPTY, field = BUFFER_EMPTY, mgf = BUFFER_EMPTY;
	int key = EVP_PKEY_get_base_id(m->signer->key), nid = key;
	int salt = m->pss_salt != 0 ? m->pss_salt : (int)digest_size(m->pss_digest);

	if (m->pss_digest != DIGEST_NONE) {
		put_nid(&alg, NID_rsassaPss);
		put_digest_alg(&field, m->pss_digest);
		wrap(&params, 0xa0, &field);
		put_nid(&mgf, NID_mgf1);
		put_digest_alg(&mgf, m->pss_mgf != DIGEST_NONE ? m->pss_mgf : m->pss_digest);
		wrap(&field, 0x30, &mgf);
		wrap(&params, 0xa1, &field);
		put_number(&field, m->pss_named_salt != 0 ? m->pss_named_salt : salt);
		wrap(&params, 0xa2, &field);
		if (m->pss_trailer != 0) {
			put_number(&field, m->pss_trailer);
			wrap(&params, 0xa3, &field);
		}
		wrap(&alg, 0x30, &params);
	} else if (m->signature_oid != NULL) {
		put_oid(&alg, m->signature_oid);
	} else {
		if (!is_eddsa(m->signer->key))
			need(OBJ_find_sigid_by_algs(&nid, pki_nid_of_digest(digest_of(m)), key) == 1,
				"signature algorithm");
		put_nid(&alg, nid);
	}
	if (m->signature_curve != NULL)
		put_oid(&alg, m->signature_curve);
	wrap(out, 0x30, &alg);
}

static void set_pss(const struct forge_message *m, EVP_PKEY_CTX *ctx)
{
	enum digest_alg mgf = m->pss_mgf != DIGEST_NONE ? m->pss_mgf : m->pss_digest;

	if (m->pss_digest == DIGEST_NONE)
		return;
	need(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1
		&& EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, pki_md(mgf)) == 1
		&& EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, m->pss_salt != 0
			? m->pss_salt : RSA_PSS_SALTLEN_DIGEST) == 1, "PSS");
}

static size_t make_plain(const struct forge_message *m, uint8_t *signature, size_t len)
{
	const unsigned char *at = signature;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)len);
	int half = (EVP_PKEY_get_bits(m->signer->key) + 7) / 8;
	uint8_t plain[256];

	need(pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), plain, half) == half
		&& BN_bn2binpad(ECDSA_SIG_get0_s(pair), plain + half, half) == half, "plain signature");
	ECDSA_SIG_free(pair);
	memcpy(signature, plain, (size_t)(2 * half));
	return (size_t)(2 * half);
}

static size_t sign(const struct forge_message *m, const void *bytes, size_t len, uint8_t signature[static 512])
{
	enum digest_alg alg = m->signed_digest != DIGEST_NONE ? m->signed_digest : digest_of(m);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *inner = NULL;
	size_t out = 512;

	need(ctx != NULL && EVP_DigestSignInit(ctx, &inner, is_eddsa(m->signer->key) ? NULL : pki_md(alg), NULL,
		m->signer->key) == 1, "sign");
	set_pss(m, inner);
	need(EVP_DigestSign(ctx, signature, &out, bytes, len) == 1, "sign");
	EVP_MD_CTX_free(ctx);
	if (has(m, FORGE_PLAIN))
		out = make_plain(m, signature, out);
	if (has(m, FORGE_ZERO_R)) {
		memcpy(signature, "\x30\x06\x02\x01\x00\x02\x01\x01", 8);
		out = 8;
	}
	if (has(m, FORGE_LONG_SIGNATURE))
		signature[out++] = 0;
	return out;
}

/* ---- the message ---- */

static void put_sid(const struct forge_message *m, struct buffer *out)
{
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(m->signer->cert);

	if (!has(m, FORGE_KEY_ID)) {
		put_name_and_serial(out, m->signer->cert, false, false);
		return;
	}
	need(id != NULL, "key identifier");
	put(out, 0x80, ASN1_STRING_get0_data(id), (size_t)ASN1_STRING_length(id));
}

static void put_sent_attributes(const struct forge_message *m, struct buffer *out, struct buffer *sent)
{
	if (!has(m, FORGE_LONG_LENGTH)) {
		wrap(out, 0xa0, sent);
		return;
	}
	need(sent->len <= UINT16_MAX, "attributes");
	buffer_add_byte(out, 0xa0);
	buffer_add_byte(out, 0x83);
	buffer_add_byte(out, 0);
	buffer_add_byte(out, (uint8_t)(sent->len >> 8));
	buffer_add_byte(out, (uint8_t)sent->len);
	buffer_add(out, sent->data, sent->len);
	buffer_free(sent);
}

static void put_signer(const struct forge_message *m, struct buffer *out)
{
	struct buffer info = BUFFER_EMPTY, sorted = BUFFER_EMPTY, sent = BUFFER_EMPTY, set = BUFFER_EMPTY;
	struct buffer token = BUFFER_EMPTY;
	uint8_t signature[512];
	size_t len;

	put_number(&info, has(m, FORGE_KEY_ID) ? 3 : 1);
	put_sid(m, &info);
	put_digest_alg(&info, digest_of(m));
	if (has(m, FORGE_NO_ATTRIBUTES)) {
		len = sign(m, m->document, m->document_len, signature);
	} else {
		build_attributes(m, &sorted, &sent);
		put_sent_attributes(m, &info, &sent);
		if (has(m, FORGE_FALSE_SIGNATURE))
			buffer_add(&sorted, "\x30\x00", 2);
		wrap(&set, 0x31, &sorted);
		len = sign(m, set.data, set.len, signature);
		buffer_free(&set);
	}
	put_signature_alg(m, &info);
	put(&info, 0x04, signature, len);
	if (has(m, FORGE_TOKEN)) {
		put(&token, 0x30, "\x05\x00", 2);
		put_attribute(&set, NID_id_smime_aa_timeStampToken, &token);
		wrap(&info, 0xa1, &set);
	}
	wrap(out, 0x30, &info);
}

static void put_content(const struct forge_message *m, struct buffer *out)
{
	struct buffer content = BUFFER_EMPTY, octets = BUFFER_EMPTY;

	put_nid(&content, m->content_type != 0 ? m->content_type : NID_pkcs7_data);
	if (has(m, FORGE_CONTENT) || has(m, FORGE_EMPTY_CONTENT)) {
		put(&octets, 0x04, m->document, has(m, FORGE_CONTENT) ? m->document_len : 0);
		wrap_as(m, &content, 0xa0, &octets);
	}
	wrap_as(m, out, 0x30, &content);
}

void forge(struct buffer *out, const struct forge_message *m)
{
	struct buffer data = BUFFER_EMPTY, part = BUFFER_EMPTY, outer = BUFFER_EMPTY;
	int signers = has(m, FORGE_NO_SIGNER) ? 0 : has(m, FORGE_TWO_SIGNERS) ? 2 : 1;

	put_number(&data, has(m, FORGE_KEY_ID) ? 3 : 1);
	put_digest_alg(&part, digest_of(m));
	wrap(&data, 0x31, &part);
	put_content(m, &data);
	if (!has(m, FORGE_NO_CERTIFICATES)) {
		if (m->also != NULL)
			put_cert(&part, m->also->cert);
		put_cert(&part, (m->sent != NULL ? m->sent : m->signer)->cert);
		wrap_as(m, &data, 0xa0, &part);
	}
	while (signers-- > 0)
		put_signer(m, &part);
	wrap_as(m, &data, 0x31, &part);
	put_nid(&outer, NID_pkcs7_signed);
	wrap_as(m, &part, 0x30, &data);
	wrap_as(m, &outer, 0xa0, &part);
	wrap_as(m, out, 0x30, &outer);
	need(!out->failed, "memory");
}
