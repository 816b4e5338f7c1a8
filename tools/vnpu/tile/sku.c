/* SPDX-License-Identifier: MIT */
#include "sku.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "json_place.h"

/* A SKU file is a page or so; more is not one. */
#define SKU_FILE_MAX 65536

/* Cycles between a load's request and its data: no device has more (docs/hardware.md, "Fuses"). */
#define LOAD_LATENCY_MAX 2016

/* Femtojoules of one of anything. */
#define ENERGY_MAX (1 << 24)

/* A PCI subsystem id; all ones is none. */
#define SKU_NUMBER_MAX 0xfffe

struct sku {
	struct tsr_hw_fuses fuses;
	struct sku_energy energy;
	uint32_t time_scale;
};

/*
 * Where the reader is, and the sentence that says what is wrong there: @object is that of a brace.
 */
struct reader {
	const char *path;
	char *error;
	size_t error_size;
	const char *text;
	size_t object;
};

/* A member of an object that is a number and goes to a field of a struct. */
struct number {
	const char *key;
	size_t offset;
	size_t width;
	int64_t min;
	int64_t max;
};

struct name {
	const char *name;
	uint32_t value;
};

#define FUSE(member, min, max) \
	{ #member, offsetof(struct tsr_hw_fuses, member), \
	  sizeof(((struct tsr_hw_fuses *)0)->member), min, max }

static const struct number fuse_numbers[] = {
	{ "number", offsetof(struct tsr_hw_fuses, sku), 4, 1, SKU_NUMBER_MAX },
	FUSE(clock_khz, 1, 100000000),
	FUSE(tensor_tiles, 1, 31),
	FUSE(dma_engines, 1, 31),
	FUSE(array_rows, 1, UINT16_MAX),
	FUSE(array_columns, 1, UINT16_MAX),
	FUSE(array_ports, 1, UINT16_MAX),
	FUSE(weight_path, 1, UINT16_MAX),
	FUSE(vector_operations, 1, UINT16_MAX),
	FUSE(scratchpad_kib, 1, 1 << 20),
	FUSE(port_bytes, 0, 1 << 20),
	FUSE(load_latency, 0, LOAD_LATENCY_MAX),
	FUSE(block_cycles_log2, 1, 31),
	FUSE(memory_mb_s, 1, UINT32_MAX),
	FUSE(link_mb_s, 0, UINT32_MAX),
	FUSE(memory_mib, 0, UINT32_MAX),
	FUSE(io_mb_s, 0, UINT32_MAX),
	FUSE(hbm_mb_s, 0, UINT32_MAX),
	FUSE(hbm_area, 0, UINT32_MAX),
	/* Time is that of version 2 and no other. */
	FUSE(model, 2, 2),
};

static const struct number die_numbers[] = {
	{ "area", offsetof(struct tsr_hw_die, area), 4, 0, UINT32_MAX },
	{ "process_nm", offsetof(struct tsr_hw_die, process_nm), 2, 1, UINT16_MAX },
};

/* What commands take: a rate of another type would be a claim that nothing can check. */
static const struct name types[] = {
	{ "fp32", TSR_HW_TYPE_FP32 },
	{ "fp16", TSR_HW_TYPE_FP16 },
	{ "bf16", TSR_HW_TYPE_BF16 },
	{ "fp8_e4m3", TSR_HW_TYPE_FP8_E4M3 },
	{ "fp8_e5m2", TSR_HW_TYPE_FP8_E5M2 },
	{ "int8", TSR_HW_TYPE_INT8 },
	{ "uint8", TSR_HW_TYPE_UINT8 },
	{ "int4", TSR_HW_TYPE_INT4 },
	{ "uint4", TSR_HW_TYPE_UINT4 },
	{ "int16", TSR_HW_TYPE_INT16 },
	{ NULL, 0 },
};

