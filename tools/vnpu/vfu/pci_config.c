// SPDX-License-Identifier: MIT
#include "pci_config.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "vfu.h"

#define CLASS_PROCESSING_ACCELERATOR 0x12

/* Where the capabilities are. */
#define CAP_PM 0x40
#define CAP_MSI 0x50
#define CAP_EXP 0x70
#define EXT_CAP_DSN 0x100

#define COMMAND_WRITABLE \
	(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | PCI_COMMAND_SERR | \
	 PCI_COMMAND_INTX_DISABLE)

static void set8(uint8_t *space, uint32_t offset, uint8_t val)
{
	space[offset] = val;
}

static void set16(uint8_t *space, uint32_t offset, uint16_t val)
{
	set8(space, offset, (uint8_t)val);
	set8(space, offset + 1, (uint8_t)(val >> 8));
}

static void set32(uint8_t *space, uint32_t offset, uint32_t val)
{
	set16(space, offset, (uint16_t)val);
	set16(space, offset + 2, (uint16_t)(val >> 16));
}

static uint16_t get16(const uint8_t *space, uint32_t offset)
{
	return (uint16_t)(space[offset] | space[offset + 1] << 8);
}

/* A BAR's size shows in the address bits that cannot be written. */
static void init_bar(struct pci_config *pci, unsigned int bar, uint64_t size, uint32_t type)
{
	uint32_t offset = PCI_BASE_ADDRESS_0 + 4 * bar;
	uint64_t mask = ~(size - 1);

	set32(pci->power_on, offset, type);
	set32(pci->writable, offset, (uint32_t)mask);
	if (type & PCI_BASE_ADDRESS_MEM_TYPE_64)
		set32(pci->writable, offset + 4, (uint32_t)(mask >> 32));
}

