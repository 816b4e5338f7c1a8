/* SPDX-License-Identifier: MIT */
/*
 * Functions whose variables are whole vector registers. A compiler takes vectors that are larger
 * than the registers of the least processor apart before it clones a function, so that TILE_CLONES
 * leaves scalar code of them. Their text is a header instead, which is compiled for each width:
 *
 *	#define WIDTH_TEXT	<vector/text.h>
 *	#include <number/each_width.h>
 *
 * It names its functions WIDTH_NAME(name) and marks them with WIDTH_TARGET. WIDTH_CALL(name,
 * arguments) calls the one that this processor has the registers for.
 */
#ifndef VNPU_NUMBER_WIDTHS_H
#define VNPU_NUMBER_WIDTHS_H

/*
 * A build for tests leaves out the larger ones, or (WIDTHS_PLAIN) what only one processor has.
 * Under the sanitizers there is one width, as there is one clone: each takes compilers half a
 * minute.
 */
#if !defined(WIDTHS_MOST) && (defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__))
#define WIDTHS_MOST	16
#elif !defined(WIDTHS_MOST)
#define WIDTHS_MOST	64
#endif

#if defined(__x86_64__) && WIDTHS_MOST > 16
#define WIDTHS_ABOVE_16
#endif

#define WIDTH_TARGET_16
#define WIDTH_TARGET_32	__attribute__((target("arch=x86-64-v3")))
#define WIDTH_TARGET_64	__attribute__((target("arch=x86-64-v4")))

/*
 * The instructions of a width: WIDTH_INTRINSIC(add_epi16), on variables of the type WIDTH_REGISTER,
 * or WIDTH_REALS for fp32.
 */
#if defined(__x86_64__) && !defined(WIDTHS_PLAIN)
#include <immintrin.h>

#define WIDTH_PREFIX_16		_mm_
#define WIDTH_PREFIX_32		_mm256_
#define WIDTH_PREFIX_64		_mm512_
#define WIDTH_REGISTER_16	__m128i
#define WIDTH_REGISTER_32	__m256i
#define WIDTH_REGISTER_64	__m512i
#define WIDTH_REALS_16		__m128
#define WIDTH_REALS_32		__m256
#define WIDTH_REALS_64		__m512
#define WIDTH_INTRINSIC(name)	WIDTH_PASTE(WIDTH_PASTE(WIDTH_PREFIX_, WIDTH), name)
#define WIDTH_REGISTER		WIDTH_PASTE(WIDTH_REGISTER_, WIDTH)
#define WIDTH_REALS		WIDTH_PASTE(WIDTH_REALS_, WIDTH)
#endif

#define WIDTH_PASTE_(a, b)	a##b
#define WIDTH_PASTE(a, b)	WIDTH_PASTE_(a, b)
#define WIDTH_NAME(name)	WIDTH_PASTE(name##_, WIDTH)
#define WIDTH_TARGET		WIDTH_PASTE(WIDTH_TARGET_, WIDTH)

/** width_of_registers() - bytes of this processor's vector registers: 16, 32 or 64 */
static inline unsigned int width_of_registers(void)
{
#ifdef WIDTHS_ABOVE_16
	if (WIDTHS_MOST >= 64 && __builtin_cpu_supports("x86-64-v4"))
		return 64;
	if (__builtin_cpu_supports("x86-64-v3"))
		return 32;
#endif
	return 16;
}

#ifdef WIDTHS_ABOVE_16
#define WIDTH_CALL(name, ...)								\
	do {										\
		switch (width_of_registers()) {						\
		case 64:								\
			name##_64(__VA_ARGS__);						\
			break;								\
		case 32:								\
			name##_32(__VA_ARGS__);						\
			break;								\
		default:								\
			name##_16(__VA_ARGS__);						\
		}									\
	} while (0)
#else
#define WIDTH_CALL(name, ...)	name##_16(__VA_ARGS__)
#endif

#endif
