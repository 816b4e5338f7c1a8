// SPDX-License-Identifier: MIT
#include "landlock.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

/* Rights that each version of the interface added. */
static const struct {
	int version;
	__u64 files;
	__u64 net;
	__u64 scope;
} rights[] = {
	{ 1, (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1, 0, 0 },
	{ 2, LANDLOCK_ACCESS_FS_REFER, 0, 0 },
	{ 3, LANDLOCK_ACCESS_FS_TRUNCATE, 0, 0 },
	{ 4, 0, LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP, 0 },
	{ 5, LANDLOCK_ACCESS_FS_IOCTL_DEV, 0, 0 },
	{ 6, 0, 0, LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL },
};

static int interface_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	/* Not built in, or not switched on at boot. */
	if (version < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	return (int)version;
}

/* A ruleset that handles everything @version knows and allows nothing. */
static int deny_all(int version)
{
	struct landlock_ruleset_attr attr = { 0 };
	long fd;

	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		if (rights[i].version > version)
			break;
		attr.handled_access_fs |= rights[i].files;
		attr.handled_access_net |= rights[i].net;
		attr.scoped |= rights[i].scope;
	}
	/* An older kernel takes the longer structure: what it does not know is zero. */
	fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	return fd < 0 ? -errno : (int)fd;
}

int landlock_enter(void)
{
	int version = interface_version();
	int ret = 0;
	int fd;

	if (version <= 0)
		return version;
	fd = deny_all(version);
	if (fd < 0)
		return fd;
	if (syscall(SYS_landlock_restrict_self, fd, 0))
		ret = -errno;
	close(fd);
	return ret ? ret : version;
}
