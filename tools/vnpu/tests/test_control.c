// SPDX-License-Identifier: MIT
/* The control socket's commands do what they say. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <json-c/json.h>

#include <tsr_hw/error.h>
#include <tsr_hw/registers.h>

#include "cmocka_prelude.h"
#include "fixture.h"
#include "harness.h"
#include "no_input.h"
#include "own_folder.h"
#include "process/control.h"
#include "process/listener.h"
#include "program.h"
#include "random.h"

static uint32_t submit(struct fixture *f, const struct tsr_hw_job *job)
{
	uint32_t seq = driver_post(&f->queue, job);

	driver_ring(&f->queue);
	return seq;
}

static void held_completions_wait_for_release(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);
	uint32_t last = 0;

	assert_true(harness_command(f->harness, "hold"));
	for (int i = 0; i < 20; i++)
		last = submit(f, &job);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_command(f->harness, "release"));
	assert_non_null(driver_wait(&f->queue, last));
	assert_int_equal(harness_counter(f->harness, "nodes_nop"), 20);
}

static void a_step_lets_one_completion_pass(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);

	assert_true(harness_command(f->harness, "hold"));
	for (int i = 0; i < 5; i++)
		submit(f, &job);
	assert_true(harness_command(f->harness, "step"));
	assert_non_null(driver_wait(&f->queue, 1));
	assert_true(harness_command(f->harness, "step 2"));
	assert_non_null(driver_wait(&f->queue, 3));
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->completed, 3);
	assert_true(harness_command(f->harness, "release"));
	assert_non_null(driver_wait(&f->queue, 5));
}

static void a_held_job_can_be_killed(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 2);
	struct tsr_hw_admin kill = { .op = TSR_HW_ADMIN_QUEUE_KILL, .queue = 1 };
	const struct tsr_hw_completion *slot;
	uint32_t seq;

	assert_true(harness_command(f->harness, "hold"));
	seq = submit(f, &job);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->started, seq);
	assert_int_equal(driver_admin(&f->driver, &kill), TSR_HW_ERR_NONE);
	slot = driver_wait(&f->queue, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_KILLED);
}

static void an_injected_hang_hits_the_node_named(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 6);
	struct tsr_hw_admin kill = { .op = TSR_HW_ADMIN_QUEUE_KILL, .queue = 1 };
	const struct tsr_hw_completion *slot;
	uint32_t seq;

	assert_true(harness_command(f->harness, "inject hang queue=1 node=4"));
	seq = submit(f, &job);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->progress, 4);
	assert_int_equal(driver_admin(&f->driver, &kill), TSR_HW_ERR_NONE);
	slot = driver_wait(&f->queue, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_KILLED);
	assert_int_equal(slot->node, 4);
}

static void an_injected_engine_error_ends_the_job(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 6);
	const struct tsr_hw_completion *slot;

	assert_true(harness_command(f->harness, "inject engine-error node=3"));
	slot = driver_wait(&f->queue, submit(f, &job));
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_ENGINE);
	assert_int_equal(slot->node, 3);
}

static void an_injected_dma_error_is_a_bus_fault(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);

	assert_true(harness_command(f->harness, "inject dma-error"));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_FAULT_BUS);
}

static unsigned int bits_set(const void *a, const void *b, size_t n)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < n; i++)
		bits += (unsigned int)__builtin_popcount(((const uint8_t *)a)[i] ^
							 ((const uint8_t *)b)[i]);
	return bits;
}

static void a_flipped_result_bit_is_one_bit_once(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64);
	static float good[64 * 64];

	for (int i = 0; i < 64 * 64; i++)
		gemm.a[i] = gemm.b[i] = (float)(i % 7);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	memcpy(good, gemm.d, sizeof(good));
	assert_true(harness_command(f->harness, "inject flip-result bit=12345"));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(bits_set(good, gemm.d, sizeof(good)), 1);
	assert_int_not_equal(((uint8_t *)good)[12345 / 8], ((uint8_t *)gemm.d)[12345 / 8]);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_memory_equal(good, gemm.d, sizeof(good));
}

/* Of a node without weights. */
static struct tsr_hw_job move_job(struct fixture *f)
{
	const struct tsr_hw_move move = move_make(4, 64);
	const struct tsr_hw_slot slots[] = {
		{ .address = 0x50000000, .size = 256, .flags = TSR_HW_SLOT_READ },
		{ .address = 0x60000000, .size = 256, .flags = TSR_HW_SLOT_WRITE },
	};
	struct test_program program;

