// SPDX-License-Identifier: MIT
#include "part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct tsr_compliance_facts *part_new(const char *name)
{
	struct tsr_compliance_facts *facts;

	assert_int_equal(tsr_compliance_facts_create("Example", name, &facts), 0);
	return facts;
}

void part_set(struct tsr_compliance_facts *facts, enum tsr_compliance_quantity quantity,
	      unsigned int item, unsigned int sub, enum tsr_compliance_origin origin,
	      const char *value, const char *unit)
{
	const struct tsr_compliance_figure figure = {
		.value = value, .unit = unit, .origin = origin, .source = "test",
	};
	struct tsr_compliance_error error = { "" };
	int ret = tsr_compliance_facts_set(facts, quantity, item, sub, &figure, &error);

	if (ret)
		fail_msg("%s", error.text);
}

void part_assert(struct tsr_compliance_facts *facts, enum tsr_compliance_quantity quantity,
		 unsigned int item, unsigned int sub, const char *value, const char *unit)
{
	part_set(facts, quantity, item, sub, TSR_COMPLIANCE_ASSERTED, value, unit);
}

static unsigned int added(int index, const struct tsr_compliance_error *error)
{
	if (index < 0)
		fail_msg("%s", error->text);
	return (unsigned int)index;
}

unsigned int part_die(struct tsr_compliance_facts *facts, const char *name,
		      enum tsr_compliance_die_kind kind, unsigned int count, const char *area,
		      const char *nonplanar)
{
	struct tsr_compliance_error error = { "" };
	unsigned int die;

	die = added(tsr_compliance_facts_add_die(facts, name, kind, count, &error), &error);
	if (area)
		part_assert(facts, TSR_COMPLIANCE_DIE_AREA, die, 0, area, "mm2");
	part_assert(facts, TSR_COMPLIANCE_DIE_NONPLANAR, die, 0, nonplanar, NULL);
	return die;
}

unsigned int part_unit(struct tsr_compliance_facts *facts, const char *name, const char *group,
		       const char *die)
{
	const struct tsr_compliance_unit unit = {
		.name = name, .kind = TSR_COMPLIANCE_DIGITAL, .group = group, .die = die,
	};
	struct tsr_compliance_error error = { "" };

	return added(tsr_compliance_facts_add_unit(facts, &unit, &error), &error);
}

unsigned int part_describe_format(struct tsr_compliance_facts *facts, unsigned int unit,
				  const struct tsr_compliance_format *format, const char *tops)
{
	struct tsr_compliance_error error = { "" };
	unsigned int index;

	index = added(tsr_compliance_facts_add_format(facts, unit, format, &error), &error);
	if (tops)
		part_assert(facts, TSR_COMPLIANCE_DENSE_RATE, unit, index, tops, "TOPS");
	return index;
}

unsigned int part_format(struct tsr_compliance_facts *facts, unsigned int unit, const char *name,
			 unsigned int bits, const char *tops)
{
	const struct tsr_compliance_format format = { .name = name, .bits = bits };

	return part_describe_format(facts, unit, &format, tops);
}

struct tsr_compliance_facts *part_simple(unsigned int bits, const char *tops, const char *area)
{
	struct tsr_compliance_facts *facts = part_new("simple");

	part_die(facts, "logic", TSR_COMPLIANCE_LOGIC, 1, area, "true");
	part_format(facts, part_unit(facts, "array", NULL, "logic"), "format", bits, tops);
	part_assert(facts, TSR_COMPLIANCE_DATACENTRE, 0, 0, "true", NULL);
	return facts;
}