/* What a product takes only beside block scales. */
static const struct name block_types[] = {
	{ "e8m0", TSR_HW_TYPE_E8M0 },
	{ "fp4_e2m1", TSR_HW_TYPE_FP4_E2M1 },
	{ NULL, 0 },
};

static const struct name markets[] = {
	{ "unknown", TSR_HW_MARKET_UNKNOWN },
	{ "datacentre", TSR_HW_MARKET_DATACENTRE },
	{ "other", TSR_HW_MARKET_OTHER },
	{ NULL, 0 },
};

static const struct name roles[] = {
	{ "logic", TSR_HW_DIE_LOGIC },
	{ "io", TSR_HW_DIE_IO },
	{ "memory", TSR_HW_DIE_MEMORY },
	{ NULL, 0 },
};

static const char *const root_keys[] = {
	"sku", "number", "summary", "name", "why", "market", "clock_khz", "tensor_tiles",
	"dma_engines", "array_rows", "array_columns", "array_ports", "weight_path",
	"vector_operations", "scratchpad_kib", "port_bytes", "load_latency", "block_cycles_log2",
	"macs", "block_types", "memory_mb_s", "link_mb_s", "memory_mib", "io_mb_s", "hbm_mb_s",
	"hbm_area", "dies", "model", "time_scale", "energy", NULL,
};

static const char *const die_keys[] = { "roles", "area", "process_nm", "planar", NULL };
static const char *const energy_keys[] = {
	"mac_fj", "vector_fj", "scratchpad_fj", "byte_fj", "link_fj", "cycle_fj", NULL
};

__attribute__((format(printf, 3, 0)))
static int complain(const struct reader *reader, int line, const char *format, va_list args)
{
	int used = line ? snprintf(reader->error, reader->error_size, "%s:%d: ", reader->path,
				   line) :
			  snprintf(reader->error, reader->error_size, "%s: ", reader->path);

	if (used >= 0 && (size_t)used < reader->error_size)
		vsnprintf(reader->error + used, reader->error_size - used, format, args);
	return -EINVAL;
}

/* A sentence about the file as a whole. */
__attribute__((format(printf, 2, 3)))
static int refuse_file(const struct reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(reader, 0, format, args);
	va_end(args);
	return -EINVAL;
}

static int refuse_memory(const struct reader *reader)
{
	refuse_file(reader, "not enough memory");
	return -ENOMEM;
}

/* A sentence about member @key of the object, or about the object where it has no such member. */
__attribute__((format(printf, 3, 4)))
static int refuse(const struct reader *reader, const char *key, const char *format, ...)
{
	size_t at = json_place_member(reader->text, reader->object, key);
	va_list args;

	va_start(args, format);
	complain(reader, json_place_line(reader->text, at), format, args);
	va_end(args);
	return -EINVAL;
}

/* The reader inside of the object or array that member @key is. */
static struct reader inside(const struct reader *reader, const char *key)
{
	struct reader in = *reader;

	in.object = json_place_value(in.text, json_place_member(in.text, in.object, key));
	return in;
}

static const struct name *find(const struct name *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	return NULL;
}

static bool listed(const char *const *keys, const char *key)
{
	for (; *keys; keys++)
		if (!strcmp(*keys, key))
			return true;
	return false;
}

/* The member @key of @object when it has the type asked for. */
static int member(const struct reader *reader, struct json_object *object, const char *key,
		  enum json_type type, struct json_object **value)
{
	if (!json_object_object_get_ex(object, key, value))
		return refuse(reader, key, "\"%s\" is missing", key);
	if (!json_object_is_type(*value, type))
		return refuse(reader, key, "\"%s\" must be of JSON type %s", key,
			      json_type_to_name(type));
	return 0;
}

/* A misspelt key must not silently mean "default". */
static int check_keys(const struct reader *reader, struct json_object *object,
		      const char *const *keys)
{
	json_object_object_foreach(object, key, value) {
		(void)value;
		if (!listed(keys, key))
			return refuse(reader, key, "\"%s\" is not a key of a SKU file", key);
	}
	return 0;
}

