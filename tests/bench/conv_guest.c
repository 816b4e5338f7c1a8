// SPDX-License-Identifier: MIT
/*
 * The guest's half of the measurement of convolutions: those of ResNet-50, channels last.
 * In each round (rounds.h): fresh pictures, one SUBMIT of all in one node, a check of some
 * results of each. Weights are sealed. Measured is the time from SUBMIT to the end of the wait.
 *
 * usage: conv_guest fp32|int8 PORT
 */
#include <endian.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tsr_hw/command.h>
#include <tsr_hw/program.h>
#include <tsr_hw/vector.h>

#include "job.h"
#include "matrix.h"
#include "npu.h"
#include "program.h"
#include "resnet50.h"
#include "rounds.h"
#include "tensors.h"

#define RANK		4
#define SPOTS		16	/* elements of each output computed again */
#define INSNS		3
#define TOLERANCE	2e-3	/* of sums of 4,608 products below one */

/* Of the class "edge", for blocks. */
#define COLUMNS		32u
#define PORTS		3u
#define BLOCK_CYCLES	(1u << 14)
#define BLOCK_BYTES	(7u << 18)

/* A convolution, and where its operands begin, in elements. */
struct layer {
	struct square_conv conv;
	size_t x;
	size_t w;
	size_t d;
	float scale;	/* of int8: sums to results */
};

/* Slots are those of X, W and D. The program is only there for int8. */
struct stream {
	struct tsr_hw_conv command;
	struct tsr_hw_vector head;
	struct tsr_hw_vector_const scale;
	struct tsr_hw_insn code[INSNS];
};

struct convs {
	bool integer;
	struct layer layer[RESNET50_CONVS];
	struct npu npu;
	struct npu_buffer x;
	struct npu_buffer w;
	struct npu_buffer d;
	struct program program;
	struct job job;
	uint32_t out;
};

static size_t element(const struct convs *convs)
{
	return convs->integer ? sizeof(int8_t) : sizeof(float);
}

static enum matrix_type matrix_type(const struct convs *convs)
{
	return convs->integer ? MATRIX_INT8 : MATRIX_FP32;
}

/* ---- commands ------------------------------------------------------------------- */

/* [a, b, h, w] with the strides of that order in elements. */
static struct tsr_hw_tensor tensor(uint16_t slot, const struct convs *convs, size_t first,
				   const uint32_t dim[RANK], const size_t stride[RANK])
{
	struct tsr_hw_tensor tensor = {
		.slot = htole16(slot),
		.type = convs->integer ? TSR_HW_TYPE_INT8 : TSR_HW_TYPE_FP32,
		.rank = RANK,
		.offset = htole64(first * element(convs)),
	};

	for (int i = 0; i < RANK; i++) {
		tensor.dim[i] = htole32(dim[i]);
		tensor.stride[i] = htole64(stride[i]);
	}
	return tensor;
}

/* A picture, channels last. */
static struct tsr_hw_tensor picture(uint16_t slot, const struct convs *convs, size_t first,
				    uint32_t channels, uint32_t size)
{
	const uint32_t dim[RANK] = { 1, channels, size, size };
	const size_t line = (size_t)size * channels;
	const size_t stride[RANK] = { line * size, 1, line, channels };

	return tensor(slot, convs, first, dim, stride);
}

/* [O, C, kernel, kernel]; outputs are neighbours, then channels. */
static struct tsr_hw_tensor weights(const struct convs *convs, const struct layer *layer)
{
	const struct square_conv *conv = &layer->conv;
	const uint32_t dim[RANK] = { conv->outputs, conv->channels, conv->kernel, conv->kernel };
	const size_t tap = (size_t)conv->channels * conv->outputs;
	const size_t stride[RANK] = { 1, conv->outputs, tap * conv->kernel, tap };

	return tensor(1, convs, layer->w, dim, stride);
}

