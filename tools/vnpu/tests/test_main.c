// SPDX-License-Identifier: MIT
/* Each option of the program does what docs/vnpu.md says. test_process.c has the rest. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/pci_regs.h>
#include <linux/seccomp.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "own_folder.h"
#include "payload.h"
#include "process.h"
#include "test_image.h"

#define STATE "state"
#define FILE_PATH "file"

static struct harness *open_with(const char *option, const char *value)
{
	const char *const arguments[] = { option, value, NULL };
	struct harness *h = harness_open(&(struct harness_options){
		.process = true,
		.arguments = arguments,
	});

	assert_non_null(h);
	return h;
}

static void write_file(const char *text)
{
	FILE *file = fopen(FILE_PATH, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static size_t read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	size = fread(text, 1, size - 1, file);
	text[size] = '\0';
	fclose(file);
	return size;
}

static void a_device_says_that_it_is_virtual(void **state)
{
	struct harness *h = open_with(NULL, NULL);

	(void)state;
	assert_true(harness_read32(h, TSR_HW_REG_CAPS) & TSR_HW_CAP_VIRTUAL);
	harness_close(h);
}

static uint64_t pci_config(struct harness *h, uint64_t offset, unsigned int size)
{
	uint64_t val = 0;

	assert_true(harness_access(h, VFIO_PCI_CONFIG_REGION_INDEX, offset, size, false, &val));
	return val;
}

static void the_pci_function_tells_device_class_and_revision(void **state)
{
	struct harness *h = open_with(NULL, NULL);

	(void)state;
	assert_int_equal(pci_config(h, PCI_VENDOR_ID, 2), TSR_HW_PCI_VENDOR);
	assert_int_equal(pci_config(h, PCI_DEVICE_ID, 2), TSR_HW_PCI_DEVICE);
	assert_int_equal(pci_config(h, PCI_REVISION_ID, 1), 1);
	assert_int_equal(pci_config(h, PCI_SUBSYSTEM_VENDOR_ID, 2), TSR_HW_PCI_VENDOR);
	assert_int_equal(pci_config(h, PCI_SUBSYSTEM_ID, 2), TSR_HW_SKU_EDGE);
	harness_close(h);
}

static void the_time_scale_is_that_of_the_option(void **state)
{
	struct harness *h = open_with("--time-scale", "77");

	(void)state;
	assert_int_equal(harness_read32(h, TSR_HW_REG_TIME_SCALE), 77);
	harness_close(h);
}

static void a_single_vector_is_one(void **state)
{
	struct harness *h = harness_open(&(struct harness_options){ .process = true });

	(void)state;
	assert_int_equal(harness_read32(h, TSR_HW_REG_VECTORS), 2);
	harness_close(h);
	h = harness_open(&(struct harness_options){ .process = true, .single_vector = true });
	assert_non_null(h);
	assert_int_equal(harness_read32(h, TSR_HW_REG_VECTORS), 1);
	harness_close(h);
}

/* What tells without firmware: a reset ends with one of several looks, and not with the first. */
static void an_unkind_device_takes_its_time(void **state)
{
	static const char *const options[] = { NULL, "--unkind" };

	(void)state;
	for (unsigned int unkind = 0; unkind < 2; unkind++) {
		struct harness *h = open_with(options[unkind], NULL);

		harness_write32(h, TSR_HW_REG_CONTROL, TSR_HW_CONTROL_RESET);
		assert_true(harness_settle(h));
		assert_int_equal(harness_state(h), unkind ? TSR_HW_STATE_RESETTING :
							    TSR_HW_STATE_RESET);
		assert_true(harness_wait_state(h, TSR_HW_STATE_RESET));
		harness_close(h);
	}
}

static void boot_foreign_image(struct harness *h)
{
	struct test_image image;

	test_image_make(&image, payload_ready, payload_ready_words);
	assert_int_equal(harness_boot(h, &image, image.size, 0), TSR_HW_STATE_BOOT_FAILED);
	assert_int_equal(harness_read32(h, TSR_HW_REG_BOOT_STATUS), TSR_HW_BOOT_BAD_KEY);
}

