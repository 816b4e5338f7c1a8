// SPDX-License-Identifier: MIT
#include "facts.h"

#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>
#include <tessera-compliance.h>
#include <tessera.h>

#include "tessera_accel.h"

#include "formats.h"
#include "smi.h"

/* One reading of the fuse block; the first failure sticks. */
struct reading {
	struct tsr_compliance_facts *facts;
	struct tsr_compliance_error *error;
	const struct tsr_hw_fuses *fuses;
	const char *time;
	int status;
};

static void set(struct reading *r, enum tsr_compliance_quantity quantity, int item, int sub,
		enum tsr_compliance_origin origin, const char *value, const char *unit,
		const char *source)
{
	const struct tsr_compliance_figure figure = {
		.value = value, .unit = unit, .origin = origin, .source = source, .time = r->time,
	};

	if (item < 0 || sub < 0)
		r->status = item < 0 ? item : sub;
	if (!r->status)
		r->status = tsr_compliance_facts_set(r->facts, quantity, (unsigned int)item,
						     (unsigned int)sub, &figure, r->error);
}

static void set_number(struct reading *r, enum tsr_compliance_quantity quantity, int item,
		       int sub, enum tsr_compliance_origin origin, unsigned long value,
		       const char *unit, const char *source)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", value);
	set(r, quantity, item, sub, origin, text, unit, source);
}

static void add_format(struct reading *r, int unit, const struct smi_format *of)
{
	const struct tsr_compliance_format format = {
		.name = of->name, .bits = of->bits, .output_bits = of->output_bits,
	};
	unsigned long dense = le32toh(r->fuses->macs[of->type]);
	char source[48];
	int sub;

	if (!dense || r->status || unit < 0)
		return;
	sub = tsr_compliance_facts_add_format(r->facts, (unsigned int)unit, &format, r->error);
	snprintf(source, sizeof(source), "fuse block, macs[%s]", of->name);
	set_number(r, TSR_COMPLIANCE_MACS_PER_CYCLE, unit, sub, TSR_COMPLIANCE_REPORTED, dense,
		   "MAC/cycle", source);
}

static void add_tiles(struct reading *r)
{
	const struct tsr_compliance_unit tiles = {
		.name = "tensor-tile", .kind = TSR_COMPLIANCE_DIGITAL,
	};
	int unit = tsr_compliance_facts_add_unit(r->facts, &tiles, r->error);
	const struct smi_format *format;

	set_number(r, TSR_COMPLIANCE_UNIT_CLOCK, unit, 0, TSR_COMPLIANCE_REPORTED,
		   le32toh(r->fuses->clock_khz), "kHz", "fuse block, clock_khz");
	set_number(r, TSR_COMPLIANCE_UNIT_COUNT, unit, 0, TSR_COMPLIANCE_REPORTED,
		   le16toh(r->fuses->tensor_tiles), "1", "fuse block, tensor_tiles");
	for (format = smi_formats; format->name; format++)
		add_format(r, unit, format);
}

/* Operations of 32 bits, at most; every tile has a vector unit of its own. */
static void add_vector_unit(struct reading *r)
{
	const struct tsr_compliance_unit vector = {
		.name = "vector-unit", .kind = TSR_COMPLIANCE_DIGITAL,
	};
	const struct tsr_compliance_format fp32 = { .name = "fp32", .bits = 32, .output_bits = 32 };
	unsigned long rate = (unsigned long)le16toh(r->fuses->vector_operations) *
			     le16toh(r->fuses->tensor_tiles) * le32toh(r->fuses->clock_khz) * 1000;
	int unit, format;

	if (!rate || r->status)
		return;
	unit = tsr_compliance_facts_add_unit(r->facts, &vector, r->error);
	format = unit < 0 ? unit : tsr_compliance_facts_add_format(r->facts, (unsigned int)unit,
								   &fp32, r->error);
	set_number(r, TSR_COMPLIANCE_DENSE_RATE, unit, format, TSR_COMPLIANCE_REPORTED, rate,
		   "OP/s", "fuse block, vector_operations x tensor_tiles x clock_khz");
}

static enum tsr_compliance_die_kind die_kind(uint32_t flags)
{
	if (flags & TSR_HW_DIE_LOGIC)
		return TSR_COMPLIANCE_LOGIC;
	return flags & TSR_HW_DIE_IO ? TSR_COMPLIANCE_IO : TSR_COMPLIANCE_MEMORY;
}

static const char *planarity(uint32_t flags)
{
	if (flags & TSR_HW_DIE_NON_PLANAR)
		return "true";
	return flags & TSR_HW_DIE_PLANAR ? "false" : "unknown";
}

