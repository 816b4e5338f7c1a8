/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_H
#define TSR_COMPLIANCE_H

/**
 * DOC: Compliance engine
 *
 * A pure function from facts about a device, one version of a rule and a set of policy switches
 * to a report. The report holds computed values beside quoted thresholds; the classification
 * itself remains the exporter's act. The same input always gives the same bytes.
 *
 * All arithmetic is exact (rational numbers); a value is shortened only where it is shown, by
 * truncation toward zero, and marked there. docs/compliance.md explains the quantities, the
 * switches and the report.
 *
 * Threads: objects may be used by one thread at a time; rules may be shared between threads once
 * loaded. Memory: running out of memory ends the process, as it does in GMP, because a report must
 * never be shorter than its facts. Strings given to the library are copied.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tsr_compliance_facts;
struct tsr_compliance_rules;

/** Name of the JSON form of the facts; the "schema" member of every facts file. */
#define TSR_COMPLIANCE_FACTS_SCHEMA "tessera-compliance-facts/1"

/** Index meaning "this quantity belongs to no list element". */
#define TSR_COMPLIANCE_NO_INDEX 0u

/**
 * struct tsr_compliance_error - what went wrong, for a person
 * @text: one sentence naming the field or file and what is expected there
 *
 * Every function taking one accepts NULL.
 */
struct tsr_compliance_error {
	char text[512];
};

/**
 * enum tsr_compliance_origin - where a figure comes from
 * @TSR_COMPLIANCE_ASSERTED: a vendor's statement: data sheet, SKU sheet, fuse words that repeat it
 * @TSR_COMPLIANCE_REPORTED: the device's own registers and fuses
 * @TSR_COMPLIANCE_MEASURED: a measurement on the device
 *
 * Figures of different origin are kept side by side and never combined into one.
 */
enum tsr_compliance_origin {
	TSR_COMPLIANCE_ASSERTED,
	TSR_COMPLIANCE_REPORTED,
	TSR_COMPLIANCE_MEASURED,
	TSR_COMPLIANCE_ORIGINS
};

/**
 * enum tsr_compliance_unit_kind - technology of a processing unit
 * @TSR_COMPLIANCE_DIGITAL: digital multiply-accumulate hardware
 * @TSR_COMPLIANCE_ANALOG: analog compute-in-memory; the current text does not name it
 */
enum tsr_compliance_unit_kind {
	TSR_COMPLIANCE_DIGITAL,
	TSR_COMPLIANCE_ANALOG
};

/**
 * enum tsr_compliance_encoding - how a number format stores its elements
 * @TSR_COMPLIANCE_PLAIN: every element carries all its bits
 * @TSR_COMPLIANCE_TF32: 19 significant bits in a 32-bit container
 * @TSR_COMPLIANCE_BLOCK: elements sharing one scale (MX and similar)
 */
enum tsr_compliance_encoding {
	TSR_COMPLIANCE_PLAIN,
	TSR_COMPLIANCE_TF32,
	TSR_COMPLIANCE_BLOCK
};

/**
 * enum tsr_compliance_die_kind - what a die holds
 * @TSR_COMPLIANCE_LOGIC: computing logic, caches included
 * @TSR_COMPLIANCE_IO: input and output; counts as logic when made on a non-planar process
 * @TSR_COMPLIANCE_MEMORY: a memory stack; never part of the applicable die area
 */
enum tsr_compliance_die_kind {
	TSR_COMPLIANCE_LOGIC,
	TSR_COMPLIANCE_IO,
	TSR_COMPLIANCE_MEMORY
};

/**
 * enum tsr_compliance_cap_target - which figure of a processing unit a cap limits
 * @TSR_COMPLIANCE_CAP_CLOCK: the clock, in Hz
 * @TSR_COMPLIANCE_CAP_COUNT: the number of enabled elements of the unit
 * @TSR_COMPLIANCE_CAP_RATE: the dense rate of one format or of all, in MAC/s
 */
