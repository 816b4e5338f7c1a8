// SPDX-License-Identifier: MIT
#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "session.h"
#include "tests/no_input.h"
#include "vfu/irq.h"

#define ASSIGN (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define DISABLE (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)
#define CHOOSE (VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER)
#define MSIX VFIO_PCI_MSIX_IRQ_INDEX

/* Send SET_IRQS; errno of the answer. */
static int set_irqs(struct session *s, uint32_t flags, uint32_t index, uint32_t start,
		    uint32_t count, const int *fds, unsigned int fd_count)
{
	struct vfu_irq_set set = {
		.argsz = sizeof(set), .flags = flags, .index = index, .start = start,
		.count = count,
	};
	struct client_reply reply;

	assert_true(client_call_fds(s->fd, VFU_CMD_SET_IRQS, &set, sizeof(set), fds, fd_count,
				    &reply));
	return (int)reply.header.error;
}

static int new_eventfd(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* How often the eventfd was signalled since the last look. */
static uint64_t signals(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

static void raised_vector_signals_its_eventfd(void **state)
{
	struct session *s = *state;
	int fds[2] = { new_eventfd(), new_eventfd() };

	session_set_bus_master(s, true);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 3, 2, fds, 2), 0);
	assert_true(s->device.vector_enabled[3] && s->device.vector_enabled[4]);
	assert_int_equal(vfu_irq_raise(s->vfu, 4), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 4), 0);
	assert_int_equal(signals(fds[0]), 0);
	assert_int_equal(signals(fds[1]), 2);
	assert_int_equal(session_counters(s).irqs, 2);
	close(fds[0]);
	close(fds[1]);
}

static void interrupt_without_bus_mastering_is_lost(void **state)
{
	struct session *s = *state;
	int fd = new_eventfd();

	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 1, &fd, 1), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 0), -EPERM);
	session_set_bus_master(s, true);
	assert_int_equal(signals(fd), 0);
	assert_int_equal(session_counters(s).irqs_dropped, 1);
	close(fd);
}

static uint64_t pending_bits(struct session *s)
{
	uint64_t bits;

	assert_int_equal(client_read(s->fd, 4, 0x1000, 8, &bits), 0);
	return bits;
}

static void vector_without_eventfd_is_pending_until_assigned(void **state)
{
	struct session *s = *state;
	int fd = new_eventfd();

	session_set_bus_master(s, true);
	assert_int_equal(vfu_irq_raise(s->vfu, 2), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 2), 0);
	assert_int_equal(pending_bits(s), 1 << 2);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 2, 1, &fd, 1), 0);
	assert_int_equal(signals(fd), 1);
	assert_int_equal(pending_bits(s), 0);
	close(fd);
}

/* Byte by byte, as a table of bits is read as well. */
static void each_vector_has_a_pending_bit(void **state)
{
	struct session *s = *state;
	uint64_t byte;

	session_set_bus_master(s, true);
	for (unsigned int i = 0; i < DEVICE_VECTORS; i++) {
		assert_int_equal(vfu_irq_raise(s->vfu, i), 0);
		assert_int_equal(pending_bits(s), (2u << i) - 1);
		assert_int_equal(client_read(s->fd, 4, 0x1000 + i / 8, 1, &byte), 0);
		assert_int_equal(byte, (2u << i % 8) - 1);
	}
	assert_int_equal(client_read(s->fd, 4, 0x1002, 1, &byte), 0);
	assert_int_equal(byte, 0);
}

static void disable_removes_all_vectors(void **state)
{
	static const unsigned int vectors[] = { 0, 1, DEVICE_VECTORS - 1 };
	struct session *s = *state;
	int fd = new_eventfd();

	session_set_bus_master(s, true);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(set_irqs(s, ASSIGN, MSIX, vectors[i], 1, &fd, 1), 0);
	assert_int_equal(s->device.vector_reports, 3);
	assert_int_equal(set_irqs(s, DISABLE, MSIX, 0, 0, NULL, 0), 0);
	assert_int_equal(s->device.vector_reports, 3 + DEVICE_VECTORS);
	for (unsigned int i = 0; i < 3; i++) {
		assert_false(s->device.vector_enabled[vectors[i]]);
		assert_int_equal(vfu_irq_raise(s->vfu, vectors[i]), 0);
	}
	assert_int_equal(signals(fd), 0);
	close(fd);
}

static void disabling_drops_what_is_pending(void **state)
{
	struct session *s = *state;

	session_set_bus_master(s, true);
	assert_int_equal(vfu_irq_raise(s->vfu, 0), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, DEVICE_VECTORS - 1), 0);
	/* Those of the error notifier are others. */
	assert_int_equal(set_irqs(s, DISABLE, VFIO_PCI_ERR_IRQ_INDEX, 0, 0, NULL, 0), 0);
	assert_int_equal(pending_bits(s), 1 | 1 << (DEVICE_VECTORS - 1));
	assert_int_equal(s->device.vector_reports, 0);
	assert_int_equal(set_irqs(s, DISABLE, MSIX, 0, 0, NULL, 0), 0);
	assert_int_equal(pending_bits(s), 0);
}

