/* SPDX-License-Identifier: MIT */
/*
 * A whole device in this process and the host side of it: guest memory in a memfd and a
 * vfio-user client in place of QEMU. Everything goes through the real protocol.
 */
#ifndef VNPU_TESTS_HARNESS_H
#define VNPU_TESTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process/control_commands.h"

struct device;
struct harness;
struct process;

/* Where guest memory begins on the bus. */
#define HARNESS_MEMORY_BASE 0x40000000ull

/* Ends a wait for what never comes, far above what any host needs; no verdict depends on it. */
#define HARNESS_HANG_MS 60000

/**
 * struct harness_options - zero is a good value for everything
 * @sku: SKU file, NULL for edge
 * @state: state file, NULL for a new one that is removed at the end
 * @key_hash: fused key hash, NULL for that of the test key
 * @memory: bytes of guest memory, 0 for 64 MiB
 * @single_vector: one MSI vector
 * @unkind: it keeps as much and takes as long as the manual allows
 * @local_mib: local memory at most, 0 for the program's; not of a process
 * @process: the device is tessera-vnpu, a process of its own
 * @hardened: the program without test surface; with @process
 * @arguments: more of its arguments, ended by NULL; or NULL
 */
struct harness_options {
	const char *sku;
	const char *state;
	const uint8_t *key_hash;
	size_t memory;
	bool single_vector;
	bool unkind;
	uint32_t local_mib;
	bool process;
	bool hardened;
	const char *const *arguments;
};

/** harness_open() - power on, connect, map memory, allow bus mastering; NULL on failure */
struct harness *harness_open(const struct harness_options *options);

/** harness_close() - disconnect and power off; NULL is allowed */
void harness_close(struct harness *h);

/** harness_power_cycle() - end the device and make it again from its state file */
bool harness_power_cycle(struct harness *h);

/** harness_reconnect() - as if QEMU had ended and a new one come */
bool harness_reconnect(struct harness *h);

/** harness_device() - the device; NULL when it is a process */
struct device *harness_device(struct harness *h);

/** harness_process() - the process; NULL when there is none */
struct process *harness_process(struct harness *h);

/** harness_read32() - read a register of BAR0 */
uint32_t harness_read32(struct harness *h, uint64_t offset);

/** harness_write32() - write a register of BAR0 */
void harness_write32(struct harness *h, uint64_t offset, uint32_t val);

/** harness_write64() - low word, then high word */
void harness_write64(struct harness *h, uint64_t offset, uint64_t val);

/** harness_access() - any access of a BAR; true when it was not refused */
bool harness_access(struct harness *h, unsigned int bar, uint64_t offset, unsigned int size,
		    bool write, uint64_t *val);

/** harness_doorbell() - ring a bell with a posted write */
void harness_doorbell(struct harness *h, unsigned int page, uint32_t index);

/** harness_alloc() - zeroed, page-aligned guest memory; the bus address, 0 when full */
uint64_t harness_alloc(struct harness *h, size_t size);

/** harness_at() - host address of guest memory */
void *harness_at(struct harness *h, uint64_t bus);

/** harness_free_all() - allocate from the beginning again */
void harness_free_all(struct harness *h);

/** harness_unmap() - take all guest memory away from the device */
bool harness_unmap(struct harness *h);

/** harness_map() - and give it back */
bool harness_map(struct harness *h);

/** harness_bus_master() - allow or forbid bus mastering */
void harness_bus_master(struct harness *h, bool on);

/** harness_flr() - function level reset, bus mastering on again */
void harness_flr(struct harness *h);

/** harness_reset() - reset by register and wait for state RESET; false when it never comes */
bool harness_reset(struct harness *h);

/** harness_state() - TSR_HW_STATE_* */
unsigned int harness_state(struct harness *h);

/** harness_wait_state() - wait until the state is @state; false when it never comes */
bool harness_wait_state(struct harness *h, unsigned int state);

/** harness_wait_irq() - wait for an interrupt and take it; false when it never comes */
bool harness_wait_irq(struct harness *h, unsigned int vector);

/** harness_take_irq() - take an interrupt that has come; false when none has */
bool harness_take_irq(struct harness *h, unsigned int vector);

/**
 * harness_settle() - wait until nothing happens before the host acts
 *
 * Bells rung before, and all that follows from them, have been dealt with. Held completions
 * and hung nodes are not waited for.
 *
 * Return: false when the device does not come to rest.
 */
bool harness_settle(struct harness *h);

/**
 * harness_boot() - name an image and a boot block to the device and start the ROM
 * @h: the harness
 * @image: bytes of the image
 * @size: how many
 * @boot_block: bus address, may be 0
 *
 * Return: the state when it has left ROM.
 */
unsigned int harness_boot(struct harness *h, const void *image, size_t size,
			  uint64_t boot_block);

/** harness_command() - run a command of the host's control socket; the reply's "ok" */
bool harness_command(struct harness *h, const char *line);

/**
 * harness_reply() - run a command of a control socket
 * @h: the harness
 * @role: whose socket
 * @line: the command
 * @fd: a descriptor that comes with it, or -1; closed
 *
 * Return: the reply, to be freed by the caller.
 */
char *harness_reply(struct harness *h, enum control_role role, const char *line, int fd);

/** harness_record() - record to a file, replaced; whether it began */
bool harness_record(struct harness *h, const char *path);

/** harness_counter() - a number of the reply to "counters" */
uint64_t harness_counter(struct harness *h, const char *name);

/** sleep_ms() - let the device work */
void sleep_ms(unsigned int ms);

#endif
