/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classes.h"
#include "tile/sku.h"


static struct sku *load(const char *name)
{
	char path[512];
	char error[256];
	struct sku *sku;

	snprintf(path, sizeof(path), "%s/%s.json", SKU_DIR, name);
	assert_int_equal(sku_load(path, &sku, error, sizeof(error)), 0);
	return sku;
}

/* Twice the MACs per second times the operand width, in 10^12 bit/s: widest of all types. */
static double processing_performance(const struct tsr_hw_fuses *fuses)
{
	static const struct { unsigned int type; int bits; } widths[] = {
		{ TSR_HW_TYPE_FP32, 32 }, { TSR_HW_TYPE_FP16, 16 }, { TSR_HW_TYPE_BF16, 16 },
		{ TSR_HW_TYPE_INT8, 8 }, { TSR_HW_TYPE_INT4, 4 }, { TSR_HW_TYPE_INT16, 16 },
		{ TSR_HW_TYPE_FP8_E4M3, 8 },
	};
	double best = 0;

	for (unsigned int i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		double value = 2.0 * fuses->macs[widths[i].type] * fuses->tensor_tiles *
			       fuses->clock_khz * 1e3 * widths[i].bits / 1e12;

		best = value > best ? value : best;
	}
	return best;
}

static double int8_tops(const struct tsr_hw_fuses *fuses)
{
	return 2.0 * fuses->macs[TSR_HW_TYPE_INT8] * fuses->tensor_tiles * fuses->clock_khz * 1e3 /
	       1e12;
}

static void every_product_has_a_sound_fuse_block(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < CLASSES; i++) {
		struct sku *sku = load(classes[i]);
		const struct tsr_hw_fuses *fuses = sku_fuses(sku);

		assert_int_equal(fuses->magic, TSR_HW_FUSE_MAGIC);
		assert_int_equal(fuses->version, TSR_HW_FUSE_VERSION);
		assert_int_equal(fuses->size, sizeof(*fuses));
		assert_string_equal((const char *)fuses->class_name, classes[i]);
		assert_int_equal(fuses->serial, 0);
		assert_int_equal(fuses->model, 2);
		assert_in_range(fuses->tensor_tiles + fuses->dma_engines, 2, 32);
		assert_true(sku_time_scale(sku) >= 1);
		for (unsigned int type = 0; type < TSR_HW_FUSE_TYPES; type++)
			assert_int_equal(fuses->macs[type] %
					 (fuses->array_columns * fuses->array_ports), 0);
		assert_int_equal(fuses->link_mb_s != 0, fuses->memory_mib != 0);
		assert_int_equal(fuses->port_bytes != 0, fuses->tensor_tiles > 1);
		sku_free(sku);
	}
}

static void edge_is_the_product_of_the_manual(void **state)
{
	struct sku *sku = load("edge");
	const struct tsr_hw_fuses *fuses = sku_fuses(sku);

	(void)state;
	assert_int_equal(fuses->array_rows, 32);
	assert_int_equal(fuses->array_columns, 32);
	assert_int_equal(fuses->array_ports, 3);
	assert_int_equal(fuses->weight_path, 64);
	assert_int_equal(fuses->macs[TSR_HW_TYPE_INT8], 3072);
	assert_int_equal(fuses->macs[TSR_HW_TYPE_FP16], 1536);
	assert_int_equal(fuses->macs[TSR_HW_TYPE_FP32], 192);
	assert_int_equal(fuses->macs[TSR_HW_TYPE_INT4], 6144);
	assert_int_equal(fuses->macs[TSR_HW_TYPE_INT16], 1536);
	assert_int_equal(fuses->macs[TSR_HW_TYPE_FP8_E4M3], 0);
	assert_int_equal(fuses->clock_khz, 1000000);
	assert_int_equal(fuses->vector_operations, 192);
	assert_int_equal(fuses->scratchpad_kib, 2048);
	assert_int_equal(fuses->memory_mb_s, 34133);
	assert_int_equal(fuses->io_mb_s, 8000);
	assert_int_equal(fuses->die_count, 1);
	assert_int_equal(fuses->die[0].process_nm, 8);
	assert_true(fuses->die[0].flags & TSR_HW_DIE_NON_PLANAR);
	assert_int_equal(fuses->market, TSR_HW_MARKET_OTHER);
	sku_free(sku);
}

