// SPDX-License-Identifier: MIT
/* What is asked of Landlock on kernels of each version: a kernel of the test's own answers. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "cmocka_prelude.h"
#include "no_input.h"
#include "process/landlock.h"

/* The linker puts it in front of the library's. */
long __wrap_syscall(long number, ...);

/* The kernel, and what it was asked. */
static struct {
	int version;		/* or a negative errno */
	int ruleset_error;
	int restrict_error;
	int ruleset;		/* a real descriptor, so that it can be closed */
	struct landlock_ruleset_attr attr;
	unsigned int made;
	unsigned int restricted;
} kernel;

static long refuse(int error)
{
	errno = error;
	return -1;
}

static long make_ruleset(const struct landlock_ruleset_attr *attr, size_t size,
			 unsigned int flags)
{
	if (flags == LANDLOCK_CREATE_RULESET_VERSION && !attr && !size)
		return kernel.version < 0 ? refuse(-kernel.version) : kernel.version;
	assert_int_equal(flags, 0);
	assert_int_equal(size, sizeof(*attr));
	kernel.made++;
	kernel.attr = *attr;
	if (kernel.ruleset_error)
		return refuse(kernel.ruleset_error);
	kernel.ruleset = dup(STDERR_FILENO);
	return kernel.ruleset;
}

long __wrap_syscall(long number, ...)
{
	const void *attr;
	va_list ap;
	size_t size;
	long ret;

	va_start(ap, number);
	if (number == SYS_landlock_create_ruleset) {
		attr = va_arg(ap, const void *);
		size = va_arg(ap, size_t);
		ret = make_ruleset(attr, size, va_arg(ap, unsigned int));
	} else {
		assert_int_equal(number, SYS_landlock_restrict_self);
		assert_int_equal(va_arg(ap, int), kernel.ruleset);
		assert_int_equal(va_arg(ap, unsigned int), 0);
		kernel.restricted++;
		ret = kernel.restrict_error ? refuse(kernel.restrict_error) : 0;
	}
	va_end(ap);
	return ret;
}

static int enter_on(int version)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.version = version;
	return landlock_enter();
}

static void expect_closed(void)
{
	char byte;

	assert_int_equal(read(kernel.ruleset, &byte, 0), -1);
	assert_int_equal(errno, EBADF);
}

/* Rights of the first version, from the kernel's documentation: files, folders, and making them. */
#define FILES_1 0x1fffull
#define REFER (1ull << 13)
#define TRUNCATE (1ull << 14)
#define IOCTL (1ull << 15)

static const struct {
	int version;
	uint64_t files;
	uint64_t net;
	uint64_t scope;
} versions[] = {
	{ 1, FILES_1, 0, 0 },
	{ 2, FILES_1 | REFER, 0, 0 },
	{ 3, FILES_1 | REFER | TRUNCATE, 0, 0 },
	{ 4, FILES_1 | REFER | TRUNCATE, 3, 0 },
	{ 5, FILES_1 | REFER | TRUNCATE | IOCTL, 3, 0 },
	{ 6, FILES_1 | REFER | TRUNCATE | IOCTL, 3, 3 },
	{ 9, FILES_1 | REFER | TRUNCATE | IOCTL, 3, 3 },
};

static void everything_that_a_version_knows_is_denied(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		assert_int_equal(enter_on(versions[i].version), versions[i].version);
		assert_int_equal(kernel.made, 1);
		assert_int_equal(kernel.restricted, 1);
		assert_int_equal(kernel.attr.handled_access_fs, versions[i].files);
		assert_int_equal(kernel.attr.handled_access_net, versions[i].net);
		assert_int_equal(kernel.attr.scoped, versions[i].scope);
		expect_closed();
	}
}

static void a_kernel_without_it_is_version_0(void **state)
{
	(void)state;
	assert_int_equal(enter_on(-ENOSYS), 0);
	assert_int_equal(enter_on(-EOPNOTSUPP), 0);
	assert_int_equal(kernel.made, 0);
	assert_int_equal(kernel.restricted, 0);
}

static void each_failure_is_told(void **state)
{
	(void)state;
	assert_int_equal(enter_on(-EPERM), -EPERM);
	assert_int_equal(kernel.made, 0);
	memset(&kernel, 0, sizeof(kernel));
	kernel.version = 3;
	kernel.ruleset_error = EINVAL;
	assert_int_equal(landlock_enter(), -EINVAL);
	assert_int_equal(kernel.restricted, 0);
	kernel.ruleset_error = 0;
	kernel.restrict_error = E2BIG;
	assert_int_equal(landlock_enter(), -E2BIG);
	expect_closed();
}

static void the_rules_may_have_number_0(void **state)
{
	int input = no_input_begin();
	int version = enter_on(3);
	bool open = number_0_is_open();

	(void)state;
	no_input_end(input);
	assert_int_equal(version, 3);
	assert_int_equal(kernel.ruleset, 0);
	assert_int_equal(kernel.restricted, 1);
	assert_false(open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_that_a_version_knows_is_denied),
		cmocka_unit_test(a_kernel_without_it_is_version_0),
		cmocka_unit_test(each_failure_is_told),
		cmocka_unit_test(the_rules_may_have_number_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
