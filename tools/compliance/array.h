/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_ARRAY_H
#define TSR_COMPLIANCE_ARRAY_H

/** ARRAY_SIZE() - number of elements of an array. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
