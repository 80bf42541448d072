/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char refused[] = N_("This computer's kernel refuses the sandbox that opening documents needs");

/* What kernels newer than Debian 12's header know (Documentation/userspace-api/landlock.rst). */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)                   /* ABI 2 */
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)                /* ABI 3 */
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP (1ULL << 0)                /* ABI 4 */
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)               /* ABI 5 */
#endif
#ifndef LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)         /* ABI 6 */
#define LANDLOCK_SCOPE_SIGNAL (1ULL << 1)
#endif

#define FS_RIGHTS_OF_ABI_1 (LANDLOCK_ACCESS_FS_MAKE_SYM | (LANDLOCK_ACCESS_FS_MAKE_SYM - 1))

/* struct landlock_ruleset_attr as of ABI 6. An older kernel takes the longer struct while what it does not
 * know is zero. */
struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

int box_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

static struct ruleset all_rights(int abi)
{
	struct ruleset r = { .fs = FS_RIGHTS_OF_ABI_1 };

	if (abi >= 2)
		r.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		r.fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
	if (abi >= 4)
		r.net = LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP;
	if (abi >= 5)
		r.fs |= LANDLOCK_ACCESS_FS_IOCTL_DEV;
	if (abi >= 6)
		r.scoped = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL;
	return r;
}

/* What is not there needs no grant: a machine without fonts of its own has no /usr/local/share/fonts. */
static bool grant_reading(int rules, const char *path)
{
	struct landlock_path_beneath_attr beneath = { .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE };
	struct stat st;
	bool granted;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return true;
	if (fstat(beneath.parent_fd, &st) == 0 && S_ISDIR(st.st_mode))
		beneath.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	granted = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0u) == 0;
	(void)close(beneath.parent_fd);
	return granted;
}

/* A kernel that announces Landlock and then refuses it is not one to trust with the rest: that fails. ABI 7
 * only adds flags for logging. */
enum be_err box_landlock(int abi, const char *const *readable, struct be_error *err)
{
	const struct ruleset rules = all_rights(abi);
	enum be_err rc = BE_OK;
	bool granted = true;
	int fd;

	if (abi <= 0)
		return BE_OK;
	fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0u);
	for (; fd >= 0 && granted && readable != NULL && *readable != NULL; readable++)
		granted = grant_reading(fd, *readable);
	if (fd < 0 || !granted || syscall(SYS_landlock_restrict_self, fd, 0u) != 0)
		rc = be_fail_errno(err, BE_SANDBOX, refused, "landlock");
	if (fd >= 0)
		(void)close(fd);
	return rc;
}
