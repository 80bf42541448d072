/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/bytes.h"

#include <sys/mman.h>

enum be_err pdf_bytes_map(struct pdf_bytes *out, int fd, uint64_t len, struct be_error *err)
{
	void *map;

	*out = (struct pdf_bytes){ NULL, 0 };
	if (len == 0)
		return be_fail(err, BE_NOT_A_PDF, N_("The file is empty"), NULL);
	if (len > (uint64_t)PTRDIFF_MAX)
		return be_fail(err, BE_LIMIT, N_("The file is too large for this machine"), NULL);
	map = mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return be_fail_errno(err, BE_IO, N_("The file cannot be read"), "mmap");
	*out = (struct pdf_bytes){ map, (size_t)len };
	return BE_OK;
}

void pdf_bytes_unmap(struct pdf_bytes *bytes)
{
	if (bytes->data != NULL)
		(void)munmap((void *)(uintptr_t)bytes->data, bytes->len);
	*bytes = (struct pdf_bytes){ NULL, 0 };
}