static int in_range(const struct reader *reader, const char *key, struct json_object *value,
		    int64_t min, int64_t max, uint32_t *result)
{
	int64_t number;

	if (!json_object_is_type(value, json_type_int))
		return refuse(reader, key, "\"%s\" must be an integer", key);
	number = json_object_get_int64(value);
	if (number < min || number > max)
		return refuse(reader, key, "\"%s\" is %lld, allowed are %lld to %lld", key,
			      (long long)number, (long long)min, (long long)max);
	*result = (uint32_t)number;
	return 0;
}

static int read_u32(const struct reader *reader, struct json_object *object, const char *key,
		    int64_t min, int64_t max, uint32_t *result)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return refuse(reader, key, "\"%s\" is missing", key);
	return in_range(reader, key, value, min, max, result);
}

static int read_numbers(const struct reader *reader, struct json_object *object,
			const struct number *numbers, size_t count, void *base)
{
	for (size_t i = 0; i < count; i++) {
		const struct number *n = &numbers[i];
		uint32_t value;
		int ret = read_u32(reader, object, n->key, n->min, n->max, &value);

		if (ret)
			return ret;
		/* Little-endian, as the contract: the low bytes come first. */
		memcpy((char *)base + n->offset, &value, n->width);
	}
	return 0;
}

static int read_name(const struct reader *reader, struct json_object *object, const char *key,
		     const struct name *table, uint32_t *result)
{
	struct json_object *value;
	const struct name *entry;
	int ret = member(reader, object, key, json_type_string, &value);

	if (ret)
		return ret;
	entry = find(table, json_object_get_string(value));
	if (!entry)
		return refuse(reader, key, "\"%s\" is \"%s\", which is not known", key,
			      json_object_get_string(value));
	*result = entry->value;
	return 0;
}

/* An object of numbers by element type; types not named stay 0. */
static int read_types(const struct reader *reader, struct json_object *object, const char *key,
		      int64_t max, uint32_t *by_type)
{
	const struct reader in = inside(reader, key);
	struct json_object *map;
	int ret = member(reader, object, key, json_type_object, &map);

	if (ret)
		return ret;
	json_object_object_foreach(map, name, value) {
		const struct name *type = find(types, name);

		if (!type)
			return refuse(&in, name, "\"%s\" in \"%s\" is not an element type", name,
				      key);
		ret = in_range(&in, name, value, 0, max, &by_type[type->value]);
		if (ret)
			return ret;
	}
	return 0;
}

/* A list of types to bits 1 << type; types that are not named are not in it. */
static int read_block_types(const struct reader *reader, struct json_object *root,
			    struct tsr_hw_fuses *fuses)
{
	struct json_object *list;
	uint32_t types = 0;
	int ret = member(reader, root, "block_types", json_type_array, &list);

	for (size_t i = 0; !ret && i < json_object_array_length(list); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(list, i));
		const struct name *type = name ? find(block_types, name) : NULL;

		if (!type)
			return refuse(reader, "block_types",
				      "\"block_types\" has an entry that is not e8m0 or "
				      "fp4_e2m1");
		types |= 1u << type->value;
	}
	fuses->block_types = types;
	return ret;
}

static int read_roles(const struct reader *reader, struct json_object *object, uint32_t *flags)
{
	struct json_object *list;
	int ret = member(reader, object, "roles", json_type_array, &list);

	for (size_t i = 0; !ret && i < json_object_array_length(list); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(list, i));
		const struct name *role = name ? find(roles, name) : NULL;

		if (!role)
			return refuse(reader, "roles",
				      "\"roles\" has an entry that is not logic, io or memory");
		*flags |= role->value;
	}
	return ret;
}

static int read_die(const struct reader *reader, struct json_object *object,
		    struct tsr_hw_die *die)
{
	struct json_object *planar;
	uint32_t flags = 0;
	int ret;

