/* SPDX-License-Identifier: MIT */
#ifndef TSR_SMI_FORMATS_H
#define TSR_SMI_FORMATS_H

/**
 * struct smi_format - a number format of products
 * @type: TSR_HW_TYPE_* of both operands
 * @name: as in SKU files
 * @bits: of an operand
 * @output_bits: of the accumulator
 */
struct smi_format {
	unsigned int type;
	const char *name;
	unsigned int bits;
	unsigned int output_bits;
};

/** smi_formats - in order of the types; ends with an entry without a name */
extern const struct smi_format smi_formats[];

#endif
