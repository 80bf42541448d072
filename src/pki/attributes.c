/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/attributes.h"

#include "pki/x509.h"

#include <openssl/asn1t.h>

/* SET OF Attribute with its own tag, whatever tag the message gives it, and sorted as DER asks. */
typedef STACK_OF(X509_ATTRIBUTE) ATTRIBUTE_SET;
ASN1_ITEM_TEMPLATE(ATTRIBUTE_SET) = ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_ORDER, 0, attributes, X509_ATTRIBUTE)
static_ASN1_ITEM_TEMPLATE_END(ATTRIBUTE_SET)

enum be_err pki_attributes_der(CMS_SignerInfo *signer, uint8_t **der, size_t *len, struct be_error *err)
{
	ATTRIBUTE_SET *set = NULL;
	int count = CMS_signed_get_attr_count(signer), size = -1, i;
	enum be_err rc = BE_NO_MEMORY;

	*der = NULL;
	*len = 0;
	if (count < 0)
		return BE_NOT_FOUND;
	set = sk_X509_ATTRIBUTE_new_reserve(NULL, count);
	if (set == NULL)
		goto out;
	for (i = 0; i < count; i++)
		if (sk_X509_ATTRIBUTE_push(set, CMS_signed_get_attr(signer, i)) <= 0)
			goto out;
	size = ASN1_item_i2d((const ASN1_VALUE *)set, der, ASN1_ITEM_rptr(ATTRIBUTE_SET));
	if (size <= 0 || *der == NULL)
		goto out;
	*len = (size_t)size;
	rc = BE_OK;
out:
	sk_X509_ATTRIBUTE_free(set);
	return rc == BE_OK ? BE_OK : pki_fail_memory(err);
}
