// SPDX-License-Identifier: MIT
#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "cmocka_prelude.h"
#include "session.h"

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX

static uint32_t config_read(struct session *s, uint32_t offset, uint32_t size)
{
	uint64_t val;

	assert_int_equal(client_read(s->fd, CONFIG, offset, size, &val), 0);
	return (uint32_t)val;
}

static void config_write(struct session *s, uint32_t offset, uint32_t size, uint32_t val)
{
	assert_int_equal(client_write(s->fd, CONFIG, offset, size, val), 0);
}

/* Offset of a capability, 0 when it is absent. */
static uint32_t find_capability(struct session *s, uint8_t id)
{
	uint32_t pos = config_read(s, PCI_CAPABILITY_LIST, 1);
	unsigned int guard = 48;

	while (pos && guard--) {
		if (config_read(s, pos, 1) == id)
			return pos;
		pos = config_read(s, pos + 1, 1);
	}
	return 0;
}

static void identity_is_that_of_the_configuration(void **state)
{
	assert_int_equal(config_read(*state, PCI_VENDOR_ID, 2), DEVICE_VENDOR);
	assert_int_equal(config_read(*state, PCI_DEVICE_ID, 2), DEVICE_ID);
	assert_int_equal(config_read(*state, PCI_CLASS_REVISION, 4), 0x12000001);
	assert_int_equal(config_read(*state, PCI_SUBSYSTEM_VENDOR_ID, 2), DEVICE_VENDOR);
	assert_int_equal(config_read(*state, PCI_SUBSYSTEM_ID, 2), DEVICE_SKU);
	assert_int_equal(config_read(*state, PCI_HEADER_TYPE, 1), 0);
	assert_int_equal(config_read(*state, PCI_INTERRUPT_PIN, 1), 0);
}

static uint32_t size_bar(struct session *s, uint32_t offset)
{
	config_write(s, offset, 4, 0xffffffff);
	return config_read(s, offset, 4);
}

static void bars_answer_sizing(void **state)
{
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_0), 0xffff0000);
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_1), 0);
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_2), 0xffc0000c);
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_3), 0xffffffff);
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_4), 0xffffe000);
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_5), 0);
	assert_int_equal(size_bar(*state, PCI_ROM_ADDRESS), 0);
}

static void bar_addresses_are_kept(void **state)
{
	config_write(*state, PCI_BASE_ADDRESS_0, 4, 0xfe123456);
	assert_int_equal(config_read(*state, PCI_BASE_ADDRESS_0, 4), 0xfe120000);
}

static void read_only_registers_stay(void **state)
{
	config_write(*state, PCI_VENDOR_ID, 4, 0);
	config_write(*state, PCI_SUBSYSTEM_VENDOR_ID, 4, 0);
	config_write(*state, 0x100, 4, 0);
	identity_is_that_of_the_configuration(state);
	assert_int_equal(config_read(*state, 0x100, 4), 0x00010003);
}

static void serial_number_is_in_the_extended_space(void **state)
{
	assert_int_equal(config_read(*state, 0x100, 4), 1 << 16 | PCI_EXT_CAP_ID_DSN);
	assert_int_equal(config_read(*state, 0x104, 4), (uint32_t)DEVICE_SERIAL);
	assert_int_equal(config_read(*state, 0x108, 4), (uint32_t)(DEVICE_SERIAL >> 32));
}