	if (!json_object_is_type(object, json_type_object))
		return refuse(reader, "", "\"dies\" must hold objects");
	ret = check_keys(reader, object, die_keys);
	if (!ret)
		ret = read_numbers(reader, object, die_numbers,
				   sizeof(die_numbers) / sizeof(die_numbers[0]), die);
	if (!ret)
		ret = read_roles(reader, object, &flags);
	if (!ret)
		ret = member(reader, object, "planar", json_type_boolean, &planar);
	if (ret)
		return ret;
	flags |= json_object_get_boolean(planar) ? TSR_HW_DIE_PLANAR : TSR_HW_DIE_NON_PLANAR;
	die->flags = flags;
	return 0;
}

static int read_dies(const struct reader *reader, struct json_object *root,
		     struct tsr_hw_fuses *fuses)
{
	struct json_object *list;
	size_t count;
	int ret = member(reader, root, "dies", json_type_array, &list);

	if (ret)
		return ret;
	count = json_object_array_length(list);
	if (count < 1 || count > TSR_HW_MAX_DIES)
		return refuse(reader, "dies", "\"dies\" has %zu entries, allowed are 1 to %d",
			      count, TSR_HW_MAX_DIES);
	for (size_t i = 0; !ret && i < count; i++) {
		struct reader die = inside(reader, "dies");

		die.object = json_place_element(die.text, die.object, i);
		ret = read_die(&die, json_object_array_get_idx(list, i), &fuses->die[i]);
	}
	fuses->die_count = count;
	return ret;
}

/*
 * What the class is for, and why it is as it is: for people, but a class without a reason is none.
 */
static int check_prose(const struct reader *reader, struct json_object *root, const char *key)
{
	struct json_object *value;
	int ret = member(reader, root, key, json_type_string, &value);

	if (ret)
		return ret;
	return *json_object_get_string(value) ? 0 : refuse(reader, key, "\"%s\" is empty", key);
}

/* A text of at most @size - 1 bytes. */
static int read_text_member(const struct reader *reader, struct json_object *root, const char *key,
			    void *to, size_t size)
{
	struct json_object *value;
	int ret = member(reader, root, key, json_type_string, &value);
	const char *text;

	if (ret)
		return ret;
	text = json_object_get_string(value);
	if (!*text || strlen(text) >= size)
		return refuse(reader, key, "\"%s\" must have 1 to %zu bytes", key, size - 1);
	memcpy(to, text, strlen(text));
	return 0;
}

/* The name of a class is a word on a command line and a part of a path. */
static int read_class(const struct reader *reader, struct json_object *root,
		      struct tsr_hw_fuses *fuses)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	char *name = (char *)fuses->class_name;
	int ret = read_text_member(reader, root, "sku", name, sizeof(fuses->class_name));

	if (!ret && name[strspn(name, letters)])
		ret = refuse(reader, "sku", "\"sku\" is \"%s\": a name has a to z, 0 to 9 and -",
			     name);
	return ret;
}

/* Rows of the array at a type are macs / (columns x ports): the cycle model needs them whole. */
static int check_array(const struct reader *reader, const struct tsr_hw_fuses *fuses)
{
	uint64_t row = (uint64_t)fuses->array_columns * fuses->array_ports;
	uint64_t full = fuses->array_rows * row;

	for (size_t i = 0; i < TSR_HW_FUSE_TYPES; i++)
		if (fuses->macs[i] % row)
			return refuse(reader, "macs",
				      "\"macs\" has %u, not a multiple of columns x ports, %llu",
				      fuses->macs[i], (unsigned long long)row);
	if (fuses->macs[TSR_HW_TYPE_INT8] != full || fuses->macs[TSR_HW_TYPE_UINT8] != full)
		return refuse(reader, "macs",
			      "\"macs\" of int8 and uint8 must be rows x columns x ports, %llu",
			      (unsigned long long)full);
	return 0;
}

