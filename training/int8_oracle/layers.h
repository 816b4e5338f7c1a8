/* SPDX-License-Identifier: MIT */
/* The layers of a network, computed for one picture. */
#ifndef ORACLE_LAYERS_H
#define ORACLE_LAYERS_H

#include <stdint.h>

struct network;

/**
 * run_layers() - compute every tensor of one picture from its input tensor
 * @network: the network
 * @codes: network->codes codes; those of the input tensor are set
 * @patches: room for network->patches codes
 */
void run_layers(const struct network *network, int16_t *codes, int16_t *patches);

#endif