static void expect_fuses(struct harness *h, const char *hash)
{
	char *reply = harness_reply(h, CONTROL_HOST, "fuses", -1);
	char want[128];

	snprintf(want, sizeof(want), "\"key_hash\":\"%.64s\"", hash);
	assert_non_null(strstr(reply, want));
	free(reply);
}

static void the_fuses_trust_the_key_of_this_build(void **state)
{
	struct harness *h = open_with(NULL, NULL);
	char hash[128];

	(void)state;
	read_file(VNPU_KEY_HASH, hash, sizeof(hash));
	expect_fuses(h, hash);
	boot_foreign_image(h);
	harness_close(h);
}

static void another_key_is_trusted_in_its_place(void **state)
{
	struct test_image image;
	uint8_t key[32];
	char hash[80] = "";
	struct harness *h;

	(void)state;
	test_key_hash(key);
	for (int i = 0; i < 32; i++)
		snprintf(hash + 2 * i, 3, "%02x", key[i]);
	write_file(hash);
	h = open_with("--key", FILE_PATH);
	expect_fuses(h, hash);
	test_image_make(&image, payload_ready, payload_ready_words);
	harness_boot(h, &image, image.size, 0);
	assert_true(harness_wait_state(h, TSR_HW_STATE_READY));
	harness_close(h);
	unlink(FILE_PATH);
}

/* A line of /proc/PID/status. */
static unsigned int status_of(struct harness *h, const char *key)
{
	char text[8192];
	char path[64];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", process_pid(harness_process(h)));
	read_file(path, text, sizeof(text));
	at = strstr(text, key);
	assert_non_null(at);
	return (unsigned int)strtoul(at + strlen(key), NULL, 10);
}

static void the_sandbox_is_on_unless_the_option_says_otherwise(void **state)
{
	struct harness *h = open_with(NULL, NULL);

	(void)state;
	assert_int_equal(status_of(h, "\nSeccomp:\t"), 2);
	assert_int_equal(status_of(h, "\nNoNewPrivs:\t"), 1);
	harness_close(h);
	h = open_with("--no-sandbox", NULL);
	assert_int_equal(status_of(h, "\nSeccomp:\t"), 0);
	harness_close(h);
}

static void messages_are_appended_to_the_log(void **state)
{
	char text[8192];

	(void)state;
	write_file("before\n");
	harness_close(open_with("--log", FILE_PATH));
	read_file(FILE_PATH, text, sizeof(text));
	assert_memory_equal(text, "before\n", 7);
	assert_non_null(strstr(text, "client connected"));
	assert_non_null(strstr(text, "ending: Terminated"));
	unlink(FILE_PATH);
}

static void a_line_says_what_the_sandbox_is_made_of(void **state)
{
	struct harness *h = open_with("--verbose", NULL);
	char text[8192];

	(void)state;
	read_file(process_path(harness_process(h), "log"), text, sizeof(text));
	assert_non_null(strstr(text, "sandbox: system call filter"));
	assert_non_null(strstr(text, "Landlock"));
	harness_close(h);
}

static void a_replay_is_in_the_sandbox(void **state)
{
	static const char *const record[] = { "--record", FILE_PATH, NULL };
	const struct process_options options = {
		.sku = VNPU_SKUS "/edge.json", .state = STATE, .extra = record,
	};
	struct process *process = process_start(&options);
	char text[1024] = "";
	size_t used;
	FILE *program;

	(void)state;
	assert_non_null(process);
	assert_int_equal(process_end(process), 0);
	program = popen(VNPU_PROGRAM " --verbose --sku " VNPU_SKUS "/edge.json --replay "
			FILE_PATH " 2>&1", "re");
	used = fread(text, 1, sizeof(text) - 1, program);
	text[used] = '\0';
	assert_int_equal(pclose(program), 0);
	assert_non_null(strstr(text, "sandbox: system call filter"));
	assert_non_null(strstr(text, "no difference"));
	unlink(FILE_PATH);
	unlink(STATE);
}

