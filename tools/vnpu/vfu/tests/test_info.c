// SPDX-License-Identifier: MIT
#include <errno.h>
#include <linux/vfio.h>

#include "cmocka_prelude.h"
#include "session.h"

static struct vfu_region_info region_info(struct session *s, uint32_t index)
{
	struct vfu_region_info request = { .argsz = sizeof(request), .index = index };
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_GET_REGION_INFO, &request, sizeof(request), &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
	assert_int_equal(reply.size, sizeof(request));
	return *(const struct vfu_region_info *)(const void *)reply.payload;
}

static uint32_t irq_count(struct session *s, uint32_t index)
{
	struct vfu_irq_info request = { .argsz = sizeof(request), .index = index };
	const struct vfu_irq_info *info;
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_GET_IRQ_INFO, &request, sizeof(request), &reply));
	assert_int_equal(reply.size, sizeof(request));
	info = (const void *)reply.payload;
	assert_int_equal(info->flags, VFIO_IRQ_INFO_EVENTFD);
	assert_int_equal(info->index, index);
	return info->count;
}

static void expect_error(struct session *s, uint16_t command, const void *payload, uint32_t size)
{
	struct client_reply reply;

	assert_true(client_call(s->fd, command, payload, size, &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY | VFU_FLAG_ERROR);
	assert_int_equal(reply.header.error, EINVAL);
	assert_int_equal(reply.size, 0);
}

static void device_is_a_pci_device_with_reset(void **state)
{
	struct session *s = *state;
	struct vfu_device_info request = { .argsz = sizeof(request) };
	const struct vfu_device_info *info;
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_GET_INFO, &request, sizeof(request), &reply));
	info = (const void *)reply.payload;
	assert_int_equal(info->flags, VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET);
	assert_int_equal(info->num_regions, VFIO_PCI_NUM_REGIONS);
	assert_int_equal(info->num_irqs, VFIO_PCI_NUM_IRQS);
}

static void regions_have_their_sizes_and_cannot_be_mapped(void **state)
{
	static const uint64_t sizes[VFIO_PCI_NUM_REGIONS] = {
		[VFIO_PCI_BAR0_REGION_INDEX] = DEVICE_BAR0_SIZE,
		[VFIO_PCI_BAR2_REGION_INDEX] = DEVICE_BAR2_SIZE,
		[VFIO_PCI_BAR4_REGION_INDEX] = 0x2000,
		[VFIO_PCI_CONFIG_REGION_INDEX] = 4096,
	};
	struct vfu_region_info info;
	uint32_t i;

	for (i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		info = region_info(*state, i);
		assert_int_equal(info.size, sizes[i]);
		assert_int_equal(info.index, i);
		assert_int_equal(info.flags, sizes[i] ? VFIO_REGION_INFO_FLAG_READ |
				 VFIO_REGION_INFO_FLAG_WRITE : 0);
	}
}

static void interrupts_are_msix_vectors_and_notifiers(void **state)
{
	assert_int_equal(irq_count(*state, VFIO_PCI_INTX_IRQ_INDEX), 0);
	assert_int_equal(irq_count(*state, VFIO_PCI_MSI_IRQ_INDEX), 0);
	assert_int_equal(irq_count(*state, VFIO_PCI_MSIX_IRQ_INDEX), DEVICE_VECTORS);
	assert_int_equal(irq_count(*state, VFIO_PCI_ERR_IRQ_INDEX), 1);
	assert_int_equal(irq_count(*state, VFIO_PCI_REQ_IRQ_INDEX), 1);
}

static void single_msi_device_has_one_vector_and_no_table(void **state)
{
	assert_int_equal(irq_count(*state, VFIO_PCI_MSI_IRQ_INDEX), 1);
	assert_int_equal(irq_count(*state, VFIO_PCI_MSIX_IRQ_INDEX), 0);
	assert_int_equal(region_info(*state, VFIO_PCI_BAR4_REGION_INDEX).size, 0);
}

static void bad_queries_are_refused(void **state)
{
	struct vfu_device_info device = { .argsz = 15 };
	struct vfu_region_info region = { .argsz = 31 };
	struct vfu_irq_info irq = { .argsz = 15 };

	expect_error(*state, VFU_CMD_GET_INFO, &device, sizeof(device));
	expect_error(*state, VFU_CMD_GET_INFO, &device, 8);
	expect_error(*state, VFU_CMD_GET_REGION_INFO, &region, sizeof(region));
	expect_error(*state, VFU_CMD_GET_IRQ_INFO, &irq, sizeof(irq));
	region = (struct vfu_region_info){ .argsz = 32, .index = VFIO_PCI_NUM_REGIONS };
	expect_error(*state, VFU_CMD_GET_REGION_INFO, &region, sizeof(region));
	irq = (struct vfu_irq_info){ .argsz = 16, .index = VFIO_PCI_NUM_IRQS };
	expect_error(*state, VFU_CMD_GET_IRQ_INFO, &irq, sizeof(irq));
}

static void larger_argsz_gets_the_same_answer(void **state)
{
	struct session *s = *state;
	struct vfu_region_info request = { .argsz = 4096, .index = 0 };
	struct client_reply reply;

	assert_true(client_call(s->fd, VFU_CMD_GET_REGION_INFO, &request, sizeof(request), &reply));
	assert_int_equal(reply.size, 32);
	assert_int_equal(((const struct vfu_region_info *)(const void *)reply.payload)->argsz, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(device_is_a_pci_device_with_reset),
		SESSION_TEST(regions_have_their_sizes_and_cannot_be_mapped),
		SESSION_TEST(interrupts_are_msix_vectors_and_notifiers),
		cmocka_unit_test_setup_teardown(single_msi_device_has_one_vector_and_no_table,
						session_setup_msi, session_teardown),
		SESSION_TEST(bad_queries_are_refused),
		SESSION_TEST(larger_argsz_gets_the_same_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
