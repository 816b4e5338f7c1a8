// SPDX-License-Identifier: MIT
/*
 * int8_oracle - logits of a quantized network in plain C
 *
 * Computes what the programming manual's rounding rules give for each picture. Shares no code with
 * the NPU's model, the runtime or any library that computes for them.
 */
#include <err.h>
#include <stdlib.h>

#include "layers.h"
#include "network.h"
#include "npy.h"

/* Set the input tensor from pixel values and compute the logits of one picture. */
static void classify(const struct network *network, const uint8_t *pixels, float *logits,
		     int16_t *codes, int16_t *patches)
{
	const struct tensor *input = &network->tensors[network->input];
	const struct tensor *output = &network->tensors[network->output];

	for (size_t i = 0; i < tensor_size(input); i++)
		codes[input->start + i] = requantize_real(pixels[i], &input->quantization);
	run_layers(network, codes, patches);
	for (size_t i = 0; i < tensor_size(output); i++)
		logits[i] = to_real(codes[output->start + i], &output->quantization);
}

static void classify_all(const struct network *network, const uint8_t *pixels, size_t count,
			 float *logits)
{
	size_t inputs = tensor_size(&network->tensors[network->input]);
	size_t outputs = tensor_size(&network->tensors[network->output]);

#pragma omp parallel
	{
		int16_t *codes = malloc(network->codes * sizeof(*codes));
		int16_t *patches = malloc(network->patches * sizeof(*patches));

		if (!codes || !patches)
			err(1, "memory for one picture");
#pragma omp for
		for (size_t i = 0; i < count; i++)
			classify(network, pixels + i * inputs, logits + i * outputs, codes,
				 patches);
		free(patches);
		free(codes);
	}
}

int main(int argc, char **argv)
{
	struct network *network;
	uint8_t *pixels;
	float *logits;
	size_t count, outputs;

	if (argc != 4)
		errx(2, "usage: %s NETWORK PICTURES.npy LOGITS.npy", argv[0]);
	network = network_load(argv[1]);
	pixels = npy_read_bytes(argv[2], tensor_size(&network->tensors[network->input]), &count);
	outputs = tensor_size(&network->tensors[network->output]);
	logits = malloc(count * outputs * sizeof(*logits) + 1);
	if (!logits)
		err(1, "memory for the logits of %zu pictures", count);
	classify_all(network, pixels, count, logits);
	npy_write_floats(argv[3], logits, count, outputs);
	free(logits);
	free(pixels);
	network_free(network);
	return 0;
}
