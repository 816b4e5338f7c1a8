// SPDX-License-Identifier: MIT
/* A program without test surface. */
#include "surface.h"

const struct surface *const test_surface;