/* Its status with these arguments, with which it ends at once; what it printed. */
static int status_with(const char *arguments, char *printed, size_t size)
{
	char line[1024];
	FILE *program;
	size_t used;

	snprintf(line, sizeof(line), VNPU_PROGRAM " %s 2>&1", arguments);
	program = popen(line, "re");
	assert_non_null(program);
	used = fread(printed, 1, size - 1, program);
	printed[used] = '\0';
	return WEXITSTATUS(pclose(program));
}

#define SKU	"--sku " VNPU_SKUS "/edge.json "
#define REPLAY	SKU "--replay none "
#define DEVICE	SKU "--socket socket --control control --state " STATE " "
#define USAGE	"usage: tessera-vnpu --socket PATH"
#define NO_RECORD "vnpu: error: record none cannot be used: No such file or directory\n"
#define NO_NUMBER(option, value, most) \
	"tessera-vnpu: " option " " value " is no number from 1 to " most "\n"

/* What is wrong with a line, or missing: status 2 where it is refused, 1 where it is taken. */
static const struct line {
	const char *arguments;
	int status;
	const char *printed;
} lines[] = {
	{ REPLAY, 1, NO_RECORD },
	{ REPLAY "--nonsense", 2, USAGE },
	{ REPLAY "word", 2, USAGE },
	{ "--replay none", 2, USAGE },
	{ SKU, 2, USAGE },
	{ SKU "--socket none/a --control none/b", 2, USAGE },
	{ SKU "--socket none/a --state none/c", 2, USAGE },
	{ SKU "--control none/b --state none/c", 2, USAGE },
	{ SKU "--socket none/a --control none/b --state none/c", 1,
	  "vnpu: error: state file none/c cannot be used: No such file or directory\n" },
	{ "--sku none --replay none", 1, NO_RECORD },
	{ "--sku none --socket none/a --control none/b --state none/c", 1,
	  "vnpu: error: none: cannot open: No such file" },
	{ REPLAY "--time-scale 1", 1, NO_RECORD },
	{ REPLAY "--time-scale 0", 2, NO_NUMBER("--time-scale", "0", "1000000") },
	{ REPLAY "--time-scale 1000000", 1, NO_RECORD },
	{ REPLAY "--time-scale 1000001", 2, NO_NUMBER("--time-scale", "1000001", "1000000") },
	{ REPLAY "--time-scale 99999999999999999999", 2,
	  NO_NUMBER("--time-scale", "99999999999999999999", "1000000") },
	{ REPLAY "--time-scale 1x", 2, NO_NUMBER("--time-scale", "1x", "1000000") },
	{ REPLAY "--time-scale 0x10", 2, NO_NUMBER("--time-scale", "0x10", "1000000") },
	{ REPLAY "--time-scale ''", 2, NO_NUMBER("--time-scale", "", "1000000") },
	{ REPLAY "--local-memory 1", 1, NO_RECORD },
	{ REPLAY "--local-memory 0", 2, NO_NUMBER("--local-memory", "0", "4194304") },
	{ REPLAY "--local-memory 4194304", 1, NO_RECORD },
	{ REPLAY "--local-memory 4194305", 2, NO_NUMBER("--local-memory", "4194305", "4194304") },
	{ REPLAY "--log none/log", 1,
	  "tessera-vnpu: log file none/log cannot be written: No such file or directory\n" },
	{ REPLAY "--key none", 1, NO_RECORD },
	{ DEVICE "--key none", 1,
	  "vnpu: error: key hash file none cannot be read: No such file or directory\n" },
	{ DEVICE "--key " VNPU_SKUS "/edge.json", 1, "does not begin with 64 hexadecimal digits" },
	{ DEVICE "--record none/r", 1,
	  "vnpu: error: record none/r cannot be written: No such file or directory\n" },
	{ DEVICE "--record /dev/null", 1,
	  "vnpu: error: record /dev/null cannot be written: it is no regular file\n" },
	{ DEVICE "--control none/b", 1,
	  "vnpu: error: socket none/b cannot be used: No such file or directory\n" },
	{ DEVICE "--control .", 1,
	  "vnpu: error: socket . cannot be used: something else is there, "
	  "which is left alone\n" },
	{ DEVICE "--test-control " STATE, 1,
	  "vnpu: error: socket " STATE " cannot be used: "
	  "something else is there, which is left alone\n" },
	{ DEVICE "--guest-control " STATE, 1,
	  "vnpu: error: socket " STATE " cannot be used: "
	  "something else is there, which is left alone\n" },
	{ DEVICE "--socket control", 1,
	  "vnpu: error: socket control cannot be used: another process "
	  "listens there\n" },
};

