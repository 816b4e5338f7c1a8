/* SPDX-License-Identifier: MIT */
/* The product classes, each a file of contract/skus. */
#ifndef TEST_CLASSES_H
#define TEST_CLASSES_H

#include <tsr_hw/fuse.h>

#define CLASS_FILE(name, file) file,

static const char *const classes[] = { TSR_HW_SKU_ROWS(CLASS_FILE) };

#define CLASSES		(sizeof(classes) / sizeof(classes[0]))

#endif