	aspace_alloc(&f->as, slots[0].address, slots[0].size, TSR_HW_PTE_READ);
	aspace_alloc(&f->as, slots[1].address, slots[1].size, TSR_HW_PTE_WRITE);
	program_begin(&program);
	program_node(&program, TSR_HW_ENGINE_TENSOR, &move, sizeof(move));
	return program_place(&program, &f->as, 0x70000000, slots, 2);
}

static void a_flipped_weight_bit_changes_the_result(void **state)
{
	struct fixture *f = *state;
	struct fixture_gemm gemm;
	struct tsr_hw_job job = fixture_gemm(f, &gemm, 64, 64, 64), move = move_job(f);
	static float good[64 * 64];

	for (int i = 0; i < 64 * 64; i++)
		gemm.a[i] = gemm.b[i] = (float)(i % 7 + 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	memcpy(good, gemm.d, sizeof(good));
	/* A flip waits for a node that has weights. */
	assert_true(harness_command(f->harness, "inject flip-weight bit=31"));
	assert_int_equal(driver_run(&f->queue, &move), TSR_HW_ERR_NONE);
	assert_int_equal(driver_run(&f->queue, &(struct tsr_hw_job){ 0 }) != TSR_HW_ERR_NONE, 1);
	assert_int_equal(driver_queue_destroy(&f->queue), TSR_HW_ERR_NONE);
	assert_int_equal(driver_queue_create(&f->queue, &f->driver, 1, 1, 0), TSR_HW_ERR_NONE);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_memory_not_equal(good, gemm.d, sizeof(good));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_memory_equal(good, gemm.d, sizeof(good));
}

static void a_dropped_interrupt_is_lost_once(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);
	struct harness *h = f->harness;

	f->driver.events->arm = 1;
	assert_true(harness_settle(h));
	while (harness_take_irq(h, 1))
		;
	assert_true(harness_command(h, "inject drop-irq"));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_settle(h));
	assert_false(harness_take_irq(h, 1));
	f->driver.events->arm = 2;
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_true(harness_wait_irq(h, 1));
	assert_int_equal(harness_counter(h, "interrupts_dropped"), 1);
}

static void a_corrupted_completion_is_garbage_once(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);
	uint32_t seq;

	assert_true(harness_command(f->harness, "inject corrupt-completion"));
	seq = submit(f, &job);
	assert_non_null(driver_wait(&f->queue, seq));
	assert_int_not_equal(f->queue.done->slot[1].seq, seq);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

static void a_shifted_completion_is_wrong_in_that_word_only(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);
	uint32_t seq;

	assert_true(harness_command(f->harness, "inject corrupt-completion seq=5"));
	seq = submit(f, &job);
	assert_non_null(driver_wait(&f->queue, seq));
	assert_int_equal(f->queue.done->slot[1].seq, seq + 5);
	assert_int_equal(f->queue.done->slot[1].error, TSR_HW_ERR_NONE);
	assert_int_equal(f->queue.done->completed, seq);
	assert_true(harness_command(f->harness, "inject corrupt-completion completed=7"));
	seq = submit(f, &job);
	assert_non_null(driver_wait(&f->queue, seq));
	assert_int_equal(f->queue.done->slot[2].seq, seq);
	assert_int_equal(f->queue.done->completed, seq + 7);
}

static void a_device_that_is_gone_reads_all_ones(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);
	struct harness *h = f->harness;
	uint64_t val = 0;

	assert_true(harness_command(h, "all-ones on"));
	assert_int_equal(harness_read32(h, TSR_HW_REG_ID), 0xffffffff);
	assert_int_equal(harness_read32(h, TSR_HW_REG_STATUS), 0xffffffff);
	assert_true(harness_access(h, TSR_HW_BAR_DOORBELLS, 0, 4, false, &val));
	assert_int_equal(val, 0xffffffff);
	for (unsigned int size = 1; size <= 8; size *= 2) {
		assert_true(harness_access(h, TSR_HW_BAR_REGS, 8, size, false, &val));
		assert_int_equal(val, size == 8 ? UINT64_MAX : (1ull << 8 * size) - 1);
	}
	submit(f, &job);
	assert_true(harness_settle(h));
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_command(h, "all-ones off"));
	assert_int_equal(harness_read32(h, TSR_HW_REG_ID), TSR_HW_ID_MAGIC);
	driver_ring(&f->queue);
	assert_non_null(driver_wait(&f->queue, 1));
}

