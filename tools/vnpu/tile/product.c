/* SPDX-License-Identifier: MIT */
#include "product.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "convert.h"
#include "execution.h"
#include "gather.h"
#include "matmul.h"
#include "matmul_kinds.h"
#include "number/clones.h"
#include "scaled_tensor.h"
#include "smaller.h"
#include "staging.h"
#include "strict_product.h"
#include "tensor.h"
#include "tile.h"
#include "view.h"

/*
 * One chunk of rows: buffers that a cache can hold, but enough rows to make up for packing
 * the weights as long as they do not take too much memory. One row is always worked on.
 */
#define CHUNK_BYTES	(8ull << 20)
#define CHUNK_ROWS	256u
#define CHUNK_MOST	(32ull << 20)

/* Weights between two questions whether to give up. */
#define SLICE_WEIGHTS	(1ull << 24)

/* What lies between int8 and uint8 codes of the same value. */
#define SIGN_OFFSET	128

int product_decode(const struct tile_request *request, const struct tsr_hw_scaled_tensor *raw_a,
		   const struct tsr_hw_scaled_tensor *raw_b,
		   const struct tsr_hw_scaled_tensor *raw_d,
		   struct tensor *a, struct tensor *b, struct tensor *d)
{
	uint32_t outputs = TYPES_FP;
	uint32_t partners;
	int error = scaled_tensor_decode(request, raw_a, TYPES_FP | TYPES_INT8, 0, a);

	if (error)
		return error;
	partners = TYPE_BIT(a->type);
	if (type_is_int8(a->type)) {
		partners = TYPES_INT8;
		outputs = TYPES_INT8 | TYPES_INT32 | TYPE_BIT(TSR_HW_TYPE_FP32) |
			  TYPE_BIT(TSR_HW_TYPE_FP16);
	}
	error = scaled_tensor_decode(request, raw_b, partners, TENSOR_CHANNELS, b);
	if (!error)
		error = scaled_tensor_decode(request, raw_d, outputs, TENSOR_WRITE | TENSOR_ACC, d);
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
	return TSR_HW_ERR_NONE;
}

static int load_multiplier(struct execution *execution, const struct tensor *a,
			   const struct tensor *b, const struct tensor *d, uint64_t count,
			   float *to)
{
	float unit = type_is_fp(d->type) ? 1.0f : d->scale;
	int error = TSR_HW_ERR_NONE;

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
		return TSR_HW_ERR_ENGINE;
	error = load_bias(execution, &epilogue->bias, count, channels->offset);
	if (error || d->type == TSR_HW_TYPE_INT32)
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
		return TSR_HW_ERR_NONE;
	channels->bias = staging_get(count * sizeof(float));
	if (!channels->bias)
		return TSR_HW_ERR_ENGINE;
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
static int make_offset(const struct tile_memory *memory, struct product *product,
		       const int32_t *bias)
{
	uint32_t a_zero = (uint32_t)product->a_zero;
	uint32_t b_zero = (uint32_t)product->b_zero;
	int32_t *offset = product->offset;
	uint64_t slice = SLICE_WEIGHTS / product->n + 1;	/* rows */

	memset(offset, 0, product->n * sizeof(*offset));
	for (uint64_t k = 0; a_zero && k < product->k; k++) {
		if (k % slice == 0 && memory->aborted(memory->ctx))
			return EXECUTION_ABORTED;
		add_row((const int8_t *)product->weights + k * product->n, offset, product->n);
	}
	for (uint64_t n = 0; n < product->n; n++)
		offset[n] = (int32_t)((uint32_t)bias[n] - a_zero * (uint32_t)offset[n] +
				      (uint32_t)product->k * a_zero * b_zero);
	return TSR_HW_ERR_NONE;
}

static int load_codes(struct execution *execution, struct product *product,
		      const struct view *view, const int32_t *bias)
{
	uint64_t count = product->k * product->n;
	int error;

	product->weights = staging_get(count);
	product->offset = staging_get(product->n * sizeof(int32_t));
	if (!product->weights || !product->offset)
		return TSR_HW_ERR_ENGINE;
	error = execution_load_weights(execution, view, count, product->weights);
	if (error)
		return error;
	product->a_zero = product->a->zero;
	if (product->a->type == TSR_HW_TYPE_INT8)
		product->a_zero += SIGN_OFFSET;
	product->b_zero = product->b->zero;
	if (product->b->type == TSR_HW_TYPE_UINT8) {
		convert_flip_sign(product->weights, count);
		product->b_zero -= SIGN_OFFSET;
	}
	return make_offset(execution->memory, product, bias);
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
		return TSR_HW_ERR_ENGINE;
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

uint64_t product_rows(const struct product *product, uint64_t rows)
{
	uint64_t row = product->k * product_element(product) + product->n * sizeof(float);
	uint64_t chunk = row ? CHUNK_BYTES / row : rows;

	if (row && chunk < CHUNK_ROWS)
		chunk = smaller(CHUNK_ROWS, CHUNK_MOST / row);
	chunk = smaller(chunk, rows);
	return chunk ? chunk : 1;
}

uint64_t product_staging(const struct product *product, uint64_t rows, uint64_t channels)
{
	uint64_t element = product_element(product);
	uint64_t chunk = product_rows(product, rows);

	/* Bias, multipliers, offsets; then weights; a chunk of A with its sums, and of C. */
	return 2 * staging_size(channels * sizeof(float)) +
	       staging_size(product->n * sizeof(float)) +
	       staging_size(product->k * product->n * element) +
	       staging_size(chunk * product->k * element) +
	       staging_size(chunk * sizeof(int32_t)) +
	       staging_size(chunk * product->n * sizeof(float)) +
	       matmul_staging(chunk, product->n, product->k);
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

static int multiply(struct execution *execution, const struct product *product, const void *a,
		    uint64_t rows, void *acc)
{
	const struct strict_product strict = {
		.m = rows, .n = product->n, .k = product->k, .a = a, .lda = product->k,
		.b = product->weights, .ldb = product->n, .c = acc, .ldc = product->n,
		.order = product->order,
	};

	if (execution->strict && !product->integer)
		return strict_product(execution->memory, &strict);
	return matmul(product->integer ? &matmul_int8 : &matmul_fp32, execution->memory, rows,
		      product->n, product->k, a, product->weights, acc);
}

int product_run(struct execution *execution, const struct product *product,
		const struct finish *finish, const void *a, uint64_t first_row, uint64_t rows)
{
	bool by_row = product->integer && product->b_zero;
	int32_t *row_offset = by_row ? staging_get(rows * sizeof(*row_offset)) : NULL;
	void *acc = staging_get(rows * product->n * sizeof(float));
	int error = acc && (row_offset || !by_row) ? TSR_HW_ERR_NONE : TSR_HW_ERR_ENGINE;

	if (!error && !product->k)
		memset(acc, 0, rows * product->n * sizeof(float));
	else if (!error)
		error = multiply(execution, product, a, rows, acc);
	if (!error && by_row)
		make_row_offset(product, a, rows, row_offset);
	if (!error)
		error = finish_rows(execution, finish, acc, row_offset, first_row, rows);
	staging_put(row_offset);
	staging_put(acc);
	return error;
}