static void only_assigned_vectors_are_reported(void **state)
{
	struct session *s = *state;
	int fds[3] = { new_eventfd(), new_eventfd(), new_eventfd() };

	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 4, 3, fds, 3), 0);
	assert_int_equal(s->device.vector_reports, 3);
	/* Fewer descriptors than the message before had. */
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 4, 1, fds, 1), 0);
	assert_int_equal(s->device.vector_reports, 4);
	assert_int_equal(set_irqs(s, ASSIGN, VFIO_PCI_ERR_IRQ_INDEX, 0, 1, fds, 1), 0);
	assert_int_equal(s->device.vector_reports, 4);
	for (unsigned int i = 0; i < 3; i++)
		close(fds[i]);
}

static void assignment_without_descriptors_removes_vectors(void **state)
{
	struct session *s = *state;
	int fd = new_eventfd();

	session_set_bus_master(s, true);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 1, &fd, 1), 0);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 1, NULL, 0), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 0), 0);
	assert_int_equal(signals(fd), 0);
	close(fd);
}

static void client_can_trigger_a_vector(void **state)
{
	struct session *s = *state;
	struct {
		struct vfu_irq_set set;
		uint8_t chosen[2];
	} __attribute__((packed)) chosen = {
		.set = { .argsz = 22, .flags = CHOOSE, .index = MSIX, .start = 0, .count = 2 },
		.chosen = { 0, 1 },
	};
	int fds[2] = { new_eventfd(), new_eventfd() };
	struct client_reply reply;

	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 2, fds, 2), 0);
	assert_int_equal(set_irqs(s, DISABLE, MSIX, 0, 1, NULL, 0), 0);
	assert_int_equal(signals(fds[0]), 1);
	assert_true(client_call(s->fd, VFU_CMD_SET_IRQS, &chosen, sizeof(chosen), &reply));
	assert_int_equal(reply.header.error, 0);
	assert_int_equal(signals(fds[0]), 0);
	assert_int_equal(signals(fds[1]), 1);
	close(fds[0]);
	close(fds[1]);
}

static void notifiers_are_accepted_and_never_triggered(void **state)
{
	struct session *s = *state;
	int fd = new_eventfd();

	assert_int_equal(set_irqs(s, ASSIGN, VFIO_PCI_ERR_IRQ_INDEX, 0, 1, &fd, 1), 0);
	assert_int_equal(set_irqs(s, ASSIGN, VFIO_PCI_REQ_IRQ_INDEX, 0, 1, &fd, 1), 0);
	assert_int_equal(set_irqs(s, DISABLE, VFIO_PCI_ERR_IRQ_INDEX, 0, 1, NULL, 0), EINVAL);
	session_disconnect(s);
	assert_int_equal(signals(fd), 0);
	close(fd);
}

static void bad_requests_are_refused(void **state)
{
	struct session *s = *state;
	int fds[3] = { new_eventfd(), new_eventfd(), new_eventfd() };

	assert_int_equal(set_irqs(s, ASSIGN, 5, 0, 1, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN, VFIO_PCI_MSI_IRQ_INDEX, 0, 1, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, DEVICE_VECTORS, 1, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, UINT32_MAX, 2, fds, 2), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, UINT32_MAX, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 2, fds, 3), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 0, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, DISABLE, MSIX, 0, 1, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, DISABLE, MSIX, 1, 0, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(s, CHOOSE, MSIX, 0, 2, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(s, 0, MSIX, 0, 1, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(s, VFIO_IRQ_SET_ACTION_TRIGGER, MSIX, 0, 1, NULL, 0), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN | DISABLE, MSIX, 0, 1, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, ASSIGN | 1u << 31, MSIX, 0, 1, fds, 1), EINVAL);
	assert_int_equal(set_irqs(s, VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK, MSIX, 0, 1,
				  NULL, 0), EINVAL);
	close(fds[0]);
	close(fds[1]);
	close(fds[2]);
}

/* The size that is told, that of the message, and both. */
static void requests_of_another_size_are_refused(void **state)
{
	static const struct {
		uint32_t argsz;
		uint32_t size;
		uint32_t error;
	} cases[] = {
		{ 22, 22, 0 }, { 21, 22, EINVAL }, { 22, 23, EINVAL }, { 23, 23, EINVAL },
		{ 20, 22, EINVAL }, { 22, 20, EINVAL },
	};
	struct session *s = *state;
	struct client_reply reply;

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vfu_irq_set set = {
			.argsz = cases[i].argsz, .flags = CHOOSE, .index = MSIX, .count = 2,
		};
		uint8_t bytes[32] = { 0 };

		memcpy(bytes, &set, sizeof(set));
		assert_true(client_call(s->fd, VFU_CMD_SET_IRQS, bytes, cases[i].size, &reply));
		assert_int_equal(reply.header.error, cases[i].error);
	}
}

