/* SPDX-License-Identifier: MIT */
/* What SIN, COS and ATAN take from tables (written by tests/generate_angle_table.py). */
#ifndef VNPU_NUMBER_ANGLE_TABLE_H
#define VNPU_NUMBER_ANGLE_TABLE_H

/* Powers of two that an fp32 can lie above: 2^-149 to 2^127. */
#define QUARTER_LOWEST	(-149)
#define QUARTER_ENTRIES	277

/**
 * struct quarters - how many quarter turns 2^e radians are: 2^e * 2 / pi
 * @high: its first 29 bits
 * @middle: its next 29 bits
 * @low: the rest, as far as an fp64 has it
 *
 * Multiples of four quarters are left out, as far as they stay multiples when 24 bits of
 * mantissa below 2 multiply them. Products of these with @high and @middle are exact.
 */
struct quarters {
	double high;
	double middle;
	double low;
};

extern const struct quarters quarters_table[QUARTER_ENTRIES];

#define ATAN_PER_UNIT	16
#define ATAN_ENTRIES	17

/**
 * struct atan_entry - an angle
 * @high: in fp64
 * @low: what @high lacks
 */
struct atan_entry {
	double high;
	double low;
};

/* Arc tangents of c = 0, 1/16 ... 1; behind them pi / 2 less these. */
extern const struct atan_entry atan_table[2 * ATAN_ENTRIES];

#endif
