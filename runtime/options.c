// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <string.h>

#include "error.h"

/* No version of any option struct comes near it; a size beyond was never set. */
#define SIZE_LIMIT	4096

static int check_rest(const unsigned char *bytes, size_t known, size_t size, const char *name)
{
	size_t i;

	for (i = known; i < size; i++)
		if (bytes[i])
			return tsr_fail(-E2BIG,
					"struct %s has byte %zu set, this library knows %zu; "
					"it is older than the header the program was built with",
					name, i, known);
	return 0;
}

int tsr_options_read(void *to, size_t known, const void *from, const char *name)
{
	size_t size = 0;
	int error;

	memset(to, 0, known);
	if (from)
		memcpy(&size, from, sizeof(size));
	if (from && (size < sizeof(size) || size > SIZE_LIMIT))
		return tsr_fail(-EINVAL, "struct %s has size %zu; initialize it with "
				"TSR_OPTIONS(%s, ...)", name, size, name);
	error = from ? check_rest(from, known, size, name) : 0;
	if (error)
		return error;
	if (from)
		memcpy(to, from, size < known ? size : known);
	memcpy(to, &known, sizeof(known));
	return 0;
}
