/* SPDX-License-Identifier: MIT */
/*
 * vfio-user server for one PCI device.
 *
 * Written from the protocol's public specification (QEMU, docs/interop/vfio-user.rst).
 * One protocol thread owns the socket and answers every message at once; the callbacks
 * of struct vfu_ops run on it. All other functions may be called from any thread.
 *
 * Locks: a DMA window holds the read side of the DMA table's lock. It is a leaf: inside
 * a window take no lock that a callback of struct vfu_ops may hold, because the protocol
 * thread takes the write side for DMA_MAP, DMA_UNMAP, loss of bus mastering and resets.
 * No lock of this library is held while a callback runs.
 */
#ifndef VFU_VFU_H
#define VFU_VFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vfu;

#define VFU_NUM_BARS 6
#define VFU_MAX_VECTORS 256

/** enum vfu_reset - why the device has to return to its power-on state */
enum vfu_reset {
	VFU_RESET_FLR,		/* function level reset through the PCIe capability */
	VFU_RESET_DEVICE,	/* DEVICE_RESET message: system reset, guest reboot */
	VFU_RESET_DISCONNECT,	/* the client is gone; its memory is unmapped already */
};

/** enum vfu_irq_mode - the interrupt capability offered to the guest */
enum vfu_irq_mode {
	VFU_IRQ_MSIX,		/* MSI-X with vfu_config.vectors vectors, table in BAR4 */
	VFU_IRQ_MSI,		/* plain MSI with a single vector, no BAR4 */
};

/**
 * struct vfu_ops - what the device does
 * @mmio_read: read @size (1, 2, 4 or 8) bytes at the naturally aligned @offset of
 *	@bar (0 or 2) into *@val, zero extended. Negative errno makes the access fail in
 *	the client, which logs it: answer a read of nothing with all ones instead.
 * @mmio_write: write the low @size bytes of @val. Negative errno as above; nothing sees
 *	it when the write was posted.
 * @reset: go to the power-on state. DMA and interrupts are off already (bus mastering
 *	is cleared, DMA windows are closed); ranges stay mapped except after
 *	VFU_RESET_DISCONNECT. Must return soon: the guest waits.
 * @irq_changed: the client enabled or disabled delivery of @vector; optional
 *
 * They must answer at once and leave work to other threads: a vCPU waits meanwhile.
 * They may call vfu_irq_raise() and the DMA functions.
 */
struct vfu_ops {
	int (*mmio_read)(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
			 uint64_t *val);
	int (*mmio_write)(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
			  uint64_t val);
	void (*reset)(void *opaque, enum vfu_reset kind);
	void (*irq_changed)(void *opaque, unsigned int vector, bool enabled);
};

/**
 * struct vfu_config - the PCI device
 * @ops: callbacks; must outlive the server
 * @opaque: handed to the callbacks
 * @vendor_id: PCI vendor id
 * @device_id: PCI device id
 * @subsystem_vendor_id: PCI subsystem vendor id
 * @subsystem_id: PCI subsystem id, the SKU
 * @revision_id: PCI revision
 * @serial: device serial number of the DSN capability
 * @bar0_size: bytes of the register BAR (32-bit, not prefetchable); power of two, at
 *	least 4 KiB
 * @bar2_size: bytes of the doorbell BAR (64-bit, prefetchable); power of two, at least
 *	4 KiB
 * @irq_mode: MSI-X or single MSI
 * @vectors: 1 to VFU_MAX_VECTORS; 1 in MSI mode
 */
struct vfu_config {
	const struct vfu_ops *ops;
	void *opaque;
	uint16_t vendor_id;
	uint16_t device_id;
	uint16_t subsystem_vendor_id;
	uint16_t subsystem_id;
	uint8_t revision_id;
	uint64_t serial;
	uint64_t bar0_size;
	uint64_t bar2_size;
	enum vfu_irq_mode irq_mode;
	unsigned int vectors;
};

/**
 * struct vfu_counters - traffic since vfu_create()
 * @reads: reads of each BAR
 * @writes: writes of each BAR, posted or not, alone or inside WRITE_MULTI
 * @config_reads: reads of the configuration space
 * @config_writes: writes of the configuration space
 * @posted_writes: REGION_WRITE messages that wanted no reply
 * @multi_writes: WRITE_MULTI messages (their writes are in @writes)
 * @dma_maps: ranges mapped
 * @dma_unmaps: ranges unmapped
 * @irqs: interrupts signalled to the client
 * @irqs_dropped: interrupts raised while bus mastering was off
 * @resets: calls of vfu_ops.reset
 * @messages: well-formed messages
 * @rejected: messages answered with an error
 * @connections: clients accepted
 */
struct vfu_counters {
	uint64_t reads[VFU_NUM_BARS];
	uint64_t writes[VFU_NUM_BARS];
	uint64_t config_reads;
	uint64_t config_writes;
	uint64_t posted_writes;
	uint64_t multi_writes;
	uint64_t dma_maps;
	uint64_t dma_unmaps;
	uint64_t irqs;
	uint64_t irqs_dropped;
	uint64_t resets;
	uint64_t messages;
	uint64_t rejected;
	uint64_t connections;
};

/**
 * vfu_create() - make a server; it does not listen yet
 * @config: the device; copied
 * @out: the server, owned by the caller
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int vfu_create(const struct vfu_config *config, struct vfu **out);

/**
 * vfu_start() - start the protocol thread
 * @vfu: the server, not started
 * @listen_fd: a listening socket that does not block; the server's from now on, also on
 *	failure
 *
 * Clients are served one after the other; one that connects meanwhile waits.
 *
 * Return: 0 or the negative errno of pthread_create.
 */
int vfu_start(struct vfu *vfu, int listen_fd);