/* Types that run at one rate, as the manual's table of products has them. */
static const struct { uint8_t type, same; const char *names; } twins[] = {
	{ TSR_HW_TYPE_INT4, TSR_HW_TYPE_UINT4, "int4 and uint4" },
	{ TSR_HW_TYPE_FP8_E4M3, TSR_HW_TYPE_FP8_E5M2, "fp8_e4m3 and fp8_e5m2" },
};

static int check_twins(const struct reader *reader, const uint32_t *macs)
{
	for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++)
		if (macs[twins[i].type] != macs[twins[i].same])
			return refuse(reader, "macs", "\"macs\" of %s must be the same",
				      twins[i].names);
	return 0;
}

/* A port that limits nothing shares nothing: only a tile alone has one. */
static int check_port(const struct reader *reader, const struct tsr_hw_fuses *fuses)
{
	if (!fuses->port_bytes && fuses->tensor_tiles > 1)
		return refuse(reader, "port_bytes",
			      "\"port_bytes\" of 0 goes with one tile, not with %u",
			      fuses->tensor_tiles);
	return 0;
}

static int read_rates(const struct reader *reader, struct json_object *root,
		      struct tsr_hw_fuses *fuses)
{
	int ret = read_types(reader, root, "macs", 1 << 24, fuses->macs);

	if (!ret)
		ret = read_block_types(reader, root, fuses);
	if (!ret)
		ret = check_array(reader, fuses);
	if (!ret)
		ret = check_twins(reader, fuses->macs);
	return ret ? ret : check_port(reader, fuses);
}

static const struct number energy_numbers[] = {
	{ "vector_fj", offsetof(struct sku_energy, vector), 4, 0, ENERGY_MAX },
	{ "scratchpad_fj", offsetof(struct sku_energy, scratchpad), 4, 0, ENERGY_MAX },
	{ "byte_fj", offsetof(struct sku_energy, byte), 4, 0, ENERGY_MAX },
	{ "link_fj", offsetof(struct sku_energy, link), 4, 0, ENERGY_MAX },
	{ "cycle_fj", offsetof(struct sku_energy, cycle), 4, 0, ENERGY_MAX },
};

static int read_energy(const struct reader *reader, struct json_object *root,
		       struct sku_energy *energy)
{
	const struct reader in = inside(reader, "energy");
	struct json_object *object;
	int ret = member(reader, root, "energy", json_type_object, &object);

	if (!ret)
		ret = check_keys(&in, object, energy_keys);
	if (!ret)
		ret = read_types(&in, object, "mac_fj", ENERGY_MAX, energy->mac);
	if (!ret)
		ret = read_numbers(&in, object, energy_numbers,
				   sizeof(energy_numbers) / sizeof(energy_numbers[0]), energy);
	return ret;
}

/* A product of a type that is promised costs energy, and of no other. */
static int check_products(const struct reader *reader, const struct sku *sku)
{
	for (const struct name *type = types; type->name; type++)
		if (!sku->fuses.macs[type->value] != !sku->energy.mac[type->value])
			return refuse(reader, "macs",
				      "\"macs\" and \"mac_fj\" must both have %s, or none",
				      type->name);
	return 0;
}

static int read_fuses(const struct reader *reader, struct json_object *root,
		      struct tsr_hw_fuses *fuses)
{
	int ret;

	fuses->magic = TSR_HW_FUSE_MAGIC;
	fuses->version = TSR_HW_FUSE_VERSION;
	fuses->size = sizeof(*fuses);
	ret = read_class(reader, root, fuses);
	if (!ret)
		ret = read_name(reader, root, "market", markets, &fuses->market);
	if (!ret)
		ret = read_text_member(reader, root, "name", fuses->name, sizeof(fuses->name));
	if (!ret)
		ret = read_numbers(reader, root, fuse_numbers,
				   sizeof(fuse_numbers) / sizeof(fuse_numbers[0]), fuses);
	if (!ret)
		ret = read_rates(reader, root, fuses);
	if (!ret)
		ret = read_dies(reader, root, fuses);
	return ret;
}

