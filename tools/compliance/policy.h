/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_POLICY_H
#define TSR_COMPLIANCE_POLICY_H

#include <stddef.h>

struct tsr_compliance_error;

/** enum cpl_switch - readings of the text that a person must choose between */
enum cpl_switch {
	CPL_LEVEL,
	CPL_SUM,
	CPL_FORMATS,
	CPL_BIT_LENGTH,
	CPL_TF32,
	CPL_BLOCK_SCALE,
	CPL_ANALOG,
	CPL_CAPS,
	CPL_DECLARED,
	CPL_UNKNOWN_DATACENTRE,
	CPL_SWITCHES
};

/* Values of the switches, in the order of their names; the first is the default. */
enum cpl_level_value { CPL_PACKAGE, CPL_DIE_LEVEL, CPL_BOARD, CPL_NODE, CPL_LEVELS };
enum cpl_sum_value { CPL_SUM_ALL, CPL_SUM_CONCURRENT, CPL_SUM_LARGEST };
enum cpl_formats_value { CPL_FORMAT_OF_EACH_UNIT, CPL_FORMAT_COMMON };
enum cpl_bit_length_value { CPL_BITS_OF_INPUTS, CPL_BITS_OF_INPUTS_AND_OUTPUT };
enum cpl_tf32_value { CPL_TF32_AS_32, CPL_TF32_AS_19 };
enum cpl_block_value { CPL_BLOCK_ELEMENT, CPL_BLOCK_WITH_SCALE };
enum cpl_analog_value { CPL_ANALOG_AS_DIGITAL, CPL_ANALOG_EXCLUDED, CPL_ANALOG_TIMES_8 };
enum cpl_caps_value { CPL_CAPS_IRREVERSIBLE, CPL_CAPS_NONE, CPL_CAPS_ALL };
enum cpl_declared_value {
	CPL_DECLARED_STRICTEST,
	CPL_DECLARED_REPORTED,
	CPL_DECLARED_ASSERTED,
	CPL_DECLARED_WITH_MEASURED,
};

enum cpl_datacentre_value { CPL_UNKNOWN_IS_DATACENTRE, CPL_UNKNOWN_IS_NOT_DATACENTRE };

/** struct cpl_policy - one value for every switch */
struct cpl_policy {
	unsigned int value[CPL_SWITCHES];
};

/** cpl_policy_init() - every switch at its default. */
void cpl_policy_init(struct cpl_policy *policy);

/** cpl_policy_set() - 0, or -EINVAL with @error naming the switch and its values. */
int cpl_policy_set(struct cpl_policy *policy, const char *name, const char *value,
		   struct tsr_compliance_error *error);

/** cpl_switch_find() - the switch of this name, or CPL_SWITCHES. */
enum cpl_switch cpl_switch_find(const char *name);

/** cpl_switch_name() - name of a switch. */
const char *cpl_switch_name(enum cpl_switch which);

/** cpl_switch_value() - name of a value, or NULL past the last one. */
const char *cpl_switch_value(enum cpl_switch which, unsigned int value);

#endif
