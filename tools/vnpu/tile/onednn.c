/* SPDX-License-Identifier: MIT */
#include "onednn.h"

#include <string.h>

#include "primitive.h"
#include "primitive_cache.h"

int onednn_matmul_columns(enum onednn_product product, int64_t m, int64_t n, int64_t k,
			  int64_t pitch, const void *a, const void *b, void *c)
{
	const struct primitive_key key = { .kind = product, .shape = { m, n, k, pitch } };
	struct primitive *primitive;
	int ret = primitive_get(&key, &primitive);

	if (ret)
		return ret;
	ret = primitive_multiply(primitive, a, b, c, false);
	primitive_put(primitive);
	return ret;
}

int onednn_matmul(enum onednn_product product, int64_t m, int64_t n, int64_t k,
		  const void *a, const void *b, void *c)
{
	return onednn_matmul_columns(product, m, n, k, n, a, b, c);
}

static int get_conv(const struct onednn_conv *conv, struct primitive **primitive)
{
	struct primitive_key key = { .kind = PRIMITIVE_CONV };

	_Static_assert(sizeof(*conv) <= sizeof(key.shape), "the shape is the key");
	memcpy(key.shape, conv, sizeof(*conv));
	return primitive_get(&key, primitive);
}

int onednn_find_conv(const struct onednn_conv *conv, uint64_t *packed)
{
	struct primitive *primitive;
	int ret = get_conv(conv, &primitive);

	if (ret)
		return ret;
	*packed = primitive->packed_size;
	primitive_put(primitive);
	return 0;
}

int onednn_pack(const struct onednn_conv *conv, const void *w, void *packed)
{
	struct primitive *primitive;
	int ret = get_conv(conv, &primitive);

	if (ret)
		return ret;
	ret = primitive_pack(primitive, w, packed, false);
	primitive_put(primitive);
	return ret;
}

int onednn_convolve_packed(const struct onednn_conv *conv, const void *x, const void *packed,
			   void *d)
{
	struct primitive *primitive;
	int ret = get_conv(conv, &primitive);

	if (ret)
		return ret;
	ret = primitive_convolve_packed(primitive, x, packed, d, false);
	primitive_put(primitive);
	return ret;
}

int onednn_convolve(const struct onednn_conv *conv, const void *x, const void *w, void *d)
{
	struct primitive *primitive;
	int ret = get_conv(conv, &primitive);

	if (ret)
		return ret;
	ret = primitive_convolve(primitive, x, w, d, false);
	primitive_put(primitive);
	return ret;
}
