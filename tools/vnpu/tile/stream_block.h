/* SPDX-License-Identifier: MIT */
/* stream_lines() with registers of WIDTH bytes (number/widths.h), of in_place.c. */

/* A whole line in one store is one write to memory; parts of it have to meet in a buffer first. */
static WIDTH_TARGET void WIDTH_NAME(stream_lines)(char *to, const char *from, uint64_t lines)
{
	for (; lines; lines--, to += LINE_BYTES, from += LINE_BYTES)
		for (unsigned int i = 0; i < LINE_BYTES; i += WIDTH)
			WIDTH_INTRINSIC(stream_ps)((float *)(to + i),
				WIDTH_INTRINSIC(loadu_ps)((const float *)(from + i)));
}
