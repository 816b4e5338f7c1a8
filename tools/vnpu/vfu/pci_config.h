/* SPDX-License-Identifier: MIT */
/*
 * PCI configuration space of the virtual NPU: an endpoint with power management, PCI
 * Express (FLR), MSI-X or MSI, and the serial number capability.
 */
#ifndef VFU_PCI_CONFIG_H
#define VFU_PCI_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

struct vfu_config;

#define PCI_CONFIG_SIZE 4096
#define MSIX_TABLE_OFFSET 0
#define MSIX_PBA_OFFSET 0x1000
#define MSIX_BAR 4
#define MSIX_BAR_SIZE 0x2000

/* What a write set off, returned by pci_config_write(). */
#define PCI_CONFIG_BUS_MASTER_CHANGED 1u
#define PCI_CONFIG_FLR 2u

/**
 * struct pci_config - the bytes and which of their bits the guest may change
 * @value: current contents, little-endian as on the bus
 * @power_on: contents after reset
 * @writable: bits that a write changes
 */
struct pci_config {
	uint8_t value[PCI_CONFIG_SIZE];
	uint8_t power_on[PCI_CONFIG_SIZE];
	uint8_t writable[PCI_CONFIG_SIZE];
};

/**
 * pci_config_init() - lay out the capabilities and reset
 * @pci: filled
 * @config: ids, BAR sizes, interrupt mode; checked by the caller
 */
void pci_config_init(struct pci_config *pci, const struct vfu_config *config);

/**
 * pci_config_reset() - all registers to their power-on value
 * @pci: the configuration space
 */
void pci_config_reset(struct pci_config *pci);

/**
 * pci_config_read() - copy bytes out
 * @pci: the configuration space
 * @offset: first byte
 * @len: bytes; @offset + @len is at most PCI_CONFIG_SIZE, checked by the caller
 * @buf: destination
 */
void pci_config_read(const struct pci_config *pci, uint32_t offset, uint32_t len, void *buf);

/**
 * pci_config_write() - write bytes; read-only bits keep their value
 * @pci: the configuration space
 * @offset: first byte
 * @len: bytes; @offset + @len is at most PCI_CONFIG_SIZE, checked by the caller
 * @buf: source
 *
 * The FLR bit reads as zero; carrying out the reset is the caller's part.
 *
 * Return: PCI_CONFIG_* bits of what the write set off.
 */
unsigned int pci_config_write(struct pci_config *pci, uint32_t offset, uint32_t len,
			      const void *buf);

/** pci_config_bus_master() - the command register's bus master enable bit */
bool pci_config_bus_master(const struct pci_config *pci);

#endif
