// SPDX-License-Identifier: MIT
/* tessera-smi list: which NPUs are there, and what state they are in. */
#include <stdio.h>

#include "smi.h"

static int describe(struct smi_board *board, void *context)
{
	json_object_array_add(context, smi_describe_board(board));
	return SMI_OK;
}

static void print_row(struct json_object *board)
{
	struct json_object *index = json_object_object_get(board, "index");

	printf("%-5s  %-8s  %-14s  %-18s  %s\n", index ? json_object_get_string(index) : "-",
	       smi_text(board, "sku"), smi_text(board, "bus"),
	       index ? smi_text(board, "path") : "-", smi_text(board, "state"));
}

static void print_table(struct json_object *boards)
{
	size_t i, count = json_object_array_length(boards);

	printf("%-5s  %-8s  %-14s  %-18s  %s\n", "NPU", "CLASS", "BUS", "NODE", "STATE");
	for (i = 0; i < count; i++)
		print_row(json_object_array_get_idx(boards, i));
	if (!count)
		puts("(none: lspci -d 1af4:10f0 shows none)");
	for (i = 0; i < count; i++) {
		struct json_object *board = json_object_array_get_idx(boards, i);

		if (*smi_text(board, "reason"))
			printf("%s: %s\n", smi_text(board, "bus"), smi_text(board, "reason"));
	}
}

int smi_list(const struct smi_options *options)
{
	struct json_object *boards = json_object_new_array();
	int code = smi_each_board(options, describe, boards);

	if (code == SMI_NO_BOARD)
		code = SMI_OK;
	if (options->json) {
		smi_print_json(smi_document("devices", boards));
		return code;
	}
	if (!code)
		print_table(boards);
	json_object_put(boards);
	return code;
}
