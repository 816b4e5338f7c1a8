/* SPDX-License-Identifier: MIT */
/* The compiled program as a file, for tessera-objdump. */
#ifndef RUN_PROGRAM_FILE_H
#define RUN_PROGRAM_FILE_H

#include "message.h"

struct tsr_program;

/** program_file_write() - the program's bytes, as the hardware manual has them */
enum exit_code program_file_write(const char *path, const struct tsr_program *program);

#endif
