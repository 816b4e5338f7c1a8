/* SPDX-License-Identifier: MIT */
/* tessera-smi: one file per command, all of them over the same few helpers. */
#ifndef TSR_SMI_H
#define TSR_SMI_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

/* Exit status, as documented in docs/man/tessera-smi.1. */
enum smi_exit {
	SMI_OK = 0,
	SMI_USAGE = 2,
	SMI_NOT_SUPPORTED = 3,
	SMI_NO_PERMISSION = 4,
	SMI_NOT_FOUND = 6,
	SMI_NO_DRIVER = 9,
	SMI_DEVICE_LOST = 15,
	SMI_VERSION_MISMATCH = 18,
	SMI_OTHER = 255,
};

/** SMI_ALL_DEVICES - no --device was given */
#define SMI_ALL_DEVICES	(-1)

/** SMI_POLICIES_MAX - policy switches one call may set */
#define SMI_POLICIES_MAX	32

/** struct smi_options - what the command line asked for */
struct smi_options {
	int device;
	bool json;
	const char *rule;	/* compliance: NULL for the one in force */
	const char *date;	/* compliance: NULL for today */
	const char *rules;	/* compliance: rule data, NULL for the installed one */
	char *policy[SMI_POLICIES_MAX];	/* compliance: NAME=VALUE */
	unsigned int policies;
};

int smi_list(const struct smi_options *options);
int smi_show(const struct smi_options *options);
int smi_compliance(const struct smi_options *options);

struct tsr_device;

/** smi_exit_of() - exit status for a negative errno of the library. */
enum smi_exit smi_exit_of(int error);

/** smi_report() - say on standard error what failed. Return: smi_exit_of(@error). */
enum smi_exit smi_report(int error);

/**
 * smi_each_device() - call @visit with each NPU that @options selects, open
 *
 * Stops at the first that fails. Return: exit status.
 */
int smi_each_device(const struct smi_options *options,
		    int (*visit)(struct tsr_device *device, unsigned int index, void *context),
		    void *context);

/** smi_document() - the outermost JSON object: {"schema": 1, @key: @value}; takes @value. */
struct json_object *smi_document(const char *key, struct json_object *value);

/** smi_print_json() - print @document, sorted as built, and release it. */
void smi_print_json(struct json_object *document);

/** smi_text(), smi_number() - members of a JSON object, "" and 0 when absent. */
const char *smi_text(struct json_object *object, const char *key);
double smi_number(struct json_object *object, const char *key);

/** smi_sku_name() - "edge", ...; "unknown" for a code this version does not know. */
const char *smi_sku_name(uint32_t sku);

/** smi_hex() - @count bytes as lower-case hexadecimal digits into @text (2 * @count + 1). */
void smi_hex(const uint8_t *bytes, unsigned int count, char *text);

#endif