enum tsr_compliance_cap_target {
	TSR_COMPLIANCE_CAP_CLOCK,
	TSR_COMPLIANCE_CAP_COUNT,
	TSR_COMPLIANCE_CAP_RATE
};

/**
 * enum tsr_compliance_quantity - figures that can be set
 * @TSR_COMPLIANCE_UNIT_CLOCK: highest clock of unit @item: "Hz", "kHz", "MHz", "GHz"
 * @TSR_COMPLIANCE_UNIT_COUNT: identical elements in unit @item (tiles, cores): "1"; one if not set
 * @TSR_COMPLIANCE_MACS_PER_CYCLE: multiply-accumulates per cycle of one element of unit @item in
 *	format @sub, dense: "MAC/cycle"
 * @TSR_COMPLIANCE_DENSE_RATE: peak dense rate of the whole unit @item in format @sub: "MAC/s",
 *	"TMAC/s", or counting each multiply-accumulate as two operations "OP/s", "TOPS"
 * @TSR_COMPLIANCE_SPARSE_MACS_PER_CYCLE: MACS_PER_CYCLE with structured sparsity; shown, never used
 *	for TPP
 * @TSR_COMPLIANCE_SPARSE_RATE: DENSE_RATE with structured sparsity; shown, never used for TPP
 * @TSR_COMPLIANCE_DIE_AREA: area of one die of entry @item: "mm2"
 * @TSR_COMPLIANCE_DIE_NONPLANAR: made on a FinFET or gate-all-around process: truth value
 * @TSR_COMPLIANCE_IO_RATE: aggregate bidirectional transfer rate of the package over all inputs and
 *	outputs, volatile memory excluded: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_DRAM_BANDWIDTH: total DRAM bandwidth of the package: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_HBM_BANDWIDTH: bandwidth of one HBM package: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_HBM_AREA: area of that HBM package: "mm2"
 * @TSR_COMPLIANCE_HBM_COPACKAGED: packaged together with logic that is the dominant function: truth
 * @TSR_COMPLIANCE_VIRTUAL: a model of a part, not silicon: truth value
 * @TSR_COMPLIANCE_DATACENTRE: designed or marketed for use in data centres: truth value
 * @TSR_COMPLIANCE_BOARD_PACKAGES: identical packages on one board: "1"
 * @TSR_COMPLIANCE_BOARD_IO_RATE: as IO_RATE, for the board: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_BOARD_DRAM_BANDWIDTH: as DRAM_BANDWIDTH, for the board: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_NODE_BOARDS: identical boards in one node: "1"
 * @TSR_COMPLIANCE_NODE_IO_RATE: as IO_RATE, for the node: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_NODE_DRAM_BANDWIDTH: as DRAM_BANDWIDTH, for the node: "GB/s", "MB/s"
 * @TSR_COMPLIANCE_TRANSISTORS: approximate transistor count of the package: "1"
 * @TSR_COMPLIANCE_SERIAL: device serial: text
 * @TSR_COMPLIANCE_FIRMWARE: firmware measurement (hash): text
 * @TSR_COMPLIANCE_QUANTITIES: number of quantities
 *
 * A quoted name is a unit accepted with the figure; where there are several, all are converted
 * exactly. A truth value is "true", "false" or "unknown" with no unit.
 */