static void a_device_that_is_gone_leaves_memory_alone(void **state)
{
	struct fixture *f = *state;
	struct fixture_endless endless;
	struct tsr_hw_job job = fixture_endless(f, &endless, 1, FIXTURE_ENDLESS_ROWS);
	volatile float *results = endless.d;

	fixture_start(f, &job);
	while (results[0] == 0)
		sleep_ms(1);
	assert_true(harness_command(f->harness, "all-ones on"));
	for (size_t i = 0; i < FIXTURE_ENDLESS_ROWS; i++)
		results[i] = -1;
	/* The node's next access fails. */
	while (harness_counter(f->harness, "faults") == 0)
		sleep_ms(1);
	for (size_t i = 0; i < FIXTURE_ENDLESS_ROWS; i++)
		assert_true(results[i] == -1);
	assert_int_equal(f->queue.done->completed, 0);
	assert_true(harness_command(f->harness, "all-ones off"));
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
}

static void a_malicious_device_survives_itself(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 2);

	assert_true(harness_command(f->harness, "malicious seed=5 on"));
	for (int i = 0; i < 40; i++)
		submit(f, &job);
	assert_true(harness_settle(f->harness));
	assert_true(harness_command(f->harness, "malicious off"));
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	job = fixture_nop(f, 2);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

static void advancing_moves_the_device_clock(void **state)
{
	struct fixture *f = *state;
	uint64_t before;

	assert_true(harness_settle(f->harness));
	before = harness_counter(f->harness, "device_cycles");
	assert_true(harness_command(f->harness, "advance 1000000"));
	assert_true(harness_settle(f->harness));
	assert_int_equal(harness_counter(f->harness, "device_cycles"), before + 1000000);
}

static void an_injected_crash_is_a_hardware_error(void **state)
{
	struct fixture *f = *state;

	assert_true(harness_command(f->harness, "inject firmware-crash"));
	assert_true(harness_wait_state(f->harness, TSR_HW_STATE_FATAL));
	assert_int_equal(harness_read32(f->harness, TSR_HW_REG_FATAL_CAUSE), 19);
}

static void an_injected_fault_outlives_a_reset_and_fires_once(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job;

	assert_true(harness_command(f->harness, "inject engine-error"));
	assert_true(harness_reset(f->harness));
	assert_true(fixture_boot(f));
	job = fixture_nop(f, 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_ENGINE);
	assert_int_equal(driver_queue_destroy(&f->queue), TSR_HW_ERR_NONE);
	assert_int_equal(driver_queue_create(&f->queue, &f->driver, 1, 1, 0), TSR_HW_ERR_NONE);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

static void a_fault_that_is_disarmed_does_not_fire(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 1);

	assert_true(harness_command(f->harness, "inject engine-error"));
	assert_true(harness_command(f->harness, "inject hang"));
	assert_true(harness_command(f->harness, "inject nothing"));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
}

static uint64_t status_of(struct fixture *f, const char *name)
{
	struct json_object *reply;
	struct json_object *val;
	uint64_t number = UINT64_MAX;
	char *text = harness_reply(f->harness, CONTROL_HOST, "status", -1);

	assert_non_null(text);
	reply = json_tokener_parse(text);
	free(text);
	if (json_object_object_get_ex(reply, name, &val))
		number = json_object_get_uint64(val);
	json_object_put(reply);
	return number;
}

static void a_device_is_asleep_when_only_the_host_can_wake_it(void **state)
{
	struct fixture *f = *state;
	struct fixture_endless endless;
	struct tsr_hw_job job = fixture_nop(f, 1);

	assert_true(harness_command(f->harness, "hold"));
	fixture_start(f, &job);
	assert_true(harness_settle(f->harness));
	assert_int_equal(status_of(f, "asleep"), 1);
	assert_int_equal(status_of(f, "engines_busy"), 1);
	assert_true(harness_command(f->harness, "release"));
	assert_non_null(driver_wait(&f->queue, 1));
	job = fixture_endless(f, &endless, 1, 1);
	fixture_start(f, &job);
	for (int i = 0; i < 100; i++)
		assert_int_equal(status_of(f, "asleep"), 0);
	assert_true(harness_reset(f->harness));
	assert_true(harness_settle(f->harness));
}

