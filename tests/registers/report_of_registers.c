// SPDX-License-Identifier: MIT
/*
 * The compliance report against a hand calculation. The fuse registers are read
 * before any driver is bound; then tessera.ko is loaded, and what tessera-smi
 * reports of each NPU must be the same numbers, exactly.
 */
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "fraction.h"
#include "function.h"

static int number, failures;

static void check(int ok, const char *what, const char *product)
{
	printf("%sok %d - %s: %s\n", ok ? "" : "not ", ++number, product, what);
	failures += !ok;
}

/* Bits of the widest input of a product, from the meaning of the type codes. */
static unsigned int bits_of(unsigned int type)
{
	switch (type) {
	case TSR_HW_TYPE_FP32:
		return 32;
	case TSR_HW_TYPE_FP16:
	case TSR_HW_TYPE_BF16:
	case TSR_HW_TYPE_INT16:
		return 16;
	case TSR_HW_TYPE_INT4:
	case TSR_HW_TYPE_UINT4:
		return 4;
	default:
		return 8;
	}
}

/* 2 x MAC/s in units of 10^3 operations: 2 * macs * tiles * kHz. */
static __int128 kilo_operations(const struct tsr_hw_fuses *fuses, unsigned int type)
{
	return (__int128)2 * le32toh(fuses->macs[type]) * le16toh(fuses->tensor_tiles) *
	       le32toh(fuses->clock_khz);
}

/* The vector units of all tiles: operations of 32 bits, in units of 10^3. */
static __int128 kilo_vector(const struct tsr_hw_fuses *fuses)
{
	return (__int128)le16toh(fuses->vector_operations) * le16toh(fuses->tensor_tiles) *
	       le32toh(fuses->clock_khz);
}

/*
 * TPP = 2 x MacTOPS x bit length, the highest over the formats; arrays and vector units together.
 */
static struct fraction tpp_of(const struct tsr_hw_fuses *fuses)
{
	struct fraction tpp = { 0, 1000000000 };
	unsigned int type;

	for (type = 1; type < TSR_HW_TYPE_COUNT; type++) {
		__int128 value = kilo_operations(fuses, type) * bits_of(type);

		if (value > tpp.top)
			tpp.top = value;
	}
	tpp.top += kilo_vector(fuses) * 32;
	return tpp;
}

static struct fraction tops_of(const struct tsr_hw_fuses *fuses)
{
	struct fraction tops = { 0, 1000000000 };
	unsigned int type;

	for (type = 1; type < TSR_HW_TYPE_COUNT; type++)
		if (kilo_operations(fuses, type) > tops.top)
			tops.top = kilo_operations(fuses, type);
	tops.top += kilo_vector(fuses);
	return tops;
}

/* Logic and I/O dies of a non-planar process, in 1/1000 mm^2. */
static __int128 applicable_area(const struct tsr_hw_fuses *fuses)
{
	__int128 area = 0;
	uint32_t i;

	for (i = 0; i < le32toh(fuses->die_count) && i < TSR_HW_MAX_DIES; i++) {
		uint32_t flags = le32toh(fuses->die[i].flags);

		if (flags & TSR_HW_DIE_NON_PLANAR && flags & (TSR_HW_DIE_LOGIC | TSR_HW_DIE_IO))
			area += le32toh(fuses->die[i].area);
	}
	return area;
}

static struct json_object *member(struct json_object *object, const char *key)
{
	return object ? json_object_object_get(object, key) : NULL;
}

/* Quantities of the whole package in the report of the device with this serial. */
static struct json_object *quantities_of(struct json_object *document, uint64_t serial)
{
	struct json_object *reports = member(document, "reports"), *report, *levels, *level;
	char text[20];
	size_t i, k;

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)serial);
	for (i = 0; reports && i < json_object_array_length(reports); i++) {
		report = json_object_array_get_idx(reports, i);
		if (strcmp(json_object_get_string(member(member(report, "subject"), "serial")),
			   text))
			continue;
		levels = member(report, "levels");
		for (k = 0; k < json_object_array_length(levels); k++) {
			level = json_object_array_get_idx(levels, k);
			if (!strcmp(json_object_get_string(member(level, "level")), "package"))
				return member(level, "quantities");
		}
	}
	return NULL;
}

static int reported(struct json_object *quantities, const char *key, struct fraction *value)
{
	struct json_object *exact = member(member(quantities, key), "exact");

	return exact && fraction_parse(json_object_get_string(exact), value);
}

static int same(struct json_object *quantities, const char *key, struct fraction expected)
{
	struct fraction value;

	return reported(quantities, key, &value) && fraction_equal(value, expected);
}

static void check_density(struct json_object *quantities, const struct tsr_hw_fuses *fuses,
			  const char *product)
{
	struct fraction density = tpp_of(fuses), value;
	__int128 area = applicable_area(fuses);

	if (!area) {
		check(quantities && !reported(quantities, "pd", &value),
		      "performance density is undefined without non-planar dies", product);
		return;
	}
	density.top *= 1000;
	density.bottom *= area;
	check(same(quantities, "pd", density), "performance density is TPP / area", product);
}

static void check_report(struct json_object *document, const struct tsr_hw_fuses *fuses)
{
	struct json_object *quantities = quantities_of(document, le64toh(fuses->serial));
	const char *product = (const char *)fuses->name;

	check(le32toh(fuses->magic) == TSR_HW_FUSE_MAGIC, "registers hold a fuse block", product);
	check(quantities != NULL, "there is a report of it", product);
	check(same(quantities, "tpp", tpp_of(fuses)), "TPP is that of the registers", product);
	check(same(quantities, "tops", tops_of(fuses)), "TOPS are those of the registers", product);
	check(same(quantities, "io", (struct fraction){ le32toh(fuses->io_mb_s), 1000 }),
	      "I/O rate is that of the registers", product);
	check_density(quantities, fuses, product);
}

static struct json_object *run_report(void)
{
	struct json_object *document;
	FILE *pipe = popen("tessera-smi compliance --json", "re");

	if (!pipe)
		return NULL;
	document = json_object_from_fd(fileno(pipe));
	return pclose(pipe) ? NULL : document;
}

int main(void)
{
	struct tsr_hw_fuses fuses[FUNCTIONS_MAX];
	struct json_object *document;
	int count = functions_read(fuses), i;

	if (count <= 0)
		return EXIT_FAILURE;
	if (system("load-module")) {
		puts("Bail out! tessera.ko does not load");
		return EXIT_FAILURE;
	}
	document = run_report();
	for (i = 0; i < count; i++)
		check_report(document, &fuses[i]);
	printf("1..%d\n", number);
	json_object_put(document);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