/* A sentence that is given to its end is the last one. */
static bool says(const char *printed, const char *wanted)
{
	const char *at = strstr(printed, wanted);
	size_t n = strlen(wanted);

	return at && (wanted[n - 1] != '\n' || !at[n]);
}

static void each_line_is_taken_or_its_end_says_why(void **state)
{
	char printed[4096];

	(void)state;
	for (unsigned int i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		int status = status_with(lines[i].arguments, printed, sizeof(printed));

		if (status != lines[i].status || !says(printed, lines[i].printed))
			fail_msg("%s: status %d: %s", lines[i].arguments, status, printed);
		unlink("socket");
		unlink("control");
		unlink(STATE);
	}
	assert_int_equal(status_with("--help", printed, sizeof(printed)), 0);
	assert_memory_equal(printed, USAGE, strlen(USAGE));
	assert_int_equal(status_with("--help 2>/dev/null >" FILE_PATH, printed, sizeof(printed)),
			 0);
	read_file(FILE_PATH, printed, sizeof(printed));
	assert_memory_equal(printed, USAGE, strlen(USAGE));
	unlink(FILE_PATH);
}

/* From here on the kernel answers so when this process, or a program that it becomes, calls. */
static void refuse_call(unsigned int call, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(99);
}

/* status_with() where calls of those numbers are refused, the last one 0. */
static int status_without(const unsigned int *calls, int error, const char *arguments,
			  char *printed, size_t size)
{
	char line[1024];
	ssize_t n;
	int status;
	int fds[2];
	pid_t pid;

	snprintf(line, sizeof(line), "exec " VNPU_PROGRAM " %s 2>&1", arguments);
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		for (; *calls; calls++)
			refuse_call(*calls, error);
		execl("/bin/sh", "sh", "-c", line, NULL);
		_exit(98);
	}
	close(fds[1]);
	for (*printed = '\0'; (n = read(fds[0], printed, size - 1)) > 0; size -= (size_t)n) {
		printed += n;
		*printed = '\0';
	}
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Kernels may have no Landlock; one that has it and refuses it is another matter. */
static void without_its_sandbox_the_program_ends(void **state)
{
	static const unsigned int landlock[] = { SYS_landlock_create_ruleset, 0 };
	static const char *const record[] = { "--record", FILE_PATH, NULL };
	const struct process_options options = {
		.sku = VNPU_SKUS "/edge.json", .state = STATE, .extra = record,
	};
	struct process *process = process_start(&options);
	char printed[4096];

	(void)state;
	assert_non_null(process);
	assert_int_equal(process_end(process), 0);
	assert_int_equal(status_without(landlock, ENOSYS, SKU "--replay " FILE_PATH, printed,
					sizeof(printed)), 0);
	assert_non_null(strstr(printed, "sandbox: system call filter; no Landlock here"));
	assert_non_null(strstr(printed, "no difference"));
	assert_int_equal(status_without(landlock, EPERM, SKU "--replay " FILE_PATH, printed,
					sizeof(printed)), 1);
	assert_string_equal(printed, "vnpu: error: the sandbox cannot be entered: "
				     "Operation not permitted\n");
	unlink(FILE_PATH);
	unlink(STATE);
}