enum tsr_compliance_quantity {
	TSR_COMPLIANCE_UNIT_CLOCK,
	TSR_COMPLIANCE_UNIT_COUNT,
	TSR_COMPLIANCE_MACS_PER_CYCLE,
	TSR_COMPLIANCE_DENSE_RATE,
	TSR_COMPLIANCE_SPARSE_MACS_PER_CYCLE,
	TSR_COMPLIANCE_SPARSE_RATE,
	TSR_COMPLIANCE_DIE_AREA,
	TSR_COMPLIANCE_DIE_NONPLANAR,
	TSR_COMPLIANCE_IO_RATE,
	TSR_COMPLIANCE_DRAM_BANDWIDTH,
	TSR_COMPLIANCE_HBM_BANDWIDTH,
	TSR_COMPLIANCE_HBM_AREA,
	TSR_COMPLIANCE_HBM_COPACKAGED,
	TSR_COMPLIANCE_VIRTUAL,
	TSR_COMPLIANCE_DATACENTRE,
	TSR_COMPLIANCE_BOARD_PACKAGES,
	TSR_COMPLIANCE_BOARD_IO_RATE,
	TSR_COMPLIANCE_BOARD_DRAM_BANDWIDTH,
	TSR_COMPLIANCE_NODE_BOARDS,
	TSR_COMPLIANCE_NODE_IO_RATE,
	TSR_COMPLIANCE_NODE_DRAM_BANDWIDTH,
	TSR_COMPLIANCE_TRANSISTORS,
	TSR_COMPLIANCE_SERIAL,
	TSR_COMPLIANCE_FIRMWARE,
	TSR_COMPLIANCE_QUANTITIES
};

/**
 * struct tsr_compliance_figure - one figure with its evidence
 * @value: decimal ("826", "1.41e9"), fraction ("1/3"), truth value or text, by quantity
 * @unit: unit of @value as listed at enum tsr_compliance_quantity; NULL for truth values and text
 * @origin: where it comes from
 * @source: the document, register or benchmark, in words; required
 * @time: when it was stated, read or measured: a day, "YYYY-MM-DD", or a moment,
 *	"YYYY-MM-DDThh:mm:ss" and "Z" or an offset "+hh:mm"; NULL if not known
 */
struct tsr_compliance_figure {
	const char *value;
	const char *unit;
	enum tsr_compliance_origin origin;
	const char *source;
	const char *time;
};

/**
 * struct tsr_compliance_unit - description of a processing unit
 * @name: unique name ("tensor-tile")
 * @kind: digital or analog
 * @group: units of the same group can run at the same time, units of different groups cannot;
 *	NULL: can run beside every other unit
 * @die: name of the die entry that holds the unit, spread evenly over its count; NULL: not known
 */
struct tsr_compliance_unit {
	const char *name;
	enum tsr_compliance_unit_kind kind;
	const char *group;
	const char *die;
};

/**
 * struct tsr_compliance_format - description of a number format of a unit
 * @name: unique within the unit ("int8")
 * @bits: digital: largest bit length among the inputs of the multiply (block: of one element;
 *	TF32: 32); analog: 0
 * @output_bits: largest bit length of the output; 0 if not known
 * @encoding: how elements are stored
 * @scale_bits: block: bits of the shared scale
 * @block_elements: block: elements sharing it
 * @dac_bits: analog: resolution of the input converter
 * @weight_bits: analog: bits of a stored weight
 */
struct tsr_compliance_format {
	const char *name;
	unsigned int bits;
	unsigned int output_bits;
	enum tsr_compliance_encoding encoding;
	unsigned int scale_bits;
	unsigned int block_elements;
	unsigned int dac_bits;
	unsigned int weight_bits;
};

/**
 * struct tsr_compliance_cap - a limit below the hardware's peak
 * @name: what it is ("fused-off tiles")
 * @irreversible: non-zero for fuses that nothing can undo; only these lower TPP. Firmware, driver
 *	and power caps are listed as information.
 * @unit: name of the processing unit
 * @format: for CAP_RATE, the format; NULL: all formats of the unit
 * @target: what is limited
 * @limit: highest value that remains possible, in the target's unit
 */
struct tsr_compliance_cap {
	const char *name;
	int irreversible;
	const char *unit;
	const char *format;
	enum tsr_compliance_cap_target target;
	struct tsr_compliance_figure limit;
};

/**
 * struct tsr_compliance_setting - one policy switch set by the caller
 * @name: switch name, see tsr_compliance_policy_describe()
 * @value: one of its values
 */
struct tsr_compliance_setting {
	const char *name;
	const char *value;
};

