/* SPDX-License-Identifier: MIT */
#include "lent.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "staging.h"

#define PAGE		4096u

/* Pages asked about at once. */
#define PAGES		4096u

/* Between the end of the memory and that of its last page: not what padding writes. */
#define PATTERN		0xa5

static size_t whole_pages(size_t bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

static size_t map_size(const struct lent *lent)
{
	return 2 * LENT_MARGIN + whole_pages(lent->bytes);
}

/* A huge page would make untouched pages present. */
static int get_checked(struct lent *lent, size_t bytes)
{
	lent->bytes = bytes;
	lent->map = mmap(NULL, map_size(lent), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (lent->map == MAP_FAILED || madvise(lent->map, map_size(lent), MADV_NOHUGEPAGE)) {
		if (lent->map != MAP_FAILED)
			munmap(lent->map, map_size(lent));
		return -ENOMEM;
	}
	staging_count(whole_pages(bytes));
	lent->at = lent->map + LENT_MARGIN;
	memset(lent->at + bytes, PATTERN, whole_pages(bytes) - bytes);
	return 0;
}

int lent_get(struct lent *lent, size_t bytes, bool trial)
{
	*lent = (struct lent){ 0 };
	if (trial)
		return get_checked(lent, bytes);
	lent->at = staging_get(bytes);
	return lent->at ? 0 : -ENOMEM;
}

/* Pages of fresh memory are present once they were read or written. */
static bool untouched(unsigned char *from, size_t bytes)
{
	unsigned char present[PAGES];

	for (size_t at = 0; at < bytes; at += PAGES * PAGE) {
		size_t some = bytes - at < PAGES * PAGE ? bytes - at : PAGES * PAGE;

		if (mincore(from + at, some, present))
			return false;
		for (size_t page = 0; page < some / PAGE; page++)
			if (present[page] & 1)
				return false;
	}
	return true;
}

static bool kept_to(const struct lent *lent)
{
	unsigned char *end = lent->at + whole_pages(lent->bytes);

	for (const unsigned char *at = lent->at + lent->bytes; at < end; at++)
		if (*at != PATTERN)
			return false;
	return untouched(lent->map, LENT_MARGIN) && untouched(end, LENT_MARGIN);
}

int lent_put(struct lent *lent)
{
	bool fine;

	if (!lent->map) {
		staging_put(lent->at);
		return 0;
	}
	fine = kept_to(lent);
	munmap(lent->map, map_size(lent));
	staging_uncount(whole_pages(lent->bytes));
	return fine ? 0 : -EFAULT;
}
