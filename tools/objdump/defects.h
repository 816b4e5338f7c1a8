/* SPDX-License-Identifier: MIT */
/* What is wrong with a program, in the order of its bytes' reading. */
#ifndef OBJDUMP_DEFECTS_H
#define OBJDUMP_DEFECTS_H

#include <stddef.h>

/* Those beyond are counted and not kept. */
#define DEFECTS_KEPT	100

/**
 * struct defect - one
 * @offset: of the member, in the file
 * @path: of the member, as "node 3: pred_count"
 * @rule: what is there and what must be
 */
struct defect {
	size_t offset;
	char path[128];
	char rule[160];
};

struct defects {
	size_t count;
	struct defect kept[DEFECTS_KEPT];
};

/** defects_add() - one more; @where is the part, or "" */
void defects_add(struct defects *defects, size_t offset, const char *where, const char *path,
		 const char *rule, ...) __attribute__((format(printf, 5, 6)));

/** defects_print() - a line each on standard error, each begins with @file */
void defects_print(const struct defects *defects, const char *file);

#endif
