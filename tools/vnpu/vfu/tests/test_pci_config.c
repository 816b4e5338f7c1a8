// SPDX-License-Identifier: MIT
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>

#include "cmocka_prelude.h"
#include "session.h"
#include "vfu/pci_config.h"

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

/* A register of the space: what it holds after a reset, and which bits the host may change. */
struct reg {
	uint32_t offset;
	uint32_t value;
	uint32_t writable;
};

/* Power management 3, data payloads to 256 bytes, four lanes at 8 GT/s. */
#define REGISTERS_OF_BOTH_MODES							\
	{ PCI_VENDOR_ID, DEVICE_ID << 16 | DEVICE_VENDOR, 0 },			\
	{ PCI_COMMAND, 0x00100000, 0x00000546 },				\
	{ PCI_CLASS_REVISION, 0x12000001, 0 },					\
	{ PCI_CACHE_LINE_SIZE, 0, 0x000000ff },					\
	{ PCI_BASE_ADDRESS_0, 0, 0xffff0000 },					\
	{ PCI_BASE_ADDRESS_2, 0x0000000c, 0xffc00000 },				\
	{ PCI_BASE_ADDRESS_3, 0, 0xffffffff },					\
	{ PCI_SUBSYSTEM_VENDOR_ID, DEVICE_SKU << 16 | DEVICE_VENDOR, 0 },	\
	{ PCI_CAPABILITY_LIST, 0x00000040, 0 },					\
	{ PCI_INTERRUPT_LINE, 0, 0x000000ff },					\
	{ 0x40, 0x00035001, 0 }, { 0x44, 0x00000008, 0x00000003 },		\
	{ 0x70, 0x00020010, 0 }, { 0x74, 0x10008021, 0 },			\
	{ 0x78, 0x00002810, 0x00007fff }, { 0x7c, 0x00000043, 0 },		\
	{ 0x80, 0x00430000, 0x000000c3 }, { 0x9c, 0x0000000e, 0 },		\
	{ 0xa0, 0x00000003, 0x0000000f },					\
	{ 0x100, 0x00010003, 0 }, { 0x104, (uint32_t)DEVICE_SERIAL, 0 },	\
	{ 0x108, (uint32_t)(DEVICE_SERIAL >> 32), 0 }

/* What is in no table reads as zero and cannot be written. */
static const struct reg *find_register(const struct reg *table, size_t entries, uint32_t offset)
{
	static const struct reg none;

	for (size_t i = 0; i < entries; i++)
		if (table[i].offset == offset)
			return &table[i];
	return &none;
}

static void expect_registers(struct session *s, const struct reg *table, size_t entries)
{
	for (uint32_t offset = 0; offset < 4096; offset += 4)
		assert_int_equal(config_read(s, offset, 4),
				 find_register(table, entries, offset)->value);
	for (uint32_t offset = 0; offset < 4096; offset += 4) {
		const struct reg *reg = find_register(table, entries, offset);
		/* A function level reset is another test's. */
		uint32_t ones = offset == 0x78 ? ~(uint32_t)PCI_EXP_DEVCTL_BCR_FLR : ~0u;

		config_write(s, offset, 4, ones);
		assert_int_equal(config_read(s, offset, 4), reg->value | reg->writable);
		config_write(s, offset, 4, 0);
		assert_int_equal(config_read(s, offset, 4), reg->value & ~reg->writable);
	}
}

static void the_whole_space_is_as_specified(void **state)
{
	static const struct reg table[] = {
		REGISTERS_OF_BOTH_MODES,
		{ PCI_BASE_ADDRESS_4, 0, 0xffffe000 },
		{ 0x50, (DEVICE_VECTORS - 1) << 16 | 0x7011, 0xc0000000 },
		{ 0x54, 0x00000004, 0 }, { 0x58, 0x00001004, 0 },
	};

	expect_registers(*state, table, sizeof(table) / sizeof(table[0]));
}

static void the_whole_space_in_single_msi_mode_is_as_specified(void **state)
{
	static const struct reg table[] = {
		REGISTERS_OF_BOTH_MODES,
		{ 0x50, 0x00807005, 0x00010000 }, { 0x54, 0, 0xfffffffc },
		{ 0x58, 0, 0xffffffff }, { 0x5c, 0, 0x0000ffff },
	};

	expect_registers(*state, table, sizeof(table) / sizeof(table[0]));
}

static void nothing_is_left_of_what_was_there_before(void **state)
{
	struct device device = { 0 };
	const struct vfu_config config = device_config(&device);
	struct pci_config first, second;

	(void)state;
	memset(&first, 0, sizeof(first));
	memset(&second, 0xff, sizeof(second));
	pci_config_init(&first, &config);
	pci_config_init(&second, &config);
	assert_memory_equal(&first, &second, sizeof(first));
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

/* Beside the bit that starts one, with that bit in what was written before. */
static void a_write_of_the_other_byte_starts_no_reset(void **state)
{
	struct session *s = *state;
	uint32_t pos = find_capability(s, PCI_CAP_ID_EXP);

	config_write(s, PCI_VENDOR_ID, 4, 0x80808080);
	config_write(s, pos + PCI_EXP_DEVCTL, 1, 0x80);
	config_write(s, pos + PCI_EXP_DEVCTL + 2, 1, 0x80);
	assert_int_equal(s->device.resets[VFU_RESET_FLR], 0);
	config_write(s, pos + PCI_EXP_DEVCTL + 1, 1, 0x80);
	assert_int_equal(s->device.resets[VFU_RESET_FLR], 1);
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
		SESSION_TEST(the_whole_space_is_as_specified),
		cmocka_unit_test_setup_teardown(the_whole_space_in_single_msi_mode_is_as_specified,
						session_setup_msi, session_teardown),
		cmocka_unit_test(nothing_is_left_of_what_was_there_before),
		SESSION_TEST(flr_resets_device_and_registers),
		SESSION_TEST(a_write_of_the_other_byte_starts_no_reset),
		SESSION_TEST(device_reset_message_resets_too),
		SESSION_TEST(bus_mastering_follows_the_command_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
