// SPDX-License-Identifier: MIT
/* Attributes of the node being imported. */
#include <errno.h>
#include <string.h>

#include "importer.h"

const Onnx__AttributeProto *attribute_find(const struct importer *im, const char *name)
{
	size_t i;

	for (i = 0; i < im->node->n_attribute; i++)
		if (im->node->attribute[i]->name && !strcmp(im->node->attribute[i]->name, name))
			return im->node->attribute[i];
	return NULL;
}

int64_t attribute_int(const struct importer *im, const char *name, int64_t otherwise)
{
	const Onnx__AttributeProto *attribute = attribute_find(im, name);

	return attribute && attribute->has_i ? attribute->i : otherwise;
}

float attribute_float(const struct importer *im, const char *name, float otherwise)
{
	const Onnx__AttributeProto *attribute = attribute_find(im, name);

	return attribute && attribute->has_f ? attribute->f : otherwise;
}

const int64_t *attribute_list(const struct importer *im, const char *name, size_t *count)
{
	const Onnx__AttributeProto *attribute = attribute_find(im, name);

	*count = attribute ? attribute->n_ints : 0;
	return attribute ? attribute->ints : NULL;
}

int attribute_ints(const struct importer *im, const char *name, int64_t *values, size_t count)
{
	const Onnx__AttributeProto *attribute = attribute_find(im, name);

	if (!attribute)
		return 0;
	if (attribute->n_ints != count)
		return import_fail(im, -EOPNOTSUPP, "attribute %s has %zu values, %zu are "
				   "supported", name, attribute->n_ints, count);
	memcpy(values, attribute->ints, count * sizeof(*values));
	return 1;
}

bool attribute_is(const struct importer *im, const char *name, const char *value)
{
	const Onnx__AttributeProto *attribute = attribute_find(im, name);

	return attribute && attribute->has_s && attribute->s.len == strlen(value) &&
	       !memcmp(attribute->s.data, value, attribute->s.len);
}