static void without_threads_the_program_ends(void **state)
{
	static const unsigned int clones[] = { SYS_clone, SYS_clone3, 0 };
	char printed[4096];

	(void)state;
	assert_int_equal(status_without(clones, EAGAIN, DEVICE, printed, sizeof(printed)), 1);
	assert_non_null(strstr(printed, "vnpu: error: threads cannot be started: "
					"Resource temporarily unavailable\n"));
	unlink("socket");
	unlink("control");
	unlink(STATE);
}

/* What the program opens first would get their numbers, and lines that are meant for them. */
static void no_file_stands_for_a_standard_descriptor_that_is_closed(void **state)
{
	static const char *const closed[] = { "2>&-", ">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-" };
	char line[1024], text[65536];
	size_t n;

	(void)state;
	/* In place of the socket, so that it ends at once, with a line on what was the matter. */
	assert_int_equal(close(creat("control", 0600)), 0);
	for (unsigned int i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		snprintf(line, sizeof(line), VNPU_PROGRAM " " DEVICE "--record " FILE_PATH " %s", closed[i]);
		assert_int_equal(WEXITSTATUS(system(line)), 1);
		n = read_file(STATE, text, sizeof(text));
		assert_null(memmem(text, n, "vnpu:", 5));
		n = read_file(FILE_PATH, text, sizeof(text));
		assert_null(memmem(text, n, "vnpu:", 5));
		unlink(FILE_PATH);
		unlink(STATE);
	}
	unlink("control");
}

static void a_record_of_another_product_is_not_repeated(void **state)
{
	static const char *const record[] = { "--record", FILE_PATH, NULL };
	const struct process_options options = {
		.sku = VNPU_SKUS "/edge.json", .state = STATE, .extra = record,
	};
	struct process *process = process_start(&options);
	char printed[1024];

	(void)state;
	assert_non_null(process);
	assert_int_equal(process_end(process), 0);
	assert_int_equal(status_with("--sku " VNPU_SKUS "/server.json --replay " FILE_PATH, printed,
				     sizeof(printed)), 1);
	assert_non_null(strstr(printed, "the record was made on another product ("));
	assert_non_null(strstr(printed, "than SKU file " VNPU_SKUS "/server.json describes"));
	assert_int_equal(status_with("--sku none --replay " FILE_PATH, printed, sizeof(printed)),
			 1);
	assert_non_null(strstr(printed, "none: cannot open"));
	assert_int_equal(status_with(SKU "--replay " FILE_PATH, printed, sizeof(printed)), 0);
	assert_memory_equal(strchr(printed, ' '), " entries equal, no difference\n", 30);
	unlink(FILE_PATH);
	unlink(STATE);
}

/* Values that the program has once it has started itself again, NULL for none. */
static void expect_environment(struct harness *h, const char *name, const char *value)
{
	char text[16384], path[64], want[128];
	size_t size;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/environ", process_pid(harness_process(h)));
	size = read_file(path, text, sizeof(text));
	snprintf(want, sizeof(want), "%s=%s", name, value ? value : "");
	for (const char *at = text; at < text + size; at += strlen(at) + 1) {
		if (strncmp(at, want, strlen(name) + 1))
			continue;
		found = true;
		if (!value || strcmp(at, want))
			fail_msg("%s", at);
	}
	assert_int_equal(found, value != NULL);
}

static const char *const unwanted[] = {
	"GOMP_CPU_AFFINITY", "OMP_DYNAMIC", "OMP_PLACES", "OMP_PROC_BIND",
	"DNNL_JIT_DUMP", "DNNL_JIT_PROFILE", "ONEDNN_JIT_DUMP", "ONEDNN_JIT_PROFILE",
};