/**
 * struct tsr_compliance_options - how to evaluate
 * @size: sizeof(struct tsr_compliance_options), so that members can be added
 * @rule: id of a rule version ("us-ecfr-2026-09-01"); NULL: the one in force on @date
 * @date: date asked, "YYYY-MM-DD"; needed when @rule is NULL. The engine never reads a clock.
 * @policy: switches that differ from their defaults; may be NULL
 * @policy_count: number of entries in @policy
 */
struct tsr_compliance_options {
	size_t size;
	const char *rule;
	const char *date;
	const struct tsr_compliance_setting *policy;
	size_t policy_count;
};

/**
 * tsr_compliance_rules_path() - where the rule data is
 *
 * Return: the file named by the environment variable TESSERA_COMPLIANCE_RULES, otherwise the
 * installed $datadir/tessera/compliance/rules.json. Valid until the environment changes.
 */
const char *tsr_compliance_rules_path(void);

/**
 * tsr_compliance_rules_load() - read and check a rule data file
 * @path: file
 * @rules: set to a new object; free with tsr_compliance_rules_free()
 * @error: filled on failure
 *
 * Return: 0; -ENOENT or another errno of opening the file; -EINVAL if its content is not valid
 * rule data.
 */
int tsr_compliance_rules_load(const char *path, struct tsr_compliance_rules **rules,
			      struct tsr_compliance_error *error);

/**
 * tsr_compliance_rules_free() - free rules
 * @rules: object or NULL
 */
void tsr_compliance_rules_free(struct tsr_compliance_rules *rules);

/**
 * tsr_compliance_rules_id() - enumerate the rule versions
 * @rules: rules
 * @index: 0, 1, ... in order of effective date
 *
 * Return: the id of a version, owned by @rules, or NULL past the last one.
 */
const char *tsr_compliance_rules_id(const struct tsr_compliance_rules *rules, size_t index);

/**
 * tsr_compliance_rules_in_force() - the rule version that applies on a date
 * @rules: rules
 * @date: "YYYY-MM-DD"
 *
 * The version with the newest effective date that is not after @date; of two with the same date
 * the consolidated text goes before the amendment.
 *
 * Return: its id, owned by @rules, or NULL if @date is malformed or before the first version.
 */
const char *tsr_compliance_rules_in_force(const struct tsr_compliance_rules *rules,
					  const char *date);

/**
 * tsr_compliance_policy_describe() - enumerate the policy switches
 * @index: 0, 1, ...
 * @name: set to the switch's name
 * @values: set to its values separated by '|', the default first
 * @meaning: set to one sentence
 *
 * Return: 0, or -ENOENT past the last switch. Strings are static.
 */
int tsr_compliance_policy_describe(size_t index, const char **name, const char **values,
				   const char **meaning);

/**
 * tsr_compliance_facts_create() - start an empty set of facts
 * @vendor: maker, or NULL
 * @name: product name; required
 * @facts: set to a new object; free with tsr_compliance_facts_free()
 *
 * The facts describe one package (one integrated circuit as sold), see also
 * TSR_COMPLIANCE_BOARD_PACKAGES and TSR_COMPLIANCE_NODE_BOARDS.
 *
 * Return: 0, or -EINVAL if @name is NULL, empty, longer than 128 bytes or not UTF-8.
 */
int tsr_compliance_facts_create(const char *vendor, const char *name,
				struct tsr_compliance_facts **facts);

/**
 * tsr_compliance_facts_from_json() - read facts in their JSON form
 * @json: text, UTF-8
 * @size: bytes of @json
 * @facts: set to a new object; free with tsr_compliance_facts_free()
 * @error: filled on failure with the path of the offending member
 *
 * Unknown members are refused: a misspelt fact must not silently count as absent. So are members
 * that are given twice, and strings with a NUL.
 *
 * Return: 0, or -EINVAL.
 */
int tsr_compliance_facts_from_json(const char *json, size_t size,
				   struct tsr_compliance_facts **facts,
				   struct tsr_compliance_error *error);

