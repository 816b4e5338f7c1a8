/* SPDX-License-Identifier: MIT */
/* Commands of the control sockets that only tests need. */
#ifndef VNPU_SURFACE_COMMANDS_H
#define VNPU_SURFACE_COMMANDS_H

#include "surface.h"

/** surface_command() - the function of a command, or NULL */
command_run *surface_command(const char *name);

/** surface_add_faults() - what inject takes, as docs/vnpu.md lists it */
void surface_add_faults(struct json_object *list);

#endif
