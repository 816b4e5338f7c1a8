// SPDX-License-Identifier: MIT
#include "policy.h"

#include <errno.h>
#include <string.h>

#include "tessera-compliance.h"
#include "fail.h"

#define MOST_VALUES 4

struct description {
	const char *name;
	const char *values; /* as shown to people */
	const char *value[MOST_VALUES + 1];
	const char *meaning;
};

static const struct description switches[CPL_SWITCHES] = {
	[CPL_LEVEL] = {
		"level", "package|die|board|node", { "package", "die", "board", "node" },
		"What is taken as one integrated circuit for the headline result."
	},
	[CPL_SUM] = {
		"sum", "all|concurrent|largest", { "all", "concurrent", "largest" },
		"Processing units added: all of them, those that can run at the same time, or the largest alone."
	},
	[CPL_FORMATS] = {
		"formats", "each-unit|common", { "each-unit", "common" },
		"Number format when several units are added: the best of each unit, or one bit length for all."
	},
	[CPL_BIT_LENGTH] = {
		"bit-length", "inputs|inputs-and-output", { "inputs", "inputs-and-output" },
		"Bit length of an operation: the widest input of the multiply, or the output too."
	},
	[CPL_TF32] = {
		"tf32", "32|19", { "32", "19" },
		"Bit length of TF32: its container, or its significant bits."
	},
	[CPL_BLOCK_SCALE] = {
		"block-scale", "element|with-scale", { "element", "with-scale" },
		"Bit length of block formats: one element, or with its share of the scale."
	},
	[CPL_ANALOG] = {
		"analog", "as-digital|excluded|times-8", { "as-digital", "excluded", "times-8" },
		"Analog compute-in-memory: by converter and weight bits, left out, or TOPS x 8 as in 2022."
	},
	[CPL_CAPS] = {
		"caps", "irreversible|none|all", { "irreversible", "none", "all" },
		"Caps that lower the peak: fuses only, none, or also firmware and driver limits."
	},
	[CPL_DECLARED] = {
		"declared", "strictest|reported|asserted|with-measured",
		{ "strictest", "reported", "asserted", "with-measured" },
		"Figure used where origins differ: the stricter, the device's, the vendor's, or any."
	},
	[CPL_UNKNOWN_DATACENTRE] = {
		"unknown-datacentre", "datacentre|not-datacentre",
		{ "datacentre", "not-datacentre" },
		"How a part counts whose data-centre use is not known."
	},
};

void cpl_policy_init(struct cpl_policy *policy)
{
	memset(policy, 0, sizeof(*policy));
}

enum cpl_switch cpl_switch_find(const char *name)
{
	int which = 0;

	while (which < CPL_SWITCHES && strcmp(switches[which].name, name))
		which++;
	return (enum cpl_switch)which;
}

const char *cpl_switch_name(enum cpl_switch which)
{
	return switches[which].name;
}

const char *cpl_switch_value(enum cpl_switch which, unsigned int value)
{
	return value < MOST_VALUES ? switches[which].value[value] : NULL;
}

int tsr_compliance_policy_describe(size_t index, const char **name, const char **values,
				   const char **meaning)
{
	if (index >= CPL_SWITCHES)
		return -ENOENT;
	*name = switches[index].name;
	*values = switches[index].values;
	*meaning = switches[index].meaning;
	return 0;
}

static int set_value(struct cpl_policy *policy, enum cpl_switch which, const char *value,
		     struct tsr_compliance_error *error)
{
	for (unsigned int i = 0; cpl_switch_value(which, i); i++) {
		if (!strcmp(cpl_switch_value(which, i), value)) {
			policy->value[which] = i;
			return 0;
		}
	}
	return cpl_fail(error, -EINVAL, "policy %s: '%s' is not one of %s", switches[which].name,
			value, switches[which].values);
}

int cpl_policy_set(struct cpl_policy *policy, const char *name, const char *value,
		   struct tsr_compliance_error *error)
{
	enum cpl_switch which = cpl_switch_find(name);

	if (which == CPL_SWITCHES)
		return cpl_fail(error, -EINVAL, "policy '%s': there is no such switch", name);
	return set_value(policy, which, value, error);
}
