/* SPDX-License-Identifier: MIT */
/* A PCI function driven from user space through the guest kernel's vfio-pci. */
#ifndef VFU_TESTS_GUEST_FUNCTION_H
#define VFU_TESTS_GUEST_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct function - an opened function
 * @container: VFIO container with a type 1 IOMMU
 * @group: its IOMMU group
 * @device: the function
 * @bar0: mapped registers
 * @bar2: mapped doorbells
 */
struct function {
	int container;
	int group;
	int device;
	volatile uint32_t *bar0;
	volatile uint32_t *bar2;
};

/** function_find() - address of the first function with these ids; false when there is none */
bool function_find(unsigned int vendor, unsigned int device, char address[32]);

/** function_bind() - give the function to vfio-pci; false on failure */
bool function_bind(const char *address);

/** function_open() - open, map the BARs, enable bus mastering; false on failure */
bool function_open(struct function *f, const char *address);

/** function_close() - undo function_open() */
void function_close(struct function *f);

/** function_config16() - read a word of the configuration space */
uint16_t function_config16(const struct function *f, unsigned int offset);

/** function_irqs() - connect @count MSI-X vectors to eventfds; false on failure */
bool function_irqs(const struct function *f, const int *eventfds, unsigned int count);

/** function_map() - make [@memory, @memory + @size) visible at @iova; false on failure */
bool function_map(const struct function *f, void *memory, uint64_t iova, size_t size);

/** function_unmap() - take it away; false on failure */
bool function_unmap(const struct function *f, uint64_t iova, size_t size);

/** function_reset() - function level reset; false on failure */
bool function_reset(const struct function *f);

/** function_sysfs_reset() - what "echo 1 > reset" does; false on failure */
bool function_sysfs_reset(const char *address);

#endif
