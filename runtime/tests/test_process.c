// SPDX-License-Identifier: MIT
/* Which process an object belongs to. */
#include "cmocka_prelude.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../process.h"

static void assert_ends_well(pid_t child)
{
	int status;

	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_process_has_one_token(void **state)
{
	uint64_t token = tsr_process_token();

	(void)state;
	assert_true(token != 0);
	assert_int_equal(tsr_process_token(), token);
	assert_true(tsr_process_is(token));
	assert_false(tsr_process_is(token + 1));
}

/* Return: exit status of a child whose parent has @parent and grandparent @grandparent. */
static int judge(uint64_t grandparent, uint64_t parent)
{
	uint64_t own;

	if (tsr_process_is(grandparent) || tsr_process_is(parent))
		return 1;
	own = tsr_process_token();
	if (!own || own == grandparent || own == parent || !tsr_process_is(own))
		return 2;
	return tsr_process_is(grandparent) || tsr_process_is(parent) ? 3 : 0;
}

static void a_child_has_another(void **state)
{
	uint64_t token = tsr_process_token();
	pid_t child = fork();

	(void)state;
	if (!child)
		_exit(judge(token, token));
	assert_ends_well(child);
	assert_true(tsr_process_is(token));
}

static void a_grandchild_has_a_third(void **state)
{
	uint64_t token = tsr_process_token();
	pid_t child = fork(), grandchild;
	int status;

	(void)state;
	if (!child) {
		uint64_t own = tsr_process_token();

		grandchild = fork();
		if (!grandchild)
			_exit(judge(token, own));
		if (waitpid(grandchild, &status, 0) != grandchild || status)
			_exit(1);
		_exit(tsr_process_is(own) ? 0 : 1);
	}
	assert_ends_well(child);
}

/* Made without the C library, so no handler of fork() runs. */
static void a_child_by_the_system_call_has_another(void **state)
{
	uint64_t token = tsr_process_token();
	pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	(void)state;
	if (!child)
		_exit(judge(token, token));
	assert_ends_well(child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_has_one_token),
		cmocka_unit_test(a_child_has_another),
		cmocka_unit_test(a_grandchild_has_a_third),
		cmocka_unit_test(a_child_by_the_system_call_has_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