static void endpoint_offers_function_level_reset(void **state)
{
	uint32_t pos = find_capability(*state, PCI_CAP_ID_EXP);

	assert_int_not_equal(pos, 0);
	assert_int_equal(config_read(*state, pos + PCI_EXP_FLAGS, 2), 2);
	assert_true(config_read(*state, pos + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLR);
	assert_int_not_equal(find_capability(*state, PCI_CAP_ID_PM), 0);
}

static void msix_capability_points_into_bar4(void **state)
{
	uint32_t pos = find_capability(*state, PCI_CAP_ID_MSIX);

	assert_int_not_equal(pos, 0);
	assert_int_equal(find_capability(*state, PCI_CAP_ID_MSI), 0);
	assert_int_equal(config_read(*state, pos + PCI_MSIX_FLAGS, 2), DEVICE_VECTORS - 1);
	assert_int_equal(config_read(*state, pos + PCI_MSIX_TABLE, 4), 4);
	assert_int_equal(config_read(*state, pos + PCI_MSIX_PBA, 4), 0x1004);
	config_write(*state, pos + PCI_MSIX_FLAGS, 2, 0xffff);
	assert_int_equal(config_read(*state, pos + PCI_MSIX_FLAGS, 2),
			 0xc000 | (DEVICE_VECTORS - 1));
}

static void single_msi_mode_has_an_msi_capability(void **state)
{
	uint32_t pos = find_capability(*state, PCI_CAP_ID_MSI);

	assert_int_not_equal(pos, 0);
	assert_int_equal(find_capability(*state, PCI_CAP_ID_MSIX), 0);
	config_write(*state, pos + PCI_MSI_FLAGS, 2, 0xffff);
	assert_int_equal(config_read(*state, pos + PCI_MSI_FLAGS, 2), 0x81);
	assert_int_equal(size_bar(*state, PCI_BASE_ADDRESS_4), 0);
}

static void start_flr(struct session *s)
{
	uint32_t pos = find_capability(s, PCI_CAP_ID_EXP);

	config_write(s, pos + PCI_EXP_DEVCTL, 2,
		     config_read(s, pos + PCI_EXP_DEVCTL, 2) | PCI_EXP_DEVCTL_BCR_FLR);
	assert_false(config_read(s, pos + PCI_EXP_DEVCTL, 2) & PCI_EXP_DEVCTL_BCR_FLR);
}

static void flr_resets_device_and_registers(void **state)
{
	struct session *s = *state;

	config_write(s, PCI_BASE_ADDRESS_0, 4, 0xfe000000);
	session_set_bus_master(s, true);
	start_flr(s);
	assert_int_equal(s->device.resets[VFU_RESET_FLR], 1);
	assert_int_equal(config_read(s, PCI_COMMAND, 2), 0);
	assert_int_equal(config_read(s, PCI_BASE_ADDRESS_0, 4), 0);
	assert_false(vfu_bus_master(s->vfu));
}

static void device_reset_message_resets_too(void **state)
{
	struct session *s = *state;
	struct client_reply reply;

	session_set_bus_master(s, true);
	assert_true(client_call(s->fd, VFU_CMD_RESET, NULL, 0, &reply));
	assert_int_equal(reply.header.flags, VFU_FLAG_TYPE_REPLY);
	assert_int_equal(s->device.resets[VFU_RESET_DEVICE], 1);
	assert_false(vfu_bus_master(s->vfu));
}

static void bus_mastering_follows_the_command_register(void **state)
{
	struct session *s = *state;

	assert_false(vfu_bus_master(s->vfu));
	session_set_bus_master(s, true);
	assert_true(vfu_bus_master(s->vfu));
	session_set_bus_master(s, false);
	assert_false(vfu_bus_master(s->vfu));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(identity_is_that_of_the_configuration),
		SESSION_TEST(bars_answer_sizing),
		SESSION_TEST(bar_addresses_are_kept),
		SESSION_TEST(read_only_registers_stay),
		SESSION_TEST(serial_number_is_in_the_extended_space),
		SESSION_TEST(endpoint_offers_function_level_reset),
		SESSION_TEST(msix_capability_points_into_bar4),
		cmocka_unit_test_setup_teardown(single_msi_mode_has_an_msi_capability,
						session_setup_msi, session_teardown),
		SESSION_TEST(flr_resets_device_and_registers),
		SESSION_TEST(device_reset_message_resets_too),
		SESSION_TEST(bus_mastering_follows_the_command_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
