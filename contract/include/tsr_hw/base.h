/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Fixed-width types of the hardware contract.
 *
 * Everything the device and the host share is little-endian; the __le types
 * let sparse check the kernel side. The management core and all supported
 * userspace hosts are little-endian, so there the types are plain integers.
 */
#ifndef TSR_HW_BASE_H
#define TSR_HW_BASE_H

#ifdef __linux__
#include <linux/types.h>
#else
#include <stdint.h>

typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef uint16_t __le16;
typedef uint32_t __le32;
typedef uint64_t __le64;
#endif

/* C++ has the same under another name. */
#if defined(__cplusplus) && !defined(_Static_assert)
#define _Static_assert static_assert
#endif

/* A struct of the contract has exactly this size, on every compiler. */
#define TSR_HW_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), #type " changed size")

#define TSR_HW_OFFSET(type, member, offset) \
	_Static_assert(__builtin_offsetof(type, member) == (offset), \
		       #type "." #member " moved")

#endif
