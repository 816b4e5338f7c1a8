/* SPDX-License-Identifier: MIT */
/* stream_lines() and stream_reals() with registers of WIDTH bytes (number/widths.h). */

/* A whole line in one store is one write to memory; parts of it have to meet in a buffer first. */
static WIDTH_TARGET void WIDTH_NAME(stream_lines)(char *to, const char *from, uint64_t lines)
{
	for (; lines; lines--, to += LINE_BYTES, from += LINE_BYTES)
		for (unsigned int i = 0; i < LINE_BYTES; i += WIDTH)
			WIDTH_INTRINSIC(stream_ps)((float *)(to + i),
				WIDTH_INTRINSIC(loadu_ps)((const float *)(from + i)));
}

/* Also: whether one of the elements has the exponent of infinities and NaNs. */
static WIDTH_TARGET void WIDTH_NAME(stream_reals)(char *to, const char *from, uint64_t lines,
						  bool *nonfinite)
{
	typedef uint32_t codes __attribute__((vector_size(WIDTH), aligned(4), may_alias));
	const codes none = { 0 }, exponent = none + EXPONENT_FP32;
	codes met = none;

	for (; lines; lines--, to += LINE_BYTES, from += LINE_BYTES) {
		for (unsigned int i = 0; i < LINE_BYTES; i += WIDTH) {
			codes part = *(const codes *)(from + i);

			met |= (codes)((part & exponent) == exponent);
			WIDTH_INTRINSIC(stream_ps)((float *)(to + i), (WIDTH_REALS)part);
		}
	}
	for (unsigned int i = 0; i < WIDTH / sizeof(uint32_t); i++)
		*nonfinite |= met[i] != 0;
}