/**
 * vfu_serve() - serve one connected client on the calling thread
 * @vfu: a server without a running protocol thread
 * @fd: a connected stream socket; ownership passes
 *
 * Returns when the client is gone or vfu_stop() is called, after the disconnect reset.
 */
void vfu_serve(struct vfu *vfu, int fd);

/**
 * vfu_stop() - end the protocol thread, drop the client, close the listening socket
 * @vfu: the server; calling it twice is harmless
 *
 * Must not be called from a callback.
 */
void vfu_stop(struct vfu *vfu);

/**
 * vfu_hang_up() - end the client's connection, from any thread, right before the process ends
 * @vfu: the server; without a client nothing happens
 */
void vfu_hang_up(struct vfu *vfu);

/**
 * vfu_destroy() - stop and free
 * @vfu: the server or NULL; no other thread may use it any more
 */
void vfu_destroy(struct vfu *vfu);

/**
 * vfu_get_counters() - snapshot of the traffic counters
 * @vfu: the server
 * @out: filled; each value is exact, the set is not atomic
 */
void vfu_get_counters(const struct vfu *vfu, struct vfu_counters *out);

/**
 * vfu_irq_raise() - signal an interrupt
 * @vfu: the server
 * @vector: 0 to vfu_config.vectors - 1
 *
 * While no eventfd is assigned the vector becomes pending (seen in the PBA) and is
 * delivered once on assignment. Never blocks.
 *
 * Return: 0 delivered or pending, -EPERM bus mastering is off (the message is lost, as
 * on real PCIe), -EINVAL no such vector.
 */
int vfu_irq_raise(struct vfu *vfu, unsigned int vector);

/** vfu_bus_master() - whether the guest allows DMA and interrupts */
bool vfu_bus_master(const struct vfu *vfu);

/* Access rights for vfu_dma_translate(), from the device's point of view. */
#define VFU_DMA_READ 1u
#define VFU_DMA_WRITE 2u

/**
 * vfu_dma_window_open() - begin a short section that may touch guest memory
 * @vfu: the server
 *
 * Pointers from vfu_dma_translate() are good until vfu_dma_window_close(). DMA_UNMAP,
 * loss of bus mastering and resets wait for open windows: copy and get out, never compute
 * or block inside. Windows of several threads overlap; one thread must not nest them.
 *
 * Return: 0 with the window open, or -EPERM (bus mastering is off) with no window.
 */
int vfu_dma_window_open(struct vfu *vfu);

/**
 * vfu_dma_window_close() - end the section
 * @vfu: the server
 */
void vfu_dma_window_close(struct vfu *vfu);

/**
 * vfu_dma_translate() - host address of guest memory, inside a window
 * @vfu: the server, with a window open on this thread
 * @addr: bus address
 * @access: VFU_DMA_READ, VFU_DMA_WRITE or both
 * @len: in: bytes wanted, not zero; out: bytes that follow contiguously in the host,
 *	never more than wanted
 *
 * Return: the pointer, or NULL when @addr is not mapped, has no memory behind it that
 * can be shared, or does not grant @access.
 */
void *vfu_dma_translate(struct vfu *vfu, uint64_t addr, unsigned int access, size_t *len);

/**
 * vfu_dma_copy_in() - read guest memory, inside a window
 * @vfu: the server, with a window open on this thread
 * @addr: bus address; the range may span several mappings
 * @buf: destination
 * @len: bytes
 *
 * Return: 0, or -EFAULT with @buf untouched when any part is not readable.
 */
int vfu_dma_copy_in(struct vfu *vfu, uint64_t addr, void *buf, size_t len);

/**
 * vfu_dma_copy_out() - write guest memory, inside a window
 * @vfu: the server, with a window open on this thread
 * @addr: bus address; the range may span several mappings
 * @buf: source
 * @len: bytes
 *
 * Return: 0, or -EFAULT with nothing written when any part is not writable.
 */
int vfu_dma_copy_out(struct vfu *vfu, uint64_t addr, const void *buf, size_t len);

/**
 * vfu_dma_read() - vfu_dma_copy_in() in a window of its own
 *
 * Return: 0, -EPERM or -EFAULT.
 */
int vfu_dma_read(struct vfu *vfu, uint64_t addr, void *buf, size_t len);

/**
 * vfu_dma_write() - vfu_dma_copy_out() in a window of its own
 *
 * Return: 0, -EPERM or -EFAULT.
 */
int vfu_dma_write(struct vfu *vfu, uint64_t addr, const void *buf, size_t len);

/**
 * vfu_dma_load32() - read one shared word as a single access, acquire order, in a window
 * @vfu: the server, with a window open on this thread
 * @addr: bus address, naturally aligned
 * @val: where it goes
 *
 * Return: 0, -EFAULT when it is not readable, or -EINVAL when misaligned.
 */
int vfu_dma_load32(struct vfu *vfu, uint64_t addr, uint32_t *val);

/** vfu_dma_load64() - as vfu_dma_load32(), eight bytes */
int vfu_dma_load64(struct vfu *vfu, uint64_t addr, uint64_t *val);

/**
 * vfu_dma_store32() - write one shared word as a single access, release order, in a window
 * @vfu: the server, with a window open on this thread
 * @addr: bus address, naturally aligned
 * @val: the word; a guest that sees it sees every earlier DMA write too
 *
 * Return: 0, -EFAULT when it is not writable, or -EINVAL when misaligned.
 */
int vfu_dma_store32(struct vfu *vfu, uint64_t addr, uint32_t val);

/** vfu_dma_store64() - as vfu_dma_store32(), eight bytes */
int vfu_dma_store64(struct vfu *vfu, uint64_t addr, uint64_t val);

#endif
