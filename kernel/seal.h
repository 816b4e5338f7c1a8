/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seal of a buffer object: who may write it, or that its bytes do not change any more.
 *
 * As the kernel does for memfds: while there are writers it cannot be sealed, and once it
 * is sealed there are none. One atomic word decides between the two.
 */
#ifndef TSR_SEAL_H
#define TSR_SEAL_H

#include <linux/atomic.h>
#include <linux/errno.h>

/**
 * struct tsr_seal - seal of an object, open when it is zeroed
 * @writers: what may write the object: mappings of CPUs and of the device, importers; negative
 *           when it is sealed
 */
struct tsr_seal {
	atomic_t writers;
};

/**
 * tsr_seal_get_writer() - somebody wants to write
 * @seal: seal
 *
 * Return: true, and tsr_seal_put_writer() is due, or false when it is sealed.
 */
static inline bool tsr_seal_get_writer(struct tsr_seal *seal)
{
	return atomic_inc_unless_negative(&seal->writers);
}

/**
 * tsr_seal_add_writer() - one more writer beside one that there is
 * @seal: seal
 */
static inline void tsr_seal_add_writer(struct tsr_seal *seal)
{
	atomic_inc(&seal->writers);
}

/**
 * tsr_seal_put_writer() - counterpart of both
 * @seal: seal
 */
static inline void tsr_seal_put_writer(struct tsr_seal *seal)
{
	atomic_dec(&seal->writers);
}

/**
 * tsr_seal_close() - seal the object, until it is freed
 * @seal: seal
 *
 * Return: 0, also when it was sealed before, or -EBUSY while there are writers.
 */
static inline int tsr_seal_close(struct tsr_seal *seal)
{
	return atomic_cmpxchg(&seal->writers, 0, -1) > 0 ? -EBUSY : 0;
}

/**
 * tsr_seal_closed() - is the object sealed?
 * @seal: seal
 *
 * Return: true until the object is freed, once it is.
 */
static inline bool tsr_seal_closed(struct tsr_seal *seal)
{
	return atomic_read(&seal->writers) < 0;
}

#endif
