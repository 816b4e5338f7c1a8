// SPDX-License-Identifier: MIT
/* Inside the sandbox the device works and little else does. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <abi/error.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "sandbox.h"

static void jobs_run_and_records_are_written(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_abi_job job;

	/* The large one starts threads of the library inside the sandbox. */
	job = fixture_gemm(f, &gemm, 700, 600, 500);
	assert_int_equal(driver_run(&f->queue, &job), TSR_ERR_NONE);
	assert_true(harness_reset(f->harness));
	assert_true(harness_command(f->harness, "record start /tmp/vnpu-test-sandbox"));
	/* A boot replaces the state file. */
	assert_true(fixture_boot(f));
	assert_true(harness_command(f->harness, "record stop"));
	assert_int_equal(unlink("/tmp/vnpu-test-sandbox"), 0);
}

static void programs_and_sockets_are_out_of_reach(void **state)
{
	char *const args[] = { "true", NULL };

	(void)state;
	assert_int_equal(execv("/bin/true", args), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(socket(AF_INET, SOCK_STREAM, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(setuid(getuid()), -1);
	assert_int_equal(errno, EPERM);
}

static int setup(void **state)
{
	if (fixture_setup(state))
		return -1;
	return sandbox_enter();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_run_and_records_are_written),
		cmocka_unit_test(programs_and_sockets_are_out_of_reach),
	};

	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