static void settings_that_bind_threads_or_write_files_are_dropped(void **state)
{
	struct harness *h;

	(void)state;
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++) {
		setenv("OMP_WAIT_POLICY", "active", 1);
		setenv("GOMP_SPINCOUNT", "77", 1);
		setenv(unwanted[i], "0", 1);
		h = open_with("--no-sandbox", NULL);
		unsetenv(unwanted[i]);
		expect_environment(h, unwanted[i], NULL);
		expect_environment(h, "OMP_WAIT_POLICY", "active");
		expect_environment(h, "GOMP_SPINCOUNT", "77");
		harness_close(h);
	}
	unsetenv("OMP_WAIT_POLICY");
	unsetenv("GOMP_SPINCOUNT");
}

static void threads_wait_for_a_moment_unless_told_otherwise(void **state)
{
	struct harness *h = open_with("--no-sandbox", NULL);

	(void)state;
	expect_environment(h, "OMP_WAIT_POLICY", "passive");
	expect_environment(h, "GOMP_SPINCOUNT", "25000");
	harness_close(h);
	setenv("OMP_WAIT_POLICY", "active", 1);
	h = open_with("--no-sandbox", NULL);
	expect_environment(h, "OMP_WAIT_POLICY", "active");
	expect_environment(h, "GOMP_SPINCOUNT", "25000");
	harness_close(h);
	unsetenv("OMP_WAIT_POLICY");
	setenv("GOMP_SPINCOUNT", "5", 1);
	h = open_with("--no-sandbox", NULL);
	expect_environment(h, "OMP_WAIT_POLICY", "passive");
	expect_environment(h, "GOMP_SPINCOUNT", "5");
	harness_close(h);
	unsetenv("GOMP_SPINCOUNT");
}

static void running_without_the_sandbox_is_warned_of(void **state)
{
	struct harness *h = open_with("--no-sandbox", NULL);
	char text[8192];

	(void)state;
	read_file(process_path(harness_process(h), "log"), text, sizeof(text));
	assert_non_null(strstr(text, "vnpu: warning: no sandbox"));
	harness_close(h);
	h = open_with(NULL, NULL);
	read_file(process_path(harness_process(h), "log"), text, sizeof(text));
	assert_null(strstr(text, "warning"));
	assert_null(strstr(text, "debug"));
	harness_close(h);
}

static void local_memory_is_that_of_the_option(void **state)
{
	const char *const arguments[] = { "--local-memory", "64", NULL };
	struct harness *h = harness_open(&(struct harness_options){
		.sku = VNPU_SKUS "/server.json", .process = true, .arguments = arguments,
	});

	(void)state;
	assert_non_null(h);
	assert_int_equal(harness_read32(h, TSR_HW_REG_FUSES +
					offsetof(struct tsr_hw_fuses, memory_mib)), 64);
	harness_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_taken_or_its_end_says_why),
		cmocka_unit_test(without_its_sandbox_the_program_ends),
		cmocka_unit_test(without_threads_the_program_ends),
		cmocka_unit_test(no_file_stands_for_a_standard_descriptor_that_is_closed),
		cmocka_unit_test(a_record_of_another_product_is_not_repeated),
		cmocka_unit_test(settings_that_bind_threads_or_write_files_are_dropped),
		cmocka_unit_test(threads_wait_for_a_moment_unless_told_otherwise),
		cmocka_unit_test(running_without_the_sandbox_is_warned_of),
		cmocka_unit_test(local_memory_is_that_of_the_option),
		cmocka_unit_test(a_device_says_that_it_is_virtual),
		cmocka_unit_test(the_pci_function_tells_device_class_and_revision),
		cmocka_unit_test(the_time_scale_is_that_of_the_option),
		cmocka_unit_test(a_single_vector_is_one),
		cmocka_unit_test(an_unkind_device_takes_its_time),
		cmocka_unit_test(the_fuses_trust_the_key_of_this_build),
		cmocka_unit_test(another_key_is_trusted_in_its_place),
		cmocka_unit_test(the_sandbox_is_on_unless_the_option_says_otherwise),
		cmocka_unit_test(messages_are_appended_to_the_log),
		cmocka_unit_test(a_line_says_what_the_sandbox_is_made_of),
		cmocka_unit_test(a_replay_is_in_the_sandbox),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
