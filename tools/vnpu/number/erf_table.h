/* SPDX-License-Identifier: MIT */
/* The error function and its slope at multiples of 1/16. */
#ifndef VNPU_NUMBER_ERF_TABLE_H
#define VNPU_NUMBER_ERF_TABLE_H

#define ERF_PER_UNIT	16
#define ERF_ENTRIES	65

/**
 * struct erf_entry - at one multiple
 * @value: erf
 * @slope: its derivative
 */
struct erf_entry {
	double value;
	double slope;
};

extern const struct erf_entry erf_table[ERF_ENTRIES];

#endif
