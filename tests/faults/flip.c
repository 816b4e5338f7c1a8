// SPDX-License-Identifier: MIT
/*
 * One wrong bit in the tile changes the outcome of one product, as it must: so products
 * that come out right have been computed. The next product is right again.
 *
 * The canaries use another NPU, because the bit is flipped for whoever comes first.
 */
#include <stdint.h>
#include <stdio.h>

#include "canary.h"
#include "client.h"
#include "gemm.h"
#include "tap.h"

static const unsigned int bits[] = { 0, 7, 100, 1001, 4711, 8191 };

static void load(struct client *client)
{
	struct tsr_program *program = tsr_program_begin();

	client_slot(client, 0, TSR_VA_DATA, CLIENT_DATA_SIZE, TSR_HW_SLOT_READ | TSR_HW_SLOT_WRITE);
	gemm_node(program, 0, 0);
	client_load(client, program, 1);
}

static struct gemm *run(struct client *client, uint64_t seed)
{
	struct gemm *gemm = client->data.map;

	gemm_fill(gemm, seed);
	tap_need(!client_submit(client) && !client_wait(client, PATIENCE), "a product");
	return gemm;
}

static void difference(const struct gemm *gemm, int32_t diff[GEMM_M][GEMM_N])
{
	for (unsigned int m = 0; m < GEMM_M; m++)
		for (unsigned int n = 0; n < GEMM_N; n++) {
			diff[m][n] = gemm->d[m][n];
			for (unsigned int k = 0; k < GEMM_K; k++)
				diff[m][n] -= gemm->a[m][k] * gemm->b[k][n];
		}
}

/* Return: bits in which the result differs from what it should be. */
static unsigned int wrong_bits(const struct gemm *gemm)
{
	int32_t diff[GEMM_M][GEMM_N];
	unsigned int count = 0;
	uint32_t right;

	difference(gemm, diff);
	for (unsigned int m = 0; m < GEMM_M; m++)
		for (unsigned int n = 0; n < GEMM_N; n++) {
			right = (uint32_t)gemm->d[m][n] - (uint32_t)diff[m][n];
			count += (unsigned int)__builtin_popcount(right ^
								  (uint32_t)gemm->d[m][n]);
		}
	return count;
}

static int32_t flipped_by(int8_t weight, unsigned int bit)
{
	return (int8_t)(weight ^ (1 << bit)) - weight;
}

/* Does column @n differ just as if weight (@k, @n) had @bit flipped? */
static bool explains(const struct gemm *gemm, int32_t diff[GEMM_M][GEMM_N], unsigned int k,
		     unsigned int n, unsigned int bit)
{
	int32_t delta = flipped_by(gemm->b[k][n], bit);

	for (unsigned int m = 0; m < GEMM_M; m++)
		if (diff[m][n] != gemm->a[m][k] * delta)
			return false;
	return true;
}

static unsigned int wrong_columns(int32_t diff[GEMM_M][GEMM_N], unsigned int *which)
{
	unsigned int count = 0, m;

	for (unsigned int n = 0; n < GEMM_N; n++) {
		for (m = 0; m < GEMM_M && !diff[m][n]; m++)
			;
		if (m == GEMM_M)
			continue;
		count++;
		*which = n;
	}
	return count;
}

/* Return: true if the result is that of operands with one wrong bit of one weight. */
static bool one_wrong_weight(const struct gemm *gemm)
{
	int32_t diff[GEMM_M][GEMM_N];
	unsigned int n = 0;

	difference(gemm, diff);
	if (wrong_columns(diff, &n) != 1)
		return false;
	for (unsigned int k = 0; k < GEMM_K; k++)
		for (unsigned int bit = 0; bit < 8; bit++)
			if (explains(gemm, diff, k, n, bit))
				return true;
	return false;
}

static void arm(const char *what, unsigned int bit)
{
	char line[64];

	snprintf(line, sizeof(line), "inject %s bit=%u", what, bit);
	tap_need(tsr_control(line, NULL, 0), "control: %s", line);
}

static void flip_result(struct client *client, unsigned int bit)
{
	unsigned int wrong;

	arm("flip-result", bit);
	wrong = wrong_bits(run(client, bit));
	tap_ok(wrong == 1, "bit %u of the result flipped: %u wrong bits", bit, wrong);
	tap_ok(gemm_right(run(client, bit)), "the same product once more is right");
}

static void flip_weight(struct client *client, unsigned int bit)
{
	arm("flip-weight", bit);
	tap_ok(one_wrong_weight(run(client, bit)),
	       "bit %u of the weights flipped: the product is that of one wrong weight", bit);
	tap_ok(gemm_right(run(client, bit)), "the same product once more is right");
}

int main(void)
{
	struct canaries *canaries = canaries_start(1);
	struct client client;

	canaries_enter(canaries, CANARY_DURING);
	tap_need(!client_open(&client), "a client");
	load(&client);
	tap_ok(gemm_right(run(&client, 1)), "the product is right");
	for (unsigned int i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		flip_result(&client, bits[i]);
		flip_weight(&client, bits[i]);
	}
	client_close(&client);
	canaries_await(canaries, 50);
	canaries_enter(canaries, CANARY_AFTER);
	canaries_await(canaries, 50);
	canaries_end(canaries, "flip");
	return tap_end();
}
