/* SPDX-License-Identifier: MIT */
#include "lent.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "smaller.h"
#include "staging.h"

/* Pages asked about at once. */
#define PAGES		4096u

/* Between the end of the memory and that of its last page: not what padding writes. */
#define PATTERN		0xa5

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t bytes)
{
	size_t page = page_size();

	return (bytes + page - 1) / page * page;
}

static size_t map_size(const struct lent *lent)
{
	return 2 * lent->margin + whole_pages(lent->bytes);
}

static int get_checked(struct lent *lent, size_t bytes, size_t operand)
{
	void *map;

	lent->bytes = bytes;
	lent->margin = whole_pages(larger(operand, LENT_MARGIN));
	map = mmap(NULL, map_size(lent), PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -ENOTSUP;
	/* A huge page would make untouched pages present. A kernel without them refuses. */
	madvise(map, map_size(lent), MADV_NOHUGEPAGE);
	staging_count(whole_pages(bytes));
	lent->map = map;
	lent->at = lent->map + lent->margin;
	memset(lent->at + bytes, PATTERN, whole_pages(bytes) - bytes);
	return 0;
}

int lent_get(struct lent *lent, size_t bytes, size_t operand)
{
	*lent = (struct lent){ 0 };
	if (operand)
		return get_checked(lent, bytes, operand);
	lent->at = staging_get(bytes);
	return lent->at ? 0 : -ENOMEM;
}

/* Pages of fresh memory are present once they were read or written. */
static bool untouched(unsigned char *from, size_t bytes)
{
	size_t pages = bytes / page_size();
	unsigned char present[PAGES];

	for (size_t first = 0; first < pages; first += PAGES) {
		size_t some = smaller(pages - first, PAGES);

		if (mincore(from + first * page_size(), some * page_size(), present))
			return false;
		for (size_t page = 0; page < some; page++)
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
	return untouched(lent->map, lent->margin) && untouched(end, lent->margin);
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
