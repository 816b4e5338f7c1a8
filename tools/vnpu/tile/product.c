/* SPDX-License-Identifier: MIT */
#include "product.h"

#include <string.h>

#include <abi/error.h>

#include "clones.h"
#include "convert.h"
#include "execution.h"
#include "fp32.h"
#include "gather.h"
#include "int8.h"
#include "staging.h"
#include "tensor.h"
#include "tile.h"
#include "view.h"

/*
 * One chunk of rows: some tenths of a second of work on a slow host, and buffers that
 * a cache can hold, but enough rows to make up for packing the weights.
 */
#define CHUNK_MACS	(1ull << 33)
#define CHUNK_BYTES	(8ull << 20)
#define CHUNK_ROWS	256u

/* What lies between int8 and uint8 codes of the same value. */
#define SIGN_OFFSET	128

int product_decode(const struct tile_request *request, const struct tsr_abi_tensor *raw_a,
		   const struct tsr_abi_tensor *raw_b, const struct tsr_abi_tensor *raw_d,
		   struct tensor *a, struct tensor *b, struct tensor *d)
{
	uint32_t outputs = TYPES_FP;
	uint32_t partners;
	int error = tensor_decode(request, raw_a, TYPES_FP | TYPES_INT8, 0, a);

	if (error)
		return error;
	partners = TYPE_BIT(a->type);
	if (type_is_int8(a->type)) {
		partners = TYPES_INT8;
		outputs = TYPES_INT8 | TYPES_INT32 | TYPE_BIT(TSR_TYPE_FP32) |
			  TYPE_BIT(TSR_TYPE_FP16);
	}
	error = tensor_decode(request, raw_b, partners, TENSOR_CHANNELS, b);
	if (!error)
		error = tensor_decode(request, raw_d, outputs, TENSOR_WRITE | TENSOR_ACC, d);
	return error;
}

uint64_t product_weight_bytes(const struct tensor *b, uint64_t channels)
{
	return tensor_bytes(b) + (b->per_channel ? channels * sizeof(float) : 0);
}

static int load_vector(struct execution *execution, uint64_t va, uint64_t stride,
		       uint64_t count, void *to)
{
	struct view view;

	view_start(&view, va, sizeof(float));
	view_add(&view, count, stride);
	return execution_load(execution, &view, 0, count, to);
}

static int load_bias(struct execution *execution, const struct tensor *bias, uint64_t count,
		     void *to)
{
	if (tensor_present(bias))
		return load_vector(execution, bias->va, bias->stride[0], count, to);
	memset(to, 0, count * sizeof(float));
	return TSR_ERR_NONE;
}

static int load_multiplier(struct execution *execution, const struct tensor *a,
			   const struct tensor *b, const struct tensor *d, uint64_t count,
			   float *to)
{
	float unit = type_is_fp(d->type) ? 1.0f : d->scale;
	int error = TSR_ERR_NONE;

	if (b->per_channel)
		error = load_vector(execution, b->scales, sizeof(float), count, to);
	for (uint64_t i = 0; !error && i < count; i++) {
		float both = a->scale * (b->per_channel ? to[i] : b->scale);

		to[i] = both / unit;
	}
	return error;
}

static int load_integer(struct execution *execution, const struct epilogue *epilogue,
			const struct tensor *a, const struct tensor *b, const struct tensor *d,
			uint64_t count, struct channels *channels)
{
	int error;

	channels->offset = staging_get(count * sizeof(int32_t));
	channels->multiplier = staging_get(count * sizeof(float));
	if (!channels->offset || !channels->multiplier)
		return TSR_ERR_ENGINE;
	error = load_bias(execution, &epilogue->bias, count, channels->offset);
	if (error || d->type == TSR_TYPE_INT32)
		return error;
	return load_multiplier(execution, a, b, d, count, channels->multiplier);
}

int channels_load(struct execution *execution, const struct epilogue *epilogue,
		  const struct tensor *a, const struct tensor *b, const struct tensor *d,
		  uint64_t count, struct channels *channels)
{
	memset(channels, 0, sizeof(*channels));
	if (type_is_int8(a->type))
		return load_integer(execution, epilogue, a, b, d, count, channels);
	if (!tensor_present(&epilogue->bias))
		return TSR_ERR_NONE;
	channels->bias = staging_get(count * sizeof(float));
	if (!channels->bias)
		return TSR_ERR_ENGINE;
	return load_bias(execution, &epilogue->bias, count, channels->bias);
}

void channels_free(struct channels *channels)
{
	staging_put(channels->bias);
	staging_put(channels->offset);
	staging_put(channels->multiplier);
}

TILE_CLONES static void add_row(const int8_t *row, int32_t *sums, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		sums[i] += row[i];
}