static void resets_and_boots_are_counted(void **state)
{
	struct fixture *f = *state;
	uint64_t resets = status_of(f, "resets"), boots = status_of(f, "boots");

	assert_true(harness_reset(f->harness));
	assert_int_equal(status_of(f, "resets"), resets + 1);
	assert_int_equal(status_of(f, "boots"), boots);
	assert_true(fixture_boot(f));
	assert_int_equal(status_of(f, "boots"), boots + 1);
}

static void a_fault_is_armed_until_it_fires(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 2);

	assert_int_equal(status_of(f, "armed"), 0);
	assert_true(harness_command(f->harness, "inject engine-error node=1"));
	assert_int_equal(status_of(f, "armed"), 1);
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_ENGINE);
	assert_int_equal(status_of(f, "armed"), 0);
	assert_true(harness_command(f->harness, "inject hang"));
	assert_true(harness_command(f->harness, "inject nothing"));
	assert_int_equal(status_of(f, "armed"), 0);
}

/* The node is one of the next 16, chosen by the seed. */
static void a_random_hang_hits_the_node_of_its_seed(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 16);
	struct tsr_hw_admin kill = { .op = TSR_HW_ADMIN_QUEUE_KILL, .queue = 1 };
	const struct tsr_hw_completion *slot;
	uint64_t seed = 7;
	uint32_t node = random_next(&seed) % 16;
	uint32_t seq;

	assert_true(harness_command(f->harness, "inject hang node=random seed=7"));
	seq = submit(f, &job);
	assert_true(harness_settle(f->harness));
	assert_int_equal(f->queue.done->progress, node);
	assert_int_equal(driver_admin(&f->driver, &kill), TSR_HW_ERR_NONE);
	slot = driver_wait(&f->queue, seq);
	assert_non_null(slot);
	assert_int_equal(slot->error, TSR_HW_ERR_KILLED);
	assert_int_equal(slot->node, node);
}

static void counters_count_and_reset(void **state)
{
	struct fixture *f = *state;
	struct tsr_hw_job job = fixture_nop(f, 3);

	assert_true(harness_command(f->harness, "reset-counters"));
	assert_int_equal(driver_run(&f->queue, &job), TSR_HW_ERR_NONE);
	assert_int_equal(harness_counter(f->harness, "mmio_writes"), 1);
	assert_int_equal(harness_counter(f->harness, "mmio_reads"), 0);
	assert_int_equal(harness_counter(f->harness, "doorbells"), 1);
	assert_int_equal(harness_counter(f->harness, "nodes_nop"), 3);
	assert_int_equal(harness_counter(f->harness, "blocks"), 3);
	harness_doorbell(f->harness, 1, 1000);
	harness_read32(f->harness, TSR_HW_REG_ID);
	assert_int_equal(harness_counter(f->harness, "bad_doorbells"), 1);
	assert_true(harness_counter(f->harness, "firmware_instructions") > 100);
}