static void init_header(struct pci_config *pci, const struct vfu_config *config)
{
	uint8_t *space = pci->power_on;

	set16(space, PCI_VENDOR_ID, config->vendor_id);
	set16(space, PCI_DEVICE_ID, config->device_id);
	set16(space, PCI_STATUS, PCI_STATUS_CAP_LIST);
	set8(space, PCI_REVISION_ID, config->revision_id);
	set8(space, PCI_CLASS_DEVICE + 1, CLASS_PROCESSING_ACCELERATOR);
	set16(space, PCI_SUBSYSTEM_VENDOR_ID, config->subsystem_vendor_id);
	set16(space, PCI_SUBSYSTEM_ID, config->subsystem_id);
	set8(space, PCI_CAPABILITY_LIST, CAP_PM);
	set16(pci->writable, PCI_COMMAND, COMMAND_WRITABLE);
	set8(pci->writable, PCI_CACHE_LINE_SIZE, 0xff);
	set8(pci->writable, PCI_INTERRUPT_LINE, 0xff);
	init_bar(pci, 0, config->bar0_size, PCI_BASE_ADDRESS_MEM_TYPE_32);
	init_bar(pci, 2, config->bar2_size,
		 PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	if (config->irq_mode == VFU_IRQ_MSIX)
		init_bar(pci, MSIX_BAR, MSIX_BAR_SIZE, PCI_BASE_ADDRESS_MEM_TYPE_32);
}

static void init_capability(struct pci_config *pci, uint32_t offset, uint8_t id, uint8_t next)
{
	set8(pci->power_on, offset + PCI_CAP_LIST_ID, id);
	set8(pci->power_on, offset + PCI_CAP_LIST_NEXT, next);
}

static void init_power_management(struct pci_config *pci)
{
	init_capability(pci, CAP_PM, PCI_CAP_ID_PM, CAP_MSI);
	set16(pci->power_on, CAP_PM + PCI_PM_PMC, 3);
	set16(pci->power_on, CAP_PM + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);
	set16(pci->writable, CAP_PM + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);
}

static void init_msix(struct pci_config *pci, unsigned int vectors)
{
	init_capability(pci, CAP_MSI, PCI_CAP_ID_MSIX, CAP_EXP);
	set16(pci->power_on, CAP_MSI + PCI_MSIX_FLAGS, (uint16_t)(vectors - 1));
	set16(pci->writable, CAP_MSI + PCI_MSIX_FLAGS,
	      PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	set32(pci->power_on, CAP_MSI + PCI_MSIX_TABLE, MSIX_TABLE_OFFSET | MSIX_BAR);
	set32(pci->power_on, CAP_MSI + PCI_MSIX_PBA, MSIX_PBA_OFFSET | MSIX_BAR);
}

static void init_msi(struct pci_config *pci)
{
	init_capability(pci, CAP_MSI, PCI_CAP_ID_MSI, CAP_EXP);
	set16(pci->power_on, CAP_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT);
	set16(pci->writable, CAP_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE);
	set32(pci->writable, CAP_MSI + PCI_MSI_ADDRESS_LO, 0xfffffffc);
	set32(pci->writable, CAP_MSI + PCI_MSI_ADDRESS_HI, 0xffffffff);
	set16(pci->writable, CAP_MSI + PCI_MSI_DATA_64, 0xffff);
}

/* An endpoint behind a x4 link at 8 GT/s, payloads to 256 bytes, function level reset. */
static void init_express(struct pci_config *pci)
{
	const uint16_t width_x4 = 4 << 4;
	uint8_t *space = pci->power_on;

	init_capability(pci, CAP_EXP, PCI_CAP_ID_EXP, 0);
	set16(space, CAP_EXP + PCI_EXP_FLAGS, 2);
	set32(space, CAP_EXP + PCI_EXP_DEVCAP,
	      PCI_EXP_DEVCAP_FLR | PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_EXT_TAG | 1);
	set16(space, CAP_EXP + PCI_EXP_DEVCTL,
	      PCI_EXP_DEVCTL_READRQ_512B | PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_RELAX_EN);
	set16(pci->writable, CAP_EXP + PCI_EXP_DEVCTL, 0x7fff);
	set32(space, CAP_EXP + PCI_EXP_LNKCAP, PCI_EXP_LNKCAP_SLS_8_0GB | width_x4);
	set16(pci->writable, CAP_EXP + PCI_EXP_LNKCTL,
	      PCI_EXP_LNKCTL_ASPMC | PCI_EXP_LNKCTL_CCC | PCI_EXP_LNKCTL_ES);
	set16(space, CAP_EXP + PCI_EXP_LNKSTA, PCI_EXP_LNKSTA_CLS_8_0GB | width_x4);
	set32(space, CAP_EXP + PCI_EXP_LNKCAP2, PCI_EXP_LNKCAP2_SLS_2_5GB |
	      PCI_EXP_LNKCAP2_SLS_5_0GB | PCI_EXP_LNKCAP2_SLS_8_0GB);
	set16(space, CAP_EXP + PCI_EXP_LNKCTL2, PCI_EXP_LNKCTL2_TLS_8_0GT);
	set16(pci->writable, CAP_EXP + PCI_EXP_LNKCTL2, PCI_EXP_LNKCTL2_TLS);
}

static void init_serial_number(struct pci_config *pci, uint64_t serial)
{
	const uint32_t version = 1u << 16;

	set32(pci->power_on, EXT_CAP_DSN, version | PCI_EXT_CAP_ID_DSN);
	set32(pci->power_on, EXT_CAP_DSN + 4, (uint32_t)serial);
	set32(pci->power_on, EXT_CAP_DSN + 8, (uint32_t)(serial >> 32));
}

void pci_config_init(struct pci_config *pci, const struct vfu_config *config)
{
	memset(pci, 0, sizeof(*pci));
	init_header(pci, config);
	init_power_management(pci);
	if (config->irq_mode == VFU_IRQ_MSIX)
		init_msix(pci, config->vectors);
	else
		init_msi(pci);
	init_express(pci);
	init_serial_number(pci, config->serial);
	pci_config_reset(pci);
}

void pci_config_reset(struct pci_config *pci)
{
	memcpy(pci->value, pci->power_on, sizeof(pci->value));
}

void pci_config_read(const struct pci_config *pci, uint32_t offset, uint32_t len, void *buf)
{
	memcpy(buf, pci->value + offset, len);
}

/* Whether the write sets the bit that starts a function level reset. */
static bool starts_flr(uint32_t offset, uint32_t len, const uint8_t *bytes)
{
	const uint32_t high_byte = CAP_EXP + PCI_EXP_DEVCTL + 1;

	return offset <= high_byte && high_byte < offset + len &&
	       (bytes[high_byte - offset] & (PCI_EXP_DEVCTL_BCR_FLR >> 8));
}

unsigned int pci_config_write(struct pci_config *pci, uint32_t offset, uint32_t len,
			      const void *buf)
{
	bool was_master = pci_config_bus_master(pci);
	const uint8_t *bytes = buf;
	unsigned int events = 0;
	uint32_t i;

	for (i = 0; i < len; i++) {
		uint8_t mask = pci->writable[offset + i];

		pci->value[offset + i] = (pci->value[offset + i] & ~mask) | (bytes[i] & mask);
	}
	if (pci_config_bus_master(pci) != was_master)
		events |= PCI_CONFIG_BUS_MASTER_CHANGED;
	if (starts_flr(offset, len, bytes))
		events |= PCI_CONFIG_FLR;
	return events;
}

bool pci_config_bus_master(const struct pci_config *pci)
{
	return get16(pci->value, PCI_COMMAND) & PCI_COMMAND_MASTER;
}
