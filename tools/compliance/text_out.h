/* SPDX-License-Identifier: MIT */
#ifndef TSR_COMPLIANCE_TEXT_OUT_H
#define TSR_COMPLIANCE_TEXT_OUT_H

#include <stdio.h>

/**
 * struct cpl_page - text being written, a given number of columns wide
 *
 * Control characters in what is written are replaced, so that facts cannot steer a terminal.
 */
struct cpl_page {
	FILE *out;
	unsigned int columns;
};

/** cpl_page_heading() - a blank line and a heading. */
void cpl_page_heading(const struct cpl_page *page, const char *heading);

/** cpl_page_cell() - @text cut or padded to @width columns; @width below 0 aligns to the left. */
void cpl_page_cell(const struct cpl_page *page, int width, const char *text);

/**
 * cpl_page_item() - a label and a text wrapped beside it
 * @label: shown at the left margin, padded to @width; longer labels get a line of their own
 * @width: column the text begins at
 *
 */
void cpl_page_item(const struct cpl_page *page, unsigned int width, const char *label,
		   const char *text);

#endif
