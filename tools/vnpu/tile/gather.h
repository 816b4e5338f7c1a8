/* SPDX-License-Identifier: MIT */
/*
 * Gather and scatter: between the elements of a view, anywhere in the job's
 * memory, and a dense array of the engine's own.
 */
#ifndef VNPU_TILE_GATHER_H
#define VNPU_TILE_GATHER_H

#include <stdint.h>

struct span;
struct tile_memory;
struct view;

/* Bytes of one block: what a thread gathers, works on and scatters at a time. */
#define GATHER_BLOCK	65536u

/**
 * gather_span() - read a piece of a view
 * @memory: the job's memory
 * @span: what to read
 * @size: bytes of an element
 * @to: destination, rows of dense elements
 * @pitch: bytes from row to row there
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int gather_span(const struct tile_memory *memory, const struct span *span, uint32_t size,
		void *to, uint64_t pitch, uint64_t *fault);

/**
 * gather_span_halves() - gather_span() of a view of elements of half a byte
 * @memory: the job's memory
 * @span: what to read; strides are even, or 1, 0 or -1
 * @to: destination, rows of dense elements, one a byte
 * @pitch: bytes from row to row there
 * @fault: address that failed
 *
 * Return: as gather_span().
 */
int gather_span_halves(const struct tile_memory *memory, const struct span *span, uint8_t *to,
		       uint64_t pitch, uint64_t *fault);

/**
 * gather() - read a range of a view
 * @memory: the job's memory
 * @view: what to read
 * @first: number of the first element
 * @count: elements
 * @to: dense destination; elements of half a byte become a byte each, upper halves 0
 * @fault: address that failed
 *
 * Any thread.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int gather(const struct tile_memory *memory, const struct view *view, uint64_t first,
	   uint64_t count, void *to, uint64_t *fault);

/**
 * scatter() - write a range of a view
 * @memory: the job's memory
 * @view: where to write
 * @first: number of the first element
 * @count: elements
 * @from: dense source; of elements of half a byte one a byte, upper halves are not used
 * @fault: address that failed
 *
 * Any thread. Of elements of half a byte the innermost dimension is the one whose neighbours
 * share bytes, and the range begins and ends with a byte (block_run.h): so no two ranges write
 * to the same one. The upper half of a row's last byte becomes 0 if it has no element.
 *
 * Return: TSR_HW_ERR_NONE or TSR_HW_ERR_FAULT_*.
 */
int scatter(const struct tile_memory *memory, const struct view *view, uint64_t first,
	    uint64_t count, const void *from, uint64_t *fault);

#endif