/*
 * sum (a - za)(b - zb) = sum ab - za * sum b - zb * sum a + k * za * zb, all modulo
 * 2^32. The second and the last term depend on the column only and join the bias.
 */
static void make_offset(struct product *product, const int32_t *bias)
{
	uint32_t a_zero = (uint32_t)product->a_zero;
	uint32_t b_zero = (uint32_t)product->b_zero;
	int32_t *offset = product->offset;

	memset(offset, 0, product->n * sizeof(*offset));
	if (a_zero)
		for (uint64_t k = 0; k < product->k; k++)
			add_row((const int8_t *)product->weights + k * product->n, offset,
				product->n);
	for (uint64_t n = 0; n < product->n; n++)
		offset[n] = (int32_t)((uint32_t)bias[n] - a_zero * (uint32_t)offset[n] +
				      (uint32_t)product->k * a_zero * b_zero);
}

static int load_codes(struct execution *execution, struct product *product,
		      const struct view *view, const int32_t *bias)
{
	uint64_t count = product->k * product->n;
	int error;

	product->weights = staging_get(count);
	product->offset = staging_get(product->n * sizeof(int32_t));
	if (!product->weights || !product->offset)
		return TSR_ERR_ENGINE;
	error = execution_load_weights(execution, view, count, product->weights);
	if (error)
		return error;
	product->a_zero = product->a->zero;
	if (product->a->type == TSR_TYPE_INT8)
		product->a_zero += SIGN_OFFSET;
	product->b_zero = product->b->zero;
	if (product->b->type == TSR_TYPE_UINT8) {
		convert_flip_sign(product->weights, count);
		product->b_zero -= SIGN_OFFSET;
	}
	make_offset(product, bias);
	return TSR_ERR_NONE;
}

int product_load(struct execution *execution, struct product *product,
		 const struct view *view, const int32_t *offset)
{
	uint64_t count = product->k * product->n;

	product_free(product);
	product->integer = type_is_int8(product->a->type);
	if (product->integer)
		return load_codes(execution, product, view, offset);
	product->weights = staging_get(count * sizeof(float));
	if (!product->weights)
		return TSR_ERR_ENGINE;
	return execution_load_weights_fp32(execution, product->b, view, count, product->weights);
}

void product_free(struct product *product)
{
	staging_put(product->weights);
	staging_put(product->offset);
	product->weights = NULL;
	product->offset = NULL;
}

uint64_t product_element(const struct product *product)
{
	return product->integer ? sizeof(int8_t) : sizeof(float);
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t product_rows(const struct product *product, uint64_t rows)
{
	uint64_t by_work = CHUNK_MACS / (product->k * product->n);
	uint64_t row = product->k * product_element(product) + product->n * sizeof(float);
	uint64_t by_size = CHUNK_BYTES / row;
	uint64_t chunk;

	if (by_size < CHUNK_ROWS)
		by_size = CHUNK_ROWS;
	chunk = min(min(by_work, by_size), rows);
	return chunk ? chunk : 1;
}

TILE_CLONES static uint32_t sum_row(const uint8_t *row, uint64_t n)
{
	uint32_t sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += row[i];
	return sum;
}

/* What the second operand's zero point subtracts from every row. */
static void make_row_offset(const struct product *product, const void *a, uint64_t rows,
			    int32_t *to)
{
	const uint8_t *row = a;

	for (uint64_t i = 0; i < rows; i++, row += product->k)
		to[i] = (int32_t)(sum_row(row, product->k) * (uint32_t)product->b_zero);
}

static int multiply(const struct product *product, const void *a, uint64_t rows, void *acc)
{
	int64_t m = (int64_t)rows;
	int64_t n = (int64_t)product->n;
	int64_t k = (int64_t)product->k;
	int ret;

	if (product->integer)
		ret = int8_matmul(m, n, k, a, product->weights, acc);
	else
		ret = fp32_matmul(m, n, k, a, product->weights, acc);
	return ret ? TSR_ERR_ENGINE : TSR_ERR_NONE;
}

int product_run(struct execution *execution, const struct product *product,
		const struct finish *finish, const void *a, uint64_t first_row, uint64_t rows)
{
	bool by_row = product->integer && product->b_zero;
	int32_t *row_offset = by_row ? staging_get(rows * sizeof(*row_offset)) : NULL;
	void *acc = staging_get(rows * product->n * sizeof(float));
	int error = acc && (row_offset || !by_row) ? TSR_ERR_NONE : TSR_ERR_ENGINE;

	if (!error)
		error = multiply(product, a, rows, acc);
	if (!error && by_row)
		make_row_offset(product, a, rows, row_offset);
	if (!error)
		error = finish_rows(execution, finish, acc, row_offset, first_row, rows);
	staging_put(row_offset);
	staging_put(acc);
	return error;
}
