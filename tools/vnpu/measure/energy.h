/* SPDX-License-Identifier: MIT */
#ifndef VNPU_MEASURE_ENERGY_H
#define VNPU_MEASURE_ENERGY_H

#include "time/command.h"

/**
 * energy_of_products() - femtojoules of the products of a command, 0 of one that has none
 *
 * Types of a node's products may differ, so they are counted here, command by command. They are
 * the products of its steps (docs/hardware-2.md, "Energy and temperature").
 */
unsigned __int128 energy_of_products(const struct command *command);

#endif
