// SPDX-License-Identifier: MIT
/*
 * Attributes of the node being imported. One that is found and of the right type
 * counts as read; node_is_read() refuses the others.
 */
#include <errno.h>
#include <string.h>

#include "importer.h"

/*
 * Writers that use proto3 leave out a number that is 0 and give its type only. Files
 * of the first IR versions give no type.
 */
static bool is_of_type(const Onnx__AttributeProto *attribute,
		       Onnx__AttributeProto__AttributeType type)
{
	if (attribute->has_type && attribute->type)
		return attribute->type == type;
	switch (type) {
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
		return attribute->has_i;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
		return attribute->has_f;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
		return attribute->has_s;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
		return attribute->t;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS:
		return attribute->n_ints;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS:
		return attribute->n_floats;
	default:
		return false;
	}
}

/* Its number, or n_attribute. */
static size_t look_up(const struct importer *im, const char *name,
		      Onnx__AttributeProto__AttributeType type)
{
	size_t i;

	for (i = 0; i < im->node->n_attribute; i++)
		if (im->node->attribute[i]->name && !strcmp(im->node->attribute[i]->name, name) &&
		    is_of_type(im->node->attribute[i], type))
			return i;
	return im->node->n_attribute;
}

const Onnx__AttributeProto *attribute_find(struct importer *im, const char *name,
					   Onnx__AttributeProto__AttributeType type)
{
	size_t i = look_up(im, name, type);

	if (i == im->node->n_attribute)
		return NULL;
	im->usage.attributes |= (uint64_t)1 << i;
	return im->node->attribute[i];
}

int64_t attribute_int(struct importer *im, const char *name, int64_t otherwise)
{
	const Onnx__AttributeProto *attribute =
		attribute_find(im, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

	return attribute ? attribute->i : otherwise;
}

float attribute_float(struct importer *im, const char *name, float otherwise)
{
	const Onnx__AttributeProto *attribute =
		attribute_find(im, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

	return attribute ? attribute->f : otherwise;
}

const int64_t *attribute_list(struct importer *im, const char *name, size_t *count)
{
	const Onnx__AttributeProto *attribute =
		attribute_find(im, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	*count = attribute ? attribute->n_ints : 0;
	return attribute ? attribute->ints : NULL;
}

int attribute_ints(struct importer *im, const char *name, int64_t *values, size_t count)
{
	const Onnx__AttributeProto *attribute =
		attribute_find(im, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	if (!attribute)
		return 0;
	if (attribute->n_ints != count)
		return import_fail(im, -EOPNOTSUPP, "attribute %s has %zu values, %zu are "
				   "supported", name, attribute->n_ints, count);
	if (count)
		memcpy(values, attribute->ints, count * sizeof(*values));
	return 1;
}

bool attribute_is(struct importer *im, const char *name, const char *value)
{
	size_t i = look_up(im, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
	const Onnx__AttributeProto *attribute;

	if (i == im->node->n_attribute)
		return false;
	attribute = im->node->attribute[i];
	if (attribute->s.len != strlen(value) || (attribute->s.len &&
						  memcmp(attribute->s.data, value,
							 attribute->s.len)))
		return false;
	im->usage.attributes |= (uint64_t)1 << i;
	return true;
}