static void products_lie_where_the_architecture_puts_them(void **state)
{
	static const struct { const char *name; double tops; } products[] = {
		{ "ulp", 0.5 }, { "edge", 6 }, { "pc", 48 }, { "adas", 250 }, { "server", 600 },
		{ "dc", 5000 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		struct sku *sku = load(products[i].name);
		const struct tsr_hw_fuses *fuses = sku_fuses(sku);
		double performance = processing_performance(fuses);

		assert_int_equal(fuses->load_latency, 200);
		assert_int_equal(fuses->block_cycles_log2, 14);
		assert_true(int8_tops(fuses) > products[i].tops * 0.95 &&
			    int8_tops(fuses) < products[i].tops * 1.05);
		assert_true((fuses->sku == TSR_HW_SKU_DC) == (performance >= 4800));
		if (fuses->sku == TSR_HW_SKU_SERVER)
			assert_true(performance > 4750 && fuses->die_count == 2);
		if (fuses->sku == TSR_HW_SKU_DC)
			assert_true(fuses->die_count == 4 && fuses->io_mb_s > 600000);
		assert_true((fuses->memory_mib != 0) == (fuses->sku >= TSR_HW_SKU_SERVER));
		assert_int_equal(!!(fuses->die[0].flags & TSR_HW_DIE_PLANAR),
				 fuses->sku == TSR_HW_SKU_ULP);
		sku_free(sku);
	}
}

/* Reads edge.json. */
static void read_edge(char *text, size_t size)
{
	FILE *file = fopen(SKU_DIR "/edge.json", "r");
	size_t used;

	assert_non_null(file);
	used = fread(text, 1, size - 1, file);
	assert_in_range(used, 1, size - 2);
	text[used] = '\0';
	fclose(file);
}

/* Load a file of a text and what follows it; the message must say @hint. */
static void assert_text_refused(const char *text, int size, const char *more, const char *end,
				const char *hint)
{
	char path[] = "/tmp/tile-sku-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	char error[512];
	struct sku *sku;

	assert_non_null(file);
	fprintf(file, "%.*s%s%s", size, text, more, end);
	fclose(file);
	assert_int_equal(sku_load(path, &sku, error, sizeof(error)), -EINVAL);
	unlink(path);
	assert_null(sku);
	assert_non_null(strstr(error, path));
	if (!strstr(error, hint))
		fail_msg("\"%s\" does not say \"%s\"", error, hint);
}

/* Load edge.json with the first @from replaced by @to; the message must say @hint. */
static void assert_refused(const char *from, const char *to, const char *hint)
{
	char text[8192];
	char *at;

	read_edge(text, sizeof(text));
	at = strstr(text, from);
	assert_non_null(at);
	assert_text_refused(text, (int)(at - text), to, at + strlen(from), hint);
}

static void a_bad_file_is_refused_by_name(void **state)
{
	(void)state;
	assert_refused("\"clock_khz\": 1000000,", "", "\"clock_khz\" is missing");
	/*
	 * A rate of a type that no command computes with would be a claim that nothing can check.
	 */
	assert_refused("\"fp32\": 192,", "\"fp32\": 192, \"int64\": 6144,", "int64");
	assert_refused("clock_khz", "clock_mhz", "\"clock_mhz\" is not a key");
	assert_refused("1000000", "0", "allowed are 1 to");
	assert_refused("1000000", "1e6", "must be an integer");
	assert_refused("\"edge\"", "\"Edge\"", "\"Edge\": a name has a to z");
	assert_refused("\"number\": 2", "\"number\": 65535", "allowed are 1 to 65534");
	assert_refused("\"fp32\": 192", "\"fp32\": 200", "columns x ports, 96");
	assert_refused("\"int8\": 3072", "\"int8\": 3168", "rows x columns x ports, 3072");
	assert_refused("\"uint4\": 6144", "\"uint4\": 3072", "int4 and uint4 must be the same");
	assert_refused("\"int16\"", "\"fp8_e4m3\": 3072, \"int16\"",
		       "fp8_e4m3 and fp8_e5m2 must be the same");
	assert_refused("\"block_types\": []", "\"block_types\": [\"int8\"]", "\"block_types\"");
	assert_refused("\"int16\": 540", "\"int16\": 0", "must both have int16");
	assert_refused("\"tensor_tiles\": 1", "\"tensor_tiles\": 2", "\"port_bytes\" of 0");
	assert_refused("\"load_latency\": 200", "\"load_latency\": 2017", "allowed are 0 to 2016");
	assert_refused("\"why\": \"", "\"why\": \"\", \"market\": \"", "\"why\" is empty");
	assert_refused("\"fp32\"", "\"fp31\"", "not an element type");
	assert_refused("\"logic\"", "\"lodgic\"", "\"roles\"");
	assert_refused("false", "0", "\"planar\"");
	assert_refused("\"model\": 2", "\"model\": 1", "\"model\"");
	assert_refused("\"byte_fj\": 40000,", "", "\"byte_fj\" is missing");
	assert_refused("\"market\": \"other\",", "\"market\": \"other\"", ":8: ");
	assert_refused("Tessera Edge", "A product with a name of more than 31 bytes", "\"name\"");
}

/* The last member of a name is the one that counts; null is of no type that one has. */
static void every_member_has_its_type(void **state)
{
	static const char *const keys[] = {
		"sku", "number", "summary", "name", "why", "market", "clock_khz", "tensor_tiles",
		"dma_engines", "array_rows", "array_columns", "array_ports", "weight_path",
		"vector_operations", "scratchpad_kib", "port_bytes", "load_latency",
		"block_cycles_log2", "macs", "block_types", "memory_mb_s", "link_mb_s",
		"memory_mib", "io_mb_s", "hbm_mb_s", "hbm_area", "dies", "model", "time_scale", "energy",
	};
	char text[8192];
	char *end;

	(void)state;
	read_edge(text, sizeof(text));
	end = strrchr(text, '}');
	assert_non_null(end);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char more[64], hint[64];

		snprintf(more, sizeof(more), ", \"%s\": null", keys[i]);
		snprintf(hint, sizeof(hint), "\"%s\" must be", keys[i]);
		assert_text_refused(text, (int)(end - text), more, end, hint);
	}
}