static int read_root(const struct reader *reader, struct json_object *root, struct sku *sku)
{
	int ret;

	if (!json_object_is_type(root, json_type_object))
		return refuse(reader, "", "a SKU file must be a JSON object");
	ret = check_keys(reader, root, root_keys);
	if (!ret)
		ret = check_prose(reader, root, "summary");
	if (!ret)
		ret = check_prose(reader, root, "why");
	if (!ret)
		ret = read_fuses(reader, root, &sku->fuses);
	if (!ret)
		ret = read_energy(reader, root, &sku->energy);
	if (!ret)
		ret = check_products(reader, sku);
	if (!ret && json_object_object_get_ex(root, "time_scale", NULL))
		ret = read_u32(reader, root, "time_scale", 1, 1000000, &sku->time_scale);
	return ret;
}

/* Where the parser stopped, and why. */
static int refuse_json(const struct reader *reader, struct json_tokener *tokener)
{
	struct reader at = *reader;

	at.object = json_tokener_get_parse_end(tokener);
	return refuse(&at, "", "%s", json_tokener_error_desc(json_tokener_get_error(tokener)));
}

static int parse(const struct reader *reader, size_t size, struct sku *sku)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root;
	int ret;

	if (!tokener)
		return refuse_memory(reader);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	/* With the final NUL, or a lone number at the end would count as incomplete. */
	root = json_tokener_parse_ex(tokener, reader->text, size + 1);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		ret = refuse_json(reader, tokener);
	else
		ret = read_root(reader, root, sku);
	json_object_put(root);
	json_tokener_free(tokener);
	return ret;
}

static int read_text(const struct reader *reader, char *text, size_t *size)
{
	FILE *file = fopen(reader->path, "re");
	int ret = 0;

	if (!file) {
		ret = -errno;
		refuse_file(reader, "cannot open: %s", strerror(-ret));
		return ret;
	}
	*size = fread(text, 1, SKU_FILE_MAX, file);
	if (ferror(file)) {
		ret = -EIO;
		refuse_file(reader, "cannot read");
	} else if (*size == SKU_FILE_MAX) {
		ret = refuse_file(reader, "larger than a SKU file can be");
	}
	fclose(file);
	text[ret ? 0 : *size] = '\0';
	return ret;
}

static int load(struct reader *reader, struct sku *sku)
{
	char *text = malloc(SKU_FILE_MAX + 1);
	size_t size = 0;
	int ret;

	if (!text)
		return refuse_memory(reader);
	ret = read_text(reader, text, &size);
	reader->text = text;
	reader->object = strspn(text, " \t\r\n");
	if (!ret)
		ret = parse(reader, size, sku);
	free(text);
	return ret;
}

int sku_load(const char *path, struct sku **out, char *error, size_t error_size)
{
	struct reader reader = { .path = path, .error = error, .error_size = error_size };
	struct sku *sku = calloc(1, sizeof(*sku));
	int ret;

	*out = NULL;
	if (error_size)
		*error = '\0';
	if (!sku)
		return refuse_memory(&reader);
	sku->time_scale = 1;
	ret = load(&reader, sku);
	if (ret) {
		free(sku);
		return ret;
	}
	*out = sku;
	return 0;
}

void sku_free(struct sku *sku)
{
	free(sku);
}

const struct tsr_hw_fuses *sku_fuses(const struct sku *sku)
{
	return &sku->fuses;
}

uint64_t sku_ring(const struct tsr_hw_fuses *fuses)
{
	return fuses->scratchpad_kib * 1024ull * 7 / 8;
}

const struct sku_energy *sku_energy(const struct sku *sku)
{
	return &sku->energy;
}

uint32_t sku_time_scale(const struct sku *sku)
{
	return sku->time_scale;
}
