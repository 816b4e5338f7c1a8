/* SPDX-License-Identifier: MIT */
/*
 * Tap t of window o lies at p = o * stride - before + t * dilation, and meets element
 * p / input_dilation if that is a whole number and inside. All factors are below 2^31, and
 * o * stride is at most what the elements and pads take up, so nothing overflows 63 bits.
 */
#include "sliding.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "parameter.h"
#include "smaller.h"

static uint32_t divisor(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* x with a x = 1 modulo @m, which has no divisor in common with @a. */
static uint32_t inverse(uint32_t a, uint32_t m)
{
	int64_t x = 0, next = 1;
	int64_t rest = m, divided = a % m;

	while (divided) {
		int64_t quotient = rest / divided;
		int64_t swap = x - quotient * next;

		x = next;
		next = swap;
		swap = rest - quotient * divided;
		rest = divided;
		divided = swap;
	}
	return (uint32_t)((x + m) % m);
}

static int check_numbers(const struct tsr_hw_window *raw)
{
	const uint32_t number[] = { raw->kernel, raw->stride, raw->dilation, raw->input_dilation };

	for (unsigned int i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		if (!number[i] || number[i] > INT32_MAX)
			return TSR_HW_ERR_COMMAND;
	return TSR_HW_ERR_NONE;
}

/* Places that windows begin at, less one, times the stride; below 0 if there is none. */
static int64_t way(const struct tsr_hw_window *raw, uint64_t in, int64_t pads)
{
	int64_t dilated = in ? (int64_t)((in - 1) * raw->input_dilation) + 1 : 0;

	return dilated + pads - (int64_t)raw->dilation * (raw->kernel - 1) - 1;
}

static int check_out(const struct tsr_hw_window *raw, uint64_t in, uint64_t out, int64_t pads)
{
	int64_t left = way(raw, in, pads);

	if (left < 0)
		return -left > raw->stride || out ? TSR_HW_ERR_COMMAND : TSR_HW_ERR_NONE;
	return out == (uint64_t)left / raw->stride + 1 ? TSR_HW_ERR_NONE : TSR_HW_ERR_COMMAND;
}

static void prepare(struct sliding *sliding)
{
	sliding->common = divisor(sliding->dilation, sliding->input_dilation);
	sliding->cycle = sliding->input_dilation / sliding->common;
	sliding->advance = sliding->dilation / sliding->common;
	sliding->inverse = inverse(sliding->advance, sliding->cycle);
}

int sliding_decode(const struct tile_request *request, const struct tsr_hw_window *raw,
		   uint64_t in, uint64_t out, struct sliding *sliding)
{
	__le64 before = raw->before;
	__le64 after = raw->after;
	int error = check_numbers(raw);

	if (!error)
		error = parameter_take_pad(request, &before);
	if (!error)
		error = parameter_take_pad(request, &after);
	if (!error)
		error = check_out(raw, in, out, (int64_t)before + (int64_t)after);
	if (error)
		return error;
	*sliding = (struct sliding){
		.kernel = raw->kernel,
		.stride = raw->stride,
		.dilation = raw->dilation,
		.input_dilation = raw->input_dilation,
		.before = (int64_t)before,
		.in = in,
		.out = out,
	};
	prepare(sliding);
	return TSR_HW_ERR_NONE;
}

void sliding_none(struct sliding *sliding)
{
	*sliding = (struct sliding){ .kernel = 1, .stride = 1, .dilation = 1, .input_dilation = 1,
				     .in = 1, .out = 1 };
	prepare(sliding);
}

int sliding_is_absent(const struct tsr_hw_window *raw)
{
	static const struct tsr_hw_window absent;

	return !memcmp(raw, &absent, sizeof(absent));
}

/* The first tap at a place that is a multiple of the input's dilation; @place is one of @common. */
static int64_t first_tap(const struct sliding *sliding, int64_t place)
{
	int64_t rest = -(place / sliding->common) % sliding->cycle;

	/* Not below 0, and below twice the cycle: the product is below 2^63. */
	return (rest + sliding->cycle) * sliding->inverse % sliding->cycle;
}

struct hits sliding_hits(const struct sliding *sliding, uint64_t out)
{
	int64_t place = (int64_t)(out * sliding->stride) - sliding->before;
	int64_t skipped = 0;
	int64_t tap, at, count;

	if (place % sliding->common || !sliding->in)
		return (struct hits){ 0 };
	tap = first_tap(sliding, place);
	at = (place + tap * sliding->dilation) / sliding->input_dilation;
	if (at < 0)
		skipped = (-at + sliding->advance - 1) / sliding->advance;
	tap += skipped * sliding->cycle;
	at += skipped * sliding->advance;
	if (tap >= sliding->kernel || at >= (int64_t)sliding->in)
		return (struct hits){ 0 };
	count = (sliding->kernel - 1 - tap) / sliding->cycle + 1;
	return (struct hits){
		.tap = (uint64_t)tap,
		.at = (uint64_t)at,
		.count = smaller((uint64_t)count,
				 (sliding->in - 1 - (uint64_t)at) / sliding->advance + 1),
	};
}