static void so_has_every_member_of_a_member(void **state)
{
	(void)state;
	assert_refused("\"planar\": false", "\"planar\": \"no\"",
		       "\"planar\" must be of JSON type");
	assert_refused("\"roles\": [", "\"roles\": {}, \"area\": [",
		       "\"roles\" must be of JSON type");
	assert_refused("\"process_nm\": 8", "\"process_nm\": true", "\"process_nm\" must be");
	assert_refused("\"dies\": [", "\"dies\": [ 1, ", "\"dies\" must hold objects");
	assert_refused("\"mac_fj\": {", "\"mac_fj\": 1, \"x\": {", "\"x\" is not a key");
	assert_refused("\"byte_fj\": 40000", "\"byte_fj\": [40000]", "\"byte_fj\" must be");
	assert_refused("\"logic\"", "7", "\"roles\" has an entry");
	assert_refused("\"int8\": 3072", "\"int8\": \"3072\"", "\"int8\" must be an integer");
}

static void a_message_tells_the_line(void **state)
{
	(void)state;
	assert_refused("clock_khz", "clock_mhz", ":8: \"clock_mhz\"");
	assert_refused("\"int16\": 1536", "\"int17\": 1536", ":28: \"int17\"");
	assert_refused("\"int16\": 540", "\"int16\": -1", ":51: \"int16\" is -1");
	assert_refused("\"planar\": false", "\"planar\": 0", ":38: \"planar\"");
	assert_refused("\"byte_fj\": 40000,", "", ":42: \"byte_fj\" is missing");
	/* Of the third die. */
	assert_refused("\"planar\": false }", "\"planar\": false },\n"
		       "{ \"roles\": [\"io\"], \"area\": 1, \"process_nm\": 8, \"planar\": true },\n"
		       "{ \"roles\": [\"io\"], \"area\": 1, \"process_nm\": 0, \"planar\": true }",
		       ":40: \"process_nm\" is 0");
}

static void a_file_that_is_not_there_is_named(void **state)
{
	char error[256];
	struct sku *sku;

	(void)state;
	assert_int_equal(sku_load("/nowhere/edge.json", &sku, error, sizeof(error)), -ENOENT);
	assert_non_null(strstr(error, "/nowhere/edge.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_product_has_a_sound_fuse_block),
		cmocka_unit_test(edge_is_the_product_of_the_manual),
		cmocka_unit_test(products_lie_where_the_architecture_puts_them),
		cmocka_unit_test(a_bad_file_is_refused_by_name),
		cmocka_unit_test(every_member_has_its_type),
		cmocka_unit_test(so_has_every_member_of_a_member),
		cmocka_unit_test(a_message_tells_the_line),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
