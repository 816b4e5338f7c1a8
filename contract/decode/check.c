// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* The rules come from the contract's tables; here is only how they are applied. */
#include <tsr_hw/decode.h>

#include <inttypes.h>

#define PATH_SIZE	256
#define RULE_SIZE	160

/* One structure on the way down, and whom to tell. */
struct check {
	const char *prefix;
	const uint8_t *bytes;
	size_t offset;
	tsr_hw_defect_fn defect;
	void *context;
};

/* The path of an element, with @end behind it. */
static void make_path(const struct check *check, const struct tsr_hw_member *member, size_t index,
		      const char *end, char path[PATH_SIZE])
{
	if (member->count)
		snprintf(path, PATH_SIZE, "%s%s[%zu]%s", check->prefix, member->name, index, end);
	else
		snprintf(path, PATH_SIZE, "%s%s%s", check->prefix, member->name, end);
}

static void tell(const struct check *check, const struct tsr_hw_member *member, size_t index,
		 const char *rule)
{
	char path[PATH_SIZE];

	make_path(check, member, index, "", path);
	check->defect(check->context, check->offset + member->offset + index * member->size, path,
		      rule);
}

static bool has_name(const struct tsr_hw_meaning *meaning, uint64_t value)
{
	for (size_t i = 0; i < meaning->count; i++) {
		if (meaning->names[i].value == value)
			return true;
	}
	return false;
}

/* Bits of a word that belong to no field. */
static uint64_t bits_beyond(const struct tsr_hw_meaning *meaning, uint64_t value)
{
	for (size_t i = 0; i < meaning->count; i++)
		value &= ~meaning->names[i].value;
	return value;
}

static void check_value(const struct check *check, const struct tsr_hw_member *member, size_t index,
			uint64_t value)
{
	const struct tsr_hw_meaning *meaning = member->meaning;
	char rule[RULE_SIZE] = "";

	if (member->mbz && value)
		snprintf(rule, sizeof(rule), "is 0x%" PRIx64 ", must be zero", value);
	else if (member->fixed && value != member->value)
		snprintf(rule, sizeof(rule), "is 0x%" PRIx64 ", must be 0x%" PRIx64, value,
			 member->value);
	else if (meaning && meaning->kind == TSR_HW_FIELDS && bits_beyond(meaning, value))
		snprintf(rule, sizeof(rule), "is 0x%" PRIx64 ", bits 0x%" PRIx64 " are none of %s",
			 value, bits_beyond(meaning, value), meaning->name);
	else if (meaning && meaning->kind == TSR_HW_VALUES && !meaning->open &&
		 !has_name(meaning, value))
		snprintf(rule, sizeof(rule), "is %" PRIu64 ", which is no value of %s", value,
			 meaning->name);
	if (rule[0])
		tell(check, member, index, rule);
}

static void check_structure(const struct check *check, const struct tsr_hw_structure *structure);

static void check_member(const struct check *check, const struct tsr_hw_member *member)
{
	const uint8_t *bytes = check->bytes + member->offset;
	char prefix[PATH_SIZE];
	struct check inside;

	for (size_t i = 0; i < (member->count ? member->count : 1); i++, bytes += member->size) {
		if (!member->structure) {
			check_value(check, member, i, tsr_hw_load(bytes, member->size));
			continue;
		}
		make_path(check, member, i, ".", prefix);
		inside = *check;
		inside.prefix = prefix;
		inside.bytes = bytes;
		inside.offset += member->offset + i * member->size;
		check_structure(&inside, member->structure);
	}
}

static void check_structure(const struct check *check, const struct tsr_hw_structure *structure)
{
	for (size_t i = 0; i < structure->member_count; i++) {
		if (tsr_hw_is_there(&structure->members[i], check->bytes))
			check_member(check, &structure->members[i]);
	}
}

void tsr_hw_check(const struct tsr_hw_structure *structure, const void *bytes,
		  tsr_hw_defect_fn defect, void *context)
{
	const struct check check = { "", bytes, 0, defect, context };

	check_structure(&check, structure);
}
