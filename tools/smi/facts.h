/* SPDX-License-Identifier: MIT */
/* A device's own statements, as facts for the compliance engine. */
#ifndef TSR_SMI_FACTS_H
#define TSR_SMI_FACTS_H

struct tsr_compliance_error;
struct tsr_compliance_facts;
struct tsr_device;

/**
 * smi_facts() - read the facts of a device
 * @time: ISO 8601, when they are read
 * @facts: out, freed with tsr_compliance_facts_free()
 * @error: filled on failure
 *
 * Rates and clock are reported by the fuses; dies and market are the vendor's
 * assertion that the fuses repeat, and stay asserted.
 *
 * Return: 0 or a negative errno.
 */
int smi_facts(struct tsr_device *device, const char *time, struct tsr_compliance_facts **facts,
	      struct tsr_compliance_error *error);

#endif