/**
 * tsr_compliance_facts_free() - free facts
 * @facts: object or NULL
 */
void tsr_compliance_facts_free(struct tsr_compliance_facts *facts);

/**
 * tsr_compliance_facts_add_die() - add a kind of die of the package
 * @facts: facts
 * @name: unique name
 * @kind: what it holds
 * @count: how many identical dies of this entry the package has, at least 1
 * @error: filled on failure
 *
 * Return: index of the new entry, or -EINVAL, -EEXIST.
 */
int tsr_compliance_facts_add_die(struct tsr_compliance_facts *facts, const char *name,
				 enum tsr_compliance_die_kind kind, unsigned int count,
				 struct tsr_compliance_error *error);

/**
 * tsr_compliance_facts_add_unit() - add a processing unit of the package
 * @facts: facts
 * @unit: description; a die named there must have been added before
 * @error: filled on failure
 *
 * Return: index of the new entry, or -EINVAL, -EEXIST.
 */
int tsr_compliance_facts_add_unit(struct tsr_compliance_facts *facts,
				  const struct tsr_compliance_unit *unit,
				  struct tsr_compliance_error *error);

/**
 * tsr_compliance_facts_add_format() - add a number format to a processing unit
 * @facts: facts
 * @unit: index of the unit
 * @format: description
 * @error: filled on failure
 *
 * Return: index of the new entry within the unit, or -EINVAL, -EEXIST.
 */
int tsr_compliance_facts_add_format(struct tsr_compliance_facts *facts, unsigned int unit,
				    const struct tsr_compliance_format *format,
				    struct tsr_compliance_error *error);

/**
 * tsr_compliance_facts_add_cap() - add a cap
 * @facts: facts
 * @cap: description; its unit (and format) must have been added before
 * @error: filled on failure
 *
 * Return: 0, or -EINVAL.
 */
int tsr_compliance_facts_add_cap(struct tsr_compliance_facts *facts,
				 const struct tsr_compliance_cap *cap,
				 struct tsr_compliance_error *error);

/**
 * tsr_compliance_facts_set() - set one figure
 * @facts: facts
 * @quantity: which quantity
 * @item: index of the unit or die; TSR_COMPLIANCE_NO_INDEX where there is none
 * @sub: index of the format within the unit; TSR_COMPLIANCE_NO_INDEX where there is none
 * @figure: the figure
 * @error: filled on failure
 *
 * A quantity has at most one figure of each origin.
 *
 * Return: 0, -EINVAL, or -EEXIST if there is already a figure of that origin.
 */
int tsr_compliance_facts_set(struct tsr_compliance_facts *facts,
			     enum tsr_compliance_quantity quantity, unsigned int item,
			     unsigned int sub, const struct tsr_compliance_figure *figure,
			     struct tsr_compliance_error *error);

/**
 * tsr_compliance_evaluate() - compute the report
 * @facts: facts with at least one processing unit that has at least one format
 * @rules: rules
 * @options: rule version or date, and policy switches
 * @json: set to the report as JSON text; free with free()
 * @error: filled on failure
 *
 * Return: 0; -EINVAL for unusable facts or options, among them a switch set against what the text
 * of the version settles; -ENOENT if no rule version has the id asked or none was in force on the
 * date asked.
 */
int tsr_compliance_evaluate(const struct tsr_compliance_facts *facts,
			    const struct tsr_compliance_rules *rules,
			    const struct tsr_compliance_options *options, char **json,
			    struct tsr_compliance_error *error);

/**
 * tsr_compliance_render_text() - the report for a person at a terminal
 * @json: a report made by tsr_compliance_evaluate()
 * @columns: width, 72 or more; less is taken as 72
 * @text: set to the text; free with free()
 * @error: filled on failure
 *
 * Return: 0, or -EINVAL if @json is not such a report.
 */
int tsr_compliance_render_text(const char *json, unsigned int columns, char **text,
			       struct tsr_compliance_error *error);

#ifdef __cplusplus
}
#endif

#endif
