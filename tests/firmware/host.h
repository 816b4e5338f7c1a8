/* SPDX-License-Identifier: MIT */
/* A minimal host for the real firmware image on the virtual NPU: rings, page tables, programs. */
#ifndef TESTS_FIRMWARE_HOST_H
#define TESTS_FIRMWARE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tsr_hw/boot.h>
#include <tsr_hw/image.h>
#include <tsr_hw/queue.h>

struct harness;
struct host;

/* Virtual addresses: everything a program needs is in one 2 MiB window. */
#define HOST_VA 0x40000000ull

/** struct host_image - an image file in memory */
struct host_image {
	uint8_t bytes[TSR_HW_IMAGE_MAX_SIZE];
	size_t size;
};

/** host_read_image() - the file an environment variable names; freed by the caller */
struct host_image *host_read_image(const char *variable);

/** host_open() - device of a SKU (NULL: edge) that trusts the key of @image, in reset */
struct host *host_open(const char *sku, const struct host_image *image);

/** host_start() - boot these bytes with fresh rings; the state that decides about them */
uint32_t host_start(struct host *host, const void *bytes, size_t size);

/** host_boot() - device of a SKU with the ordinary image, READY */
struct host *host_boot(const char *sku);

/** host_close() - power off */
void host_close(struct host *host);

struct harness *host_harness(struct host *host);

/** host_admin() - run an admin command; its error */
uint32_t host_admin(struct host *host, struct tsr_hw_admin *command);

/** host_seal() - seal the program of a job of address space @asid, which then names its handle */
void host_seal(struct host *host, uint32_t asid, struct tsr_hw_job *job);

/** host_unseal() - end a handle, or with 0 all of @asid; the error */
uint32_t host_unseal(struct host *host, uint32_t asid, uint64_t handle);

/** host_admin_op() - one without arguments */
uint32_t host_admin_op(struct host *host, uint32_t op, uint32_t queue);

/** host_space() - make an address space with one 2 MiB window at HOST_VA; its memory */
void *host_space(struct host *host, uint32_t asid);

/** host_entry() - put an entry where @va is looked up at @level, under tables of its own */
void host_entry(struct host *host, uint32_t asid, uint64_t va, unsigned int level, uint64_t entry);

/** host_queue() - create queue @number of address space @asid */
void host_queue(struct host *host, uint32_t number, uint32_t asid, uint32_t priority,
		uint64_t budget);

/** host_submit() - write a descriptor and ring; its sequence */
uint32_t host_submit(struct host *host, uint32_t number, const struct tsr_hw_job *job);

/** host_wait() - wait for @seq; its completion */
struct tsr_hw_completion host_wait(struct host *host, uint32_t number, uint32_t seq);

/** host_page() - completion page of a queue */
const volatile struct tsr_hw_completion_page *host_page(struct host *host, uint32_t number);

/** host_graph() - a program of DMA no-op nodes at @memory: a chain, or all in a row */
struct tsr_hw_job host_graph(void *memory, uint32_t nodes, bool chain);

/** host_copy_program() - one DMA node that copies @bytes from slot 0 to slot 1 */
struct tsr_hw_job host_copy_program(void *memory, uint64_t from, uint64_t to, uint32_t bytes);

/** host_instructions() - firmware instructions so far */
uint64_t host_instructions(struct host *host);

/** host_settle() - wait until nothing happens before the host acts */
void host_settle(struct host *host);

#endif
