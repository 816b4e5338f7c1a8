/* SPDX-License-Identifier: MIT */
/* tessera-smi: one file per command, all of them over the same few helpers. */
#ifndef TSR_SMI_H
#define TSR_SMI_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include <tessera.h>

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

/** SMI_POLICIES_MAX - policy switches one call may set */
#define SMI_POLICIES_MAX	32

/** struct smi_options - what the command line asked for */
struct smi_options {
	const char *device;	/* selector of tsr_device_find(), NULL for all */
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

/** enum smi_state - what a board is good for, as of this call */
enum smi_state {
	SMI_HEALTHY,
	SMI_LOST,		/* it does not answer */
	SMI_FAILED,		/* resets did not bring it back */
	SMI_NOT_STARTED,	/* the driver has no node for it */
	SMI_WITHOUT_DRIVER,
	SMI_WITHOUT_PERMISSION,
	SMI_MISMATCHED,		/* driver and library do not fit */
	SMI_UNUSABLE,
};

/**
 * struct smi_board - one NPU
 * @has_node: there is an accel node; otherwise only @entry.bus and @entry.sku are known
 * @entry: where it is
 * @state: as just asked
 * @reason: a sentence, unless healthy
 * @device: open, or NULL; of a board that is not healthy too, where it could be opened
 */
struct smi_board {
	bool has_node;
	struct tsr_device_entry entry;
	enum smi_state state;
	char reason[384];
	struct tsr_device *device;
};

/** smi_visit - what a command does with a board. Return: exit status. */
typedef int (*smi_visit)(struct smi_board *board, void *context);

/** SMI_NO_BOARD - smi_each_board() has found none; no exit status of the program */
#define SMI_NO_BOARD	(-1)

/**
 * smi_each_board() - call @visit with each board that @options selects, in order of the bus
 *
 * All are visited, whatever happens. Return: the first exit status that is not SMI_OK.
 */
int smi_each_board(const struct smi_options *options, smi_visit visit, void *context);

/** smi_describe_board() - index, path, bus, sku, state and reason. */
struct json_object *smi_describe_board(const struct smi_board *board);

/** smi_complain() - say on standard error what is wrong with a board. Return: its exit status. */
enum smi_exit smi_complain(const struct smi_board *board);

/** smi_no_board() - say that there is none. Return: exit status. */
int smi_no_board(void);

/** smi_exit_of() - exit status for a negative errno of the library. */
enum smi_exit smi_exit_of(int error);

/**
 * smi_string() - JSON string of @size bytes or up to a NUL
 *
 * Bytes that are not UTF-8, and control characters, become U+FFFD: what a device reports must
 * neither break a parser nor steer a terminal.
 */
struct json_object *smi_string(const char *bytes, size_t size);

/** smi_document() - the outermost JSON object: {"schema": 1, @key: @value}; takes @value. */
struct json_object *smi_document(const char *key, struct json_object *value);

/**
 * smi_print_json() - print @document, sorted as built, and release it; smi_finish()
 * tells whether it arrived.
 */
void smi_print_json(struct json_object *document);

/** smi_text(), smi_number() - members of a JSON object, "" and 0 when absent. */
const char *smi_text(struct json_object *object, const char *key);
double smi_number(struct json_object *object, const char *key);

/**
 * smi_finish() - flush standard output. Return: @code, or SMI_OTHER when something was not written.
 */
int smi_finish(int code);

/** smi_hex() - @count bytes as lower-case hexadecimal digits into @text (2 * @count + 1). */
void smi_hex(const uint8_t *bytes, unsigned int count, char *text);

#endif
