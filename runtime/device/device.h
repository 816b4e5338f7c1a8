/* SPDX-License-Identifier: MIT */
/* Device-side pieces of the runtime that other files of it use. */
#ifndef TSR_DEVICE_H
#define TSR_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tsr_buffer;
struct tsr_context;
struct tsr_device;
struct tsr_device_entry;

/** Where enumeration looks; tests point it at a recorded tree. */
#define TSR_SYSFS_ACCEL	"/sys/class/accel"

/** Where device nodes are. */
#define TSR_DEV_ACCEL	"/dev/accel"

/**
 * tsr_device_scan() - all NPUs of the class folder @sysfs, by their numbers; -ENOENT: no folder.
 */
int tsr_device_scan(const char *sysfs, struct tsr_device_entry *entries, size_t capacity);

/**
 * tsr_device_scan_nodes() - the NPUs whose nodes in @folder can be opened;
 * for systems without /sys.
 */
int tsr_device_scan_nodes(const char *folder, struct tsr_device_entry *entries, size_t capacity);

/**
 * tsr_device_check_node() - is the open file @fd the node of accel device @index?
 *
 * A node that was left behind, or made by hand, may lead to another device.
 *
 * Return: 0, or -ENODEV with the sentence set. Without @sysfs there is nothing to compare with.
 */
int tsr_device_check_node(const char *sysfs, int fd, unsigned int index);

/** enum tsr_selector_kind - how a selector names an NPU */
enum tsr_selector_kind {
	TSR_SELECT_INDEX,
	TSR_SELECT_BUS,
	TSR_SELECT_SERIAL,
};

/** struct tsr_selector - a selector that was read; @bus is complete, with the domain */
struct tsr_selector {
	enum tsr_selector_kind kind;
	unsigned int index;
	char bus[32];
	uint64_t serial;
};

/** tsr_selector_parse() - read @text. Return: 0, or -EINVAL with the sentence set. */
int tsr_selector_parse(const char *text, struct tsr_selector *selector);

/** tsr_device_open_any() - tsr_device_open() that does not look at TESSERA_VISIBLE_DEVICES. */
int tsr_device_open_any(unsigned int index, struct tsr_device **device);

/**
 * tsr_device_check_visible() - may @index be opened? Return: 0, or -ENOENT with the sentence set.
 */
int tsr_device_check_visible(unsigned int index);

/**
 * tsr_device_select() - put the entries that @visible names to the front, in its order
 * @visible: value of TESSERA_VISIBLE_DEVICES
 * @entries: @count NPUs; out: the chosen ones
 * @serial: serial number of an entry, for selectors of that kind; Return: 0 or a negative errno
 *
 * Return: how many were chosen, or a negative errno with the sentence set.
 */
int tsr_device_select(const char *visible, struct tsr_device_entry *entries, size_t count,
		      int (*serial)(const struct tsr_device_entry *entry, uint64_t *number));

/**
 * tsr_ioctl() - an ioctl of the device, restarted on signals
 * @what: for the error sentence, "create a queue"
 *
 * Return: 0 or a negative errno, with the sentence set; -EPERM in a child of the owner.
 */
int tsr_ioctl(const struct tsr_device *device, unsigned long request, void *argument,
	      const char *what);

/** tsr_ioctl_quiet() - tsr_ioctl() that leaves the error sentence alone. */
int tsr_ioctl_quiet(const struct tsr_device *device, unsigned long request, void *argument);

/** tsr_device_is_own() - did the calling process open @device, and so make all objects on it? */
bool tsr_device_is_own(const struct tsr_device *device);

/**
 * tsr_device_check() - is @device the calling process's own?
 *
 * To be called before a lock is taken: in a child of the owner it may be locked by a thread
 * that does not exist there.
 *
 * Return: 0 or -EPERM, with the sentence set.
 */
int tsr_device_check(const struct tsr_device *device);

/** enum tsr_access - what the NPU may do with a buffer; DRM_TESSERA_BIND_* bits */
enum tsr_access {
	TSR_ACCESS_DATA = 3,
	TSR_ACCESS_PROGRAM = 5,
};

/** tsr_buffer_create_access() - either kind of buffer, with a choice of permissions. */
int tsr_buffer_create_access(struct tsr_context *context, size_t size, enum tsr_access access,
			     bool local, struct tsr_buffer **buffer);

/**
 * tsr_buffer_seal() - take the CPU's mapping away, and let the bytes change no more
 *
 * Return: 0, or a negative errno without a sentence: -ENOTTY, the driver cannot.
 */
int tsr_buffer_seal(struct tsr_buffer *buffer);

/** tsr_buffer_address() - the NPU's virtual address. */
uint64_t tsr_buffer_address(const struct tsr_buffer *buffer);

/** tsr_buffer_context() - where it is mapped. */
struct tsr_context *tsr_buffer_context(const struct tsr_buffer *buffer);

#endif
