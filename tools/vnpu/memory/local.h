/* SPDX-License-Identifier: MIT */
/*
 * Local memory: what aperture 1 of a leaf leads to.
 *
 * Only what was written takes memory of the host, page by page; a page of zeros takes none. Room
 * for all pages is set aside at the start, so whoever has a page can write to it, whatever others
 * have written. A page that was not written since the last reset reads as the key leaves it:
 * bytes that depend on the page and on the number of resets, and on nothing that was stored.
 */
#ifndef VNPU_LOCAL_H
#define VNPU_LOCAL_H

#include <stddef.h>
#include <stdint.h>

struct local;

/**
 * local_create() - local memory, with contents as after a reset
 * @size: bytes, whole pages
 *
 * Return: the memory, NULL when the host has too little.
 */
struct local *local_create(uint64_t size);

/** local_destroy() - free it or NULL */
void local_destroy(struct local *local);

/** local_size() - its bytes; 0 for NULL */
uint64_t local_size(const struct local *local);

/** local_resident() - bytes of the host that its pages take now */
uint64_t local_resident(struct local *local);

/** local_reset() - discard all contents; nothing reads or writes meanwhile; NULL is allowed */
void local_reset(struct local *local);

/**
 * local_read() - copy from local memory
 * @local: the memory; from any thread
 * @offset: where from; inside of it, and so is the end
 * @buf: private memory
 * @n: bytes
 *
 * What lies in one page is read in one access.
 */
void local_read(struct local *local, uint64_t offset, void *buf, size_t n);

/**
 * local_write() - copy to local memory, as local_read()
 *
 * Return: TSR_HW_ERR_NONE, or TSR_HW_ERR_FAULT_BUS when the host has no memory for a table.
 */
int local_write(struct local *local, uint64_t offset, const void *buf, size_t n);

#endif
