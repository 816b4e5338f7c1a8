/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Version of the host-firmware interface and of the program format.
 *
 * A host and a firmware agree on one interface version inside both ranges, or
 * refuse each other naming both ranges. The boot block and the image header
 * (boot.h, image.h) are frozen and lie outside this versioning.
 */
#ifndef TSR_HW_VERSION_H
#define TSR_HW_VERSION_H

#define TSR_ABI_VERSION_MIN	1
#define TSR_ABI_VERSION_MAX	1

/* Feature bits offered by the host and accepted by the firmware. */
#define TSR_ABI_FEATURE_PROFILE		(1ull << 0)	/* per-node records */
#define TSR_ABI_FEATURE_REPEAT		(1ull << 1)	/* job repeat count and slot strides */
#define TSR_ABI_FEATURES		(TSR_ABI_FEATURE_PROFILE | TSR_ABI_FEATURE_REPEAT)

#endif