static uint32_t divide_up(uint32_t a, uint32_t b)
{
	return (a + b - 1) / b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* As many whole channels as make whole rows of the array, some hundred elements. */
static uint32_t block_depth(const struct square_conv *conv, uint32_t rows)
{
	uint32_t taps = conv->kernel * conv->kernel, depth = taps * conv->channels;
	uint32_t unit = taps * rows;

	return smaller(depth, unit * divide_up(256, unit));
}

static bool fits(const struct convs *convs, const struct square_conv *conv, uint32_t lines,
		 uint32_t bn, uint32_t bk)
{
	uint32_t out = conv_out(conv), rows = convs->integer ? 32 : 2;
	uint32_t channels = divide_up(bk, conv->kernel * conv->kernel);
	uint64_t cycles = (uint64_t)divide_up(lines * out, PORTS) + COLUMNS;
	uint64_t input = (uint64_t)(lines * conv->stride + conv->kernel) * conv->size * channels;
	uint64_t bytes = 2 * element(convs) * (input + (uint64_t)bk * bn) + 8ull * lines * out * bn;

	cycles *= divide_up(bk, rows) * divide_up(bn, COLUMNS);
	return cycles < BLOCK_CYCLES - 256 && bytes < BLOCK_BYTES;
}

static struct tsr_hw_blocks blocks_of(const struct convs *convs, const struct square_conv *conv)
{
	uint32_t bn = smaller(conv->outputs, 2 * COLUMNS), bm = conv_out(conv);
	uint32_t bk = block_depth(conv, convs->integer ? 32 : 2);

	while (bm > 1 && !fits(convs, conv, bm, bn, bk))
		bm = divide_up(bm, 2);
	return (struct tsr_hw_blocks){
		.bm = htole32(bm), .bn = htole32(bn), .bk = htole32(bk), .bg = htole32(1),
	};
}

/* The sum as fp32, times the scale; the store rounds and saturates. */
static void write_program(struct stream *stream, float scale)
{
	const uint8_t sum = TSR_HW_VECTOR_VALUE;
	uint32_t bits;

	memcpy(&bits, &scale, sizeof(bits));
	stream->head = (struct tsr_hw_vector){ .insns = INSNS, .consts = 1, .result = 0 };
	stream->scale.value = htole64(bits);
	stream->code[0] = (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_CONVERT, .type = TSR_HW_VECTOR_TYPE_I32, .dst = 0, .a = sum,
		.imm = htole16(TSR_HW_VECTOR_TYPE_F32),
	};
	stream->code[1] = (struct tsr_hw_insn){ .op = TSR_HW_VECTOR_CONSTANT, .dst = 1 };
	stream->code[2] = (struct tsr_hw_insn){
		.op = TSR_HW_VECTOR_MUL, .dst = 0, .a = 0, .b = 1,
	};
}

static uint32_t stream_size(const struct convs *convs)
{
	return convs->integer ? sizeof(struct stream) : sizeof(struct tsr_hw_conv);
}

static struct stream stream_of(const struct convs *convs, const struct layer *layer)
{
	const struct square_conv *conv = &layer->conv;
	struct stream stream = {
		.command = {
			.head = { .op = TSR_HW_OP_CONV, .size = htole16(stream_size(convs)) },
			.x = picture(0, convs, layer->x, conv->channels, conv->size),
			.w = weights(convs, layer),
			.d = picture(2, convs, layer->d, conv->outputs, conv_out(conv)),
			.qx = quant_none(),
			.qw = quant_none(),
			.blocks = blocks_of(convs, conv),
			.groups = htole32(1),
			.dims = 2,
		},
	};

	for (int i = 0; i < 2; i++)
		stream.command.window[i] = (struct tsr_hw_window){
			.kernel = htole32(conv->kernel), .stride = htole32(conv->stride),
			.dilation = htole32(1), .input_dilation = htole32(1),
			.before = htole64(conv->pad), .after = htole64(conv->pad),
		};
	if (convs->integer) {
		stream.command.head.post = htole16(sizeof(stream.command));
		write_program(&stream, layer->scale);
	}
	return stream;
}

/* ---- all of them ---------------------------------------------------------------- */

/* Sums of k products of int8 have a size of some 5,000 times the root of k; results fill a byte. */
static void lay_out(struct convs *convs, struct layer *end)
{
	struct square_conv conv[RESNET50_CONVS];

	resnet50_convs(conv);
	*end = (struct layer){ 0 };
	for (int i = 0; i < RESNET50_CONVS; i++) {
		double k = (double)conv_weights(&conv[i]) / conv[i].outputs;

		convs->layer[i] = (struct layer){ conv[i], end->x, end->w, end->d,
						  (float)(60 / (5461 * sqrt(k))) };
		end->x += conv_inputs(&conv[i]);
		end->w += conv_weights(&conv[i]);
		end->d += conv_outputs(&conv[i]);
	}
}

static uint64_t operations(const struct convs *convs)
{
	uint64_t products = 0;

	for (int i = 0; i < RESNET50_CONVS; i++) {
		const struct square_conv *conv = &convs->layer[i].conv;

		products += conv_weights(conv) * conv_out(conv) * conv_out(conv);
	}
	return 2 * products;
}

static void make_program(struct convs *convs)
{
	static char bytes[RESNET50_CONVS * sizeof(struct stream)];
	const uint32_t size = stream_size(convs);
	const struct command_buffer buffers[] = {
		{ &convs->x, TSR_HW_SLOT_READ },
		{ &convs->w, TSR_HW_SLOT_READ },
		{ &convs->d, TSR_HW_SLOT_WRITE },
	};
	const struct commands commands = {
		.bytes = bytes,
		.size = RESNET50_CONVS * size,
		.count = 1,
		.ops = operations(convs),
		.buffer = buffers,
		.buffer_count = 3,
	};

	for (int i = 0; i < RESNET50_CONVS; i++) {
		const struct stream stream = stream_of(convs, &convs->layer[i]);

		memcpy(bytes + i * size, &stream, size);
	}
	program_commands(&convs->npu, &convs->program, &commands);
}

static void prepare(struct convs *convs, const char *device)
{
	struct layer end;

	lay_out(convs, &end);
	npu_open(&convs->npu, device);
	npu_buffer(&convs->npu, &convs->x, end.x * element(convs), DRM_TESSERA_BIND_READ);
	npu_buffer(&convs->npu, &convs->w, end.w * element(convs), DRM_TESSERA_BIND_READ);
	npu_buffer(&convs->npu, &convs->d, end.d * element(convs), DRM_TESSERA_BIND_WRITE);
	matrix_fill(convs->w.data, matrix_type(convs), end.w, 1);
	npu_buffer_seal(&convs->npu, &convs->w, DRM_TESSERA_BIND_READ);
	make_program(convs);
	convs->out = npu_syncobj(&convs->npu, 0);
	job_init(&convs->job, &convs->npu, &convs->program, 0, convs->out);
}

/* ---- results -------------------------------------------------------------------- */

static double value(const struct convs *convs, const struct npu_buffer *buffer, size_t i)
{
	return convs->integer ? ((const int8_t *)buffer->data)[i] :
				(double)((const float *)buffer->data)[i];
}

/* The sum for one output. */
static double window(const struct convs *convs, const struct layer *layer, uint32_t row,
		     uint32_t column, uint32_t output)
{
	const struct square_conv *conv = &layer->conv;
	double sum = 0;

	for (uint32_t tap = 0; tap < conv->kernel * conv->kernel; tap++) {
		uint32_t h = row * conv->stride + tap / conv->kernel - conv->pad;
		uint32_t v = column * conv->stride + tap % conv->kernel - conv->pad;

		if (h >= conv->size || v >= conv->size)
			continue;
		for (uint32_t c = 0; c < conv->channels; c++) {
			size_t x = ((size_t)h * conv->size + v) * conv->channels + c;
			size_t w = ((size_t)tap * conv->channels + c) * conv->outputs + output;

			sum += value(convs, &convs->x, layer->x + x) *
			       value(convs, &convs->w, layer->w + w);
		}
	}
	return sum;
}

static bool is_right(const struct convs *convs, const struct layer *layer, double sum, double got)
{
	float scaled = rintf((float)sum * layer->scale);

	if (!convs->integer)
		return fabs(got - sum) <= TOLERANCE;
	return got == fminf(fmaxf(scaled, INT8_MIN), INT8_MAX);
}

static void check(const struct convs *convs, const struct layer *layer, uint64_t seed)
{
	const struct square_conv *conv = &layer->conv;
	uint32_t out = conv_out(conv);

	for (uint64_t i = 0; i < SPOTS; i++) {
		size_t at = (size_t)(seed * 7919 + i * 104729) % conv_outputs(conv);
		size_t pixel = at / conv->outputs;
		double sum = window(convs, layer, (uint32_t)(pixel / out), (uint32_t)(pixel % out),
				    (uint32_t)(at % conv->outputs));

		if (!is_right(convs, layer, sum, value(convs, &convs->d, layer->d + at)))
			die("convolution %td is wrong at element %zu", layer - convs->layer, at);
	}
}

static uint64_t timed_round(void *context, uint64_t seed)
{
	struct convs *convs = context;
	uint64_t start, end;

	matrix_fill(convs->x.data, matrix_type(convs), convs->x.size / element(convs), seed);
	memset(convs->d.data, 0x7f, convs->d.size);
	start = now_ns();
	job_submit(&convs->job, &convs->npu);
	npu_wait(&convs->npu, convs->out);
	end = now_ns();
	for (int i = 0; i < RESNET50_CONVS; i++)
		check(convs, &convs->layer[i], seed);
	return end - start;
}

int main(int argc, char **argv)
{
	static struct convs convs;

	if (argc < 3) {
		fputs("usage: conv_guest fp32|int8 PORT [DEVICE]\n", stderr);
		return 2;
	}
	convs.integer = !strcmp(argv[1], "int8");
	prepare(&convs, argc > 3 ? argv[3] : "/dev/accel/accel0");
	rounds_serve(argv[2], timed_round, &convs);
	npu_close(&convs.npu);
	return 0;
}
