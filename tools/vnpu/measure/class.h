/* SPDX-License-Identifier: MIT */
#ifndef VNPU_MEASURE_CLASS_H
#define VNPU_MEASURE_CLASS_H

#include <tsr_hw/fuse.h>

#include "time/class.h"
#include "time/energy.h"

struct sku_energy;

/** class_of() - what time depends on, at the highest clock */
struct time_class class_of(const struct tsr_hw_fuses *fuses);

/** class_energy() - what everything but products takes */
struct energy_constants class_energy(const struct sku_energy *energy);

#endif
