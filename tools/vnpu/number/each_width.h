/* SPDX-License-Identifier: MIT */
/*
 * The text that WIDTH_TEXT names, for each width there is (widths.h). No
 * guard: each file has one text.
 */
#define WIDTH	16
#include WIDTH_TEXT
#undef WIDTH
#ifdef WIDTHS_ABOVE_16
#define WIDTH	32
#include WIDTH_TEXT
#undef WIDTH
#define WIDTH	64
#include WIDTH_TEXT
#undef WIDTH
#endif
