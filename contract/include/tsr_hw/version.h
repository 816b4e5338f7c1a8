/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from contract/version.yaml by contract/generate; do not edit. */
/*
 * Version of the host-firmware interface and of the program format.
 *
 * A host and a firmware agree on one interface version inside both ranges, or refuse each other
 * naming both ranges. The boot block and the image header are frozen and lie outside this
 * versioning.
 */
#ifndef TSR_HW_VERSION_H
#define TSR_HW_VERSION_H

/* oldest interface version this contract describes */
#define TSR_HW_ABI_VERSION_MIN		2
/* newest interface version this contract describes */
#define TSR_HW_ABI_VERSION_MAX		2

/* Features that a host offers and a firmware accepts. */
#define TSR_HW_FEATURE_PROFILE		(1ull << 0)	/* per-node records */
#define TSR_HW_FEATURE_REPEAT		(1ull << 1)	/* job repeat count and slot strides */
#define TSR_HW_FEATURE_PARAMETERS	(1ull << 2)	/* parameters of a job */
#define TSR_HW_FEATURE_STRICT		(1ull << 3)	/* jobs with TSR_HW_JOB_STRICT */
#define TSR_HW_FEATURE_SEALED		(1ull << 4)	/* jobs with TSR_HW_JOB_SEALED */
#define TSR_HW_FEATURE_GROUPS		(1ull << 5)	/* programs with residency groups */
/* all of them */
#define TSR_HW_FEATURES			(TSR_HW_FEATURE_PROFILE | TSR_HW_FEATURE_REPEAT | \
					 TSR_HW_FEATURE_PARAMETERS | TSR_HW_FEATURE_STRICT | \
					 TSR_HW_FEATURE_SEALED | TSR_HW_FEATURE_GROUPS)

#endif