/* The fuses give areas in 1/1000 mm^2; a decimal point keeps them exact. */
static void add_die(struct reading *r, unsigned int i)
{
	const struct tsr_hw_die *die = &r->fuses->die[i];
	unsigned long area = le32toh(die->area);
	char name[24], text[32];
	int item;

	if (r->status)
		return;
	snprintf(name, sizeof(name), "die%u (%u nm)", i, le16toh(die->process_nm));
	item = tsr_compliance_facts_add_die(r->facts, name, die_kind(le32toh(die->flags)), 1,
					    r->error);
	set(r, TSR_COMPLIANCE_DIE_NONPLANAR, item, 0, TSR_COMPLIANCE_ASSERTED,
	    planarity(le32toh(die->flags)), NULL, "vendor, repeated in the fuse block, die.flags");
	if (!area)
		return;
	snprintf(text, sizeof(text), "%lu.%03lu", area / 1000, area % 1000);
	set(r, TSR_COMPLIANCE_DIE_AREA, item, 0, TSR_COMPLIANCE_ASSERTED, text, "mm2",
	    "vendor, repeated in the fuse block, die.area");
}

static void add_memory(struct reading *r)
{
	unsigned long area = le32toh(r->fuses->hbm_area);
	char text[32];

	set_number(r, TSR_COMPLIANCE_DRAM_BANDWIDTH, 0, 0, TSR_COMPLIANCE_REPORTED,
		   le32toh(r->fuses->memory_mb_s), "MB/s", "fuse block, memory_mb_s");
	set_number(r, TSR_COMPLIANCE_IO_RATE, 0, 0, TSR_COMPLIANCE_REPORTED,
		   le32toh(r->fuses->io_mb_s), "MB/s", "fuse block, io_mb_s");
	if (!r->fuses->hbm_mb_s || !area)
		return;
	set_number(r, TSR_COMPLIANCE_HBM_BANDWIDTH, 0, 0, TSR_COMPLIANCE_REPORTED,
		   le32toh(r->fuses->hbm_mb_s), "MB/s", "fuse block, hbm_mb_s");
	snprintf(text, sizeof(text), "%lu.%03lu", area / 1000, area % 1000);
	set(r, TSR_COMPLIANCE_HBM_AREA, 0, 0, TSR_COMPLIANCE_ASSERTED, text, "mm2",
	    "vendor, repeated in the fuse block, hbm_area");
}

static void add_market(struct reading *r)
{
	static const char *const values[] = {
		[TSR_HW_MARKET_UNKNOWN] = "unknown", [TSR_HW_MARKET_DATACENTRE] = "true",
		[TSR_HW_MARKET_OTHER] = "false",
	};
	uint32_t market = le32toh(r->fuses->market);

	set(r, TSR_COMPLIANCE_DATACENTRE, 0, 0, TSR_COMPLIANCE_ASSERTED,
	    market <= TSR_HW_MARKET_OTHER ? values[market] : "unknown", NULL,
	    "vendor, repeated in the fuse block, market");
}

static void add_nature(struct reading *r, struct tsr_device *device)
{
	bool is_virtual = tsr_device_hw(device)->caps & TSR_HW_CAP_VIRTUAL;

	set(r, TSR_COMPLIANCE_VIRTUAL, 0, 0, TSR_COMPLIANCE_REPORTED,
	    is_virtual ? "true" : "false", NULL, "register CAPS");
}

static void add_identity(struct reading *r, struct tsr_device *device)
{
	const struct drm_tessera_query_firmware *firmware = tsr_device_firmware(device);
	char text[65];

	snprintf(text, sizeof(text), "%016llx",
		 (unsigned long long)le64toh(r->fuses->serial));
	set(r, TSR_COMPLIANCE_SERIAL, 0, 0, TSR_COMPLIANCE_REPORTED, text, NULL,
	    "fuse block, serial");
	smi_hex(firmware->measurement, sizeof(firmware->measurement), text);
	set(r, TSR_COMPLIANCE_FIRMWARE, 0, 0, TSR_COMPLIANCE_REPORTED, text, NULL,
	    "boot ROM, SHA-256 of the firmware image");
}

int smi_facts(struct tsr_device *device, const char *time, struct tsr_compliance_facts **facts,
	      struct tsr_compliance_error *error)
{
	struct reading r = { .error = error, .fuses = tsr_device_fuses(device), .time = time };
	struct json_object *name = smi_string((const char *)r.fuses->name, sizeof(r.fuses->name));
	const char *text = json_object_get_string(name);
	uint32_t dies, i;

	*facts = NULL;
	r.status = tsr_compliance_facts_create(NULL, *text ? text : "unnamed NPU", &r.facts);
	json_object_put(name);
	if (r.status)
		return r.status;
	dies = le32toh(r.fuses->die_count);
	for (i = 0; i < dies && i < TSR_HW_MAX_DIES; i++)
		add_die(&r, i);
	add_tiles(&r);
	add_vector_unit(&r);
	add_memory(&r);
	add_nature(&r, device);
	add_market(&r);
	add_identity(&r, device);
	if (r.status)
		tsr_compliance_facts_free(r.facts);
	else
		*facts = r.facts;
	return r.status;
}