static void descriptor_that_is_no_eventfd_is_refused(void **state)
{
	struct session *s = *state;
	int pipes[2];

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 1, &pipes[1], 1), EINVAL);
	close(pipes[0]);
	close(pipes[1]);
}

static void a_vector_may_have_number_0(void **state)
{
	struct session *s = *state;
	int fd = new_eventfd();
	int input, error;
	bool open, enabled, closed;

	session_set_bus_master(s, true);
	input = no_input_begin();
	error = set_irqs(s, ASSIGN, MSIX, 2, 1, &fd, 1);
	open = number_0_is_open();
	enabled = s->device.vector_enabled[2];
	vfu_irq_raise(s->vfu, 2);
	set_irqs(s, DISABLE, MSIX, 0, 0, NULL, 0);
	closed = !number_0_is_open();
	no_input_end(input);
	assert_int_equal(error, 0);
	assert_true(open && closed);
	assert_true(enabled);
	assert_int_equal(signals(fd), 1);
	close(fd);
}

static void vectors_that_are_left_are_closed_with_the_others(void **state)
{
	struct vfu_irqs irqs;
	int fds[2] = { new_eventfd(), new_eventfd() };
	unsigned int before = open_fd_count();

	(void)state;
	vfu_irq_init(&irqs, VFU_IRQ_MSIX, 4);
	vfu_irq_assign(&irqs, MSIX, 3, fds[0]);
	vfu_irq_assign(&irqs, VFIO_PCI_ERR_IRQ_INDEX, 0, fds[1]);
	vfu_irq_fini(&irqs);
	assert_int_equal(open_fd_count(), before - 2);
}

static void full_eventfd_does_not_block(void **state)
{
	struct session *s = *state;
	int fd = eventfd(0, EFD_CLOEXEC);
	uint64_t full = UINT64_MAX - 1;

	assert_int_equal(write(fd, &full, sizeof(full)), sizeof(full));
	session_set_bus_master(s, true);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 1, &fd, 1), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 0), 0);
	close(fd);
}

static void vector_out_of_range_is_refused(void **state)
{
	struct session *s = *state;

	assert_int_equal(vfu_irq_raise(s->vfu, DEVICE_VECTORS), -EINVAL);
}

static void reset_forgets_pending_but_keeps_eventfds(void **state)
{
	struct session *s = *state;
	struct client_reply reply;
	int fd = new_eventfd();

	session_set_bus_master(s, true);
	assert_int_equal(set_irqs(s, ASSIGN, MSIX, 0, 1, &fd, 1), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 1), 0);
	assert_true(client_call(s->fd, VFU_CMD_RESET, NULL, 0, &reply));
	assert_int_equal(pending_bits(s), 0);
	session_set_bus_master(s, true);
	assert_int_equal(vfu_irq_raise(s->vfu, 0), 0);
	assert_int_equal(signals(fd), 1);
	close(fd);
}

static void single_msi_is_delivered(void **state)
{
	struct session *s = *state;
	int fd = new_eventfd();

	session_set_bus_master(s, true);
	assert_int_equal(set_irqs(s, ASSIGN, VFIO_PCI_MSI_IRQ_INDEX, 0, 1, &fd, 1), 0);
	assert_int_equal(vfu_irq_raise(s->vfu, 0), 0);
	assert_int_equal(signals(fd), 1);
	assert_int_equal(vfu_irq_raise(s->vfu, 1), -EINVAL);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(raised_vector_signals_its_eventfd),
		SESSION_TEST(interrupt_without_bus_mastering_is_lost),
		SESSION_TEST(vector_without_eventfd_is_pending_until_assigned),
		SESSION_TEST(each_vector_has_a_pending_bit),
		SESSION_TEST(disable_removes_all_vectors),
		SESSION_TEST(disabling_drops_what_is_pending),
		SESSION_TEST(only_assigned_vectors_are_reported),
		SESSION_TEST(assignment_without_descriptors_removes_vectors),
		SESSION_TEST(client_can_trigger_a_vector),
		SESSION_TEST(notifiers_are_accepted_and_never_triggered),
		SESSION_TEST(bad_requests_are_refused),
		SESSION_TEST(requests_of_another_size_are_refused),
		SESSION_TEST(descriptor_that_is_no_eventfd_is_refused),
		SESSION_TEST(a_vector_may_have_number_0),
		cmocka_unit_test(vectors_that_are_left_are_closed_with_the_others),
		SESSION_TEST(full_eventfd_does_not_block),
		SESSION_TEST(vector_out_of_range_is_refused),
		SESSION_TEST(reset_forgets_pending_but_keeps_eventfds),
		cmocka_unit_test_setup_teardown(single_msi_is_delivered, session_setup_msi,
						session_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
