// SPDX-License-Identifier: MIT
#include "dma_view.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

static int map_file(int fd, int prot, uint64_t size, struct vfu_dma_view *view)
{
	/* More than is needed now spares a second mapping; a read-only file allows no more. */
	int all = PROT_READ | PROT_WRITE;
	void *host = mmap(NULL, size, all, MAP_SHARED, fd, 0);

	if (host == MAP_FAILED && errno == EACCES) {
		all = prot;
		host = mmap(NULL, size, all, MAP_SHARED, fd, 0);
	}
	if (host == MAP_FAILED)
		return -errno;
	view->prot = all;
	view->host = host;
	view->size = size;
	return 0;
}

static int make(int fd, int prot, const struct stat *info, struct vfu_dma_view **out)
{
	struct vfu_dma_view *view = calloc(1, sizeof(*view));
	int ret;

	if (!view)
		return -ENOMEM;
	view->device = info->st_dev;
	view->inode = info->st_ino;
	ret = map_file(fd, prot, (uint64_t)info->st_size, view);
	if (ret) {
		free(view);
		return ret;
	}
	*out = view;
	return 0;
}

/* A file that has grown since gets another mapping. */
static struct vfu_dma_view *find(struct vfu_dma_view *list, const struct stat *info, int prot,
				 uint64_t end)
{
	for (; list; list = list->next)
		if (list->device == info->st_dev && list->inode == info->st_ino &&
		    (list->prot & prot) == prot && list->size >= end)
			return list;
	return NULL;
}

int vfu_dma_view_get(struct vfu_dma_view **list, int fd, int prot, uint64_t end,
		     struct vfu_dma_view **view)
{
	struct stat info;
	int ret;

	if (fstat(fd, &info))
		return -errno;
	if (!S_ISREG(info.st_mode) || end > (uint64_t)info.st_size)
		return -EINVAL;
	*view = find(*list, &info, prot, end);
	if (!*view) {
		ret = make(fd, prot, &info, view);
		if (ret)
			return ret;
		(*view)->next = *list;
		*list = *view;
	}
	(*view)->ranges++;
	return 0;
}

void vfu_dma_view_put(struct vfu_dma_view **list, struct vfu_dma_view *view)
{
	if (--view->ranges)
		return;
	while (*list != view)
		list = &(*list)->next;
	*list = view->next;
	munmap(view->host, view->size);
	free(view);
}
