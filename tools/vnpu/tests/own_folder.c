// SPDX-License-Identifier: MIT
#include "own_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DEPTH	4

static char folder[] = "/tmp/vnpu-test-XXXXXX";
static pid_t owner;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info;
	(void)type;
	(void)place;
	return remove(path);
}

/* Not at the exit of a child of the test. */
static void leave(void)
{
	if (getpid() == owner)
		nftw(folder, remove_entry, DEPTH, FTW_DEPTH | FTW_PHYS);
}

void own_folder_enter(void)
{
	owner = getpid();
	if (!mkdtemp(folder) || chdir(folder) || atexit(leave)) {
		perror(folder);
		exit(1);
	}
}