static void nonsense_is_answered_with_an_error(void **state)
{
	static const char *const lines[] = {
		"", "nonsense", "step x", "advance", "advance -1", "inject", "inject hang node=x",
		"inject nonsense", "inject dma-error nonsense", "all-ones", "malicious seed= on",
		"inject flip-weight bit=-3", "a b c d e f g h i j k l m n o p",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(harness_command(f->harness, lines[i]));
	assert_true(harness_command(f->harness, "status"));
	assert_true(harness_command(f->harness, "fuses"));
	assert_true(harness_command(f->harness, "transport"));
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(addr.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

static void expect_reply(int fd)
{
	char reply[8192];
	size_t used = 0;
	ssize_t n;

	do {
		n = recv(fd, reply + used, sizeof(reply) - used - 1, 0);
		assert_true(n > 0);
		used += (size_t)n;
	} while (reply[used - 1] != '\n');
	reply[used] = '\0';
	assert_int_equal(reply[0], '{');
	assert_non_null(strstr(reply, "\"ok\":true"));
}

static void several_clients_are_served_and_long_lines_are_dropped(void **state)
{
	static const char path[] = "control";
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	struct control *control;
	static char noise[8192];
	int first;
	int second;

	unlink(path);
	config.fd[CONTROL_HOST] = listener_open(path, 4);
	assert_int_equal(control_start(&config, &control), 0);
	first = connect_to(path);
	second = connect_to(path);
	assert_int_equal(send(second, "status\nsta", 10, 0), 10);
	expect_reply(second);
	assert_int_equal(send(first, "counters\n", 9, 0), 9);
	expect_reply(first);
	assert_int_equal(send(second, "tus\n", 4, 0), 4);
	expect_reply(second);
	memset(noise, 'x', sizeof(noise));
	send(first, noise, sizeof(noise), MSG_NOSIGNAL);
	assert_true(recv(first, noise, sizeof(noise), 0) <= 0);
	assert_int_equal(send(second, "status\n", 7, 0), 7);
	expect_reply(second);
	close(first);
	close(second);
	control_stop(control);
	assert_int_equal(unlink(path), 0);
}

static void sixteen_clients_and_lines_of_4095_bytes_are_served(void **state)
{
	static const char path[] = "control-limit";
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	struct control *control;
	static char line[4096];
	int client[17];

	unlink(path);
	config.fd[CONTROL_HOST] = listener_open(path, 32);
	assert_int_equal(control_start(&config, &control), 0);
	memset(line, ' ', sizeof(line));
	memcpy(line, "status", 6);
	line[4095] = '\n';
	for (int i = 0; i < 16; i++) {
		client[i] = connect_to(path);
		assert_int_equal(send(client[i], line, sizeof(line), 0), sizeof(line));
		expect_reply(client[i]);
	}
	client[16] = connect_to(path);
	assert_true(recv(client[16], line, 1, 0) <= 0);
	for (int i = 0; i < 17; i++)
		close(client[i]);
	control_stop(control);
	assert_int_equal(unlink(path), 0);
}

static unsigned int open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* With lines that have not ended. */
static void the_end_of_the_socket_is_that_of_its_clients(void **state)
{
	static const char path[] = "control-end";
	unsigned int before = open_descriptors();
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	struct control *control;
	int client[16];
	char byte;

	config.fd[CONTROL_HOST] = listener_open(path, 32);
	assert_int_equal(control_start(&config, &control), 0);
	for (int i = 0; i < 16; i++) {
		client[i] = connect_to(path);
		assert_int_equal(send(client[i], "status\nsta", 10, 0), 10);
		expect_reply(client[i]);
	}
	control_stop(control);
	for (int i = 0; i < 16; i++) {
		assert_int_equal(recv(client[i], &byte, 1, 0), 0);
		close(client[i]);
	}
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(unlink(path), 0);
}

/*
 * Its own descriptor may have any number, as in a process that was started
 * without a standard input.
 */
static void it_starts_without_a_standard_input(void **state)
{
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	struct control *control = NULL;
	int input = no_input_begin();
	int ret = control_start(&config, &control);

	control_stop(control);
	no_input_end(input);
	assert_int_equal(ret, 0);
}

/* What the server accepts while it runs. */
static void a_client_may_have_number_0(void **state)
{
	static const char path[] = "control-zero";
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct control *control;
	bool open;
	int input;

	strcpy(addr.sun_path, path);
	config.fd[CONTROL_HOST] = listener_open(path, 4);
	assert_int_equal(control_start(&config, &control), 0);
	input = no_input_begin();
	assert_int_equal(connect(client, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(send(client, "status\n", 7, 0), 7);
	expect_reply(client);
	open = number_0_is_open();
	control_stop(control);
	assert_false(number_0_is_open());
	no_input_end(input);
	assert_true(open);
	close(client);
	assert_int_equal(unlink(path), 0);
}

/* Part of a line and a descriptor. */
static void send_with(int to, const char *text, int fd)
{
	struct iovec part = { (char *)text, strlen(text) };
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(fd))];
	} passed = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(fd)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	const struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = passed.bytes, .msg_controllen = sizeof(passed.bytes),
	};

	memcpy(CMSG_DATA(&passed.head), &fd, sizeof(fd));
	assert_int_equal(sendmsg(to, &msg, MSG_NOSIGNAL), strlen(text));
}

/* The first of a command is kept until its reply, the others are not, and then it is closed too. */
static void a_descriptor_that_is_passed_may_have_number_0(void **state)
{
	static const char path[] = "control-passed";
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	struct control *control;
	unsigned int before;
	bool left;
	int client;
	int input;

	config.fd[CONTROL_HOST] = listener_open(path, 4);
	assert_int_equal(control_start(&config, &control), 0);
	client = connect_to(path);
	assert_int_equal(send(client, "status\n", 7, 0), 7);
	expect_reply(client);
	input = no_input_begin();
	before = open_descriptors();
	send_with(client, "sta", STDERR_FILENO);
	send_with(client, "tus\n", STDERR_FILENO);
	expect_reply(client);
	/* It is closed behind its reply, before the next command. */
	assert_int_equal(send(client, "status\n", 7, 0), 7);
	expect_reply(client);
	left = number_0_is_open();
	assert_int_equal(open_descriptors(), before);
	no_input_end(input);
	assert_false(left);
	close(client);
	control_stop(control);
	assert_int_equal(unlink(path), 0);
}

/* What a client had not ended is nothing to the one behind it. */
static void a_client_begins_with_an_empty_line(void **state)
{
	static const char path[] = "control-again";
	struct fixture *f = *state;
	struct control_config config = { harness_device(f->harness), { -1, -1, -1 } };
	struct control *control;

	config.fd[CONTROL_HOST] = listener_open(path, 32);
	assert_int_equal(control_start(&config, &control), 0);
	for (int i = 0; i < 40; i++) {
		int fd = connect_to(path);

		assert_int_equal(send(fd, "status\nnonsense", 15, 0), 15);
		expect_reply(fd);
		close(fd);
	}
	control_stop(control);
	assert_int_equal(unlink(path), 0);
}

#define CONTROL_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTROL_TEST(held_completions_wait_for_release),
		CONTROL_TEST(a_step_lets_one_completion_pass),
		CONTROL_TEST(a_held_job_can_be_killed),
		CONTROL_TEST(an_injected_hang_hits_the_node_named),
		CONTROL_TEST(resets_and_boots_are_counted),
		CONTROL_TEST(a_fault_is_armed_until_it_fires),
		CONTROL_TEST(an_injected_engine_error_ends_the_job),
		CONTROL_TEST(an_injected_dma_error_is_a_bus_fault),
		CONTROL_TEST(a_flipped_result_bit_is_one_bit_once),
		CONTROL_TEST(a_flipped_weight_bit_changes_the_result),
		CONTROL_TEST(a_dropped_interrupt_is_lost_once),
		CONTROL_TEST(a_corrupted_completion_is_garbage_once),
		CONTROL_TEST(a_shifted_completion_is_wrong_in_that_word_only),
		CONTROL_TEST(a_device_that_is_gone_reads_all_ones),
		CONTROL_TEST(a_device_that_is_gone_leaves_memory_alone),
		CONTROL_TEST(a_malicious_device_survives_itself),
		CONTROL_TEST(advancing_moves_the_device_clock),
		CONTROL_TEST(an_injected_crash_is_a_hardware_error),
		CONTROL_TEST(an_injected_fault_outlives_a_reset_and_fires_once),
		CONTROL_TEST(a_fault_that_is_disarmed_does_not_fire),
		CONTROL_TEST(a_device_is_asleep_when_only_the_host_can_wake_it),
		CONTROL_TEST(a_random_hang_hits_the_node_of_its_seed),
		CONTROL_TEST(counters_count_and_reset),
		CONTROL_TEST(nonsense_is_answered_with_an_error),
		CONTROL_TEST(sixteen_clients_and_lines_of_4095_bytes_are_served),
		CONTROL_TEST(the_end_of_the_socket_is_that_of_its_clients),
		CONTROL_TEST(it_starts_without_a_standard_input),
		CONTROL_TEST(a_client_may_have_number_0),
		CONTROL_TEST(a_descriptor_that_is_passed_may_have_number_0),
		CONTROL_TEST(a_client_begins_with_an_empty_line),
		CONTROL_TEST(several_clients_are_served_and_long_lines_are_dropped),
	};

	own_folder_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
