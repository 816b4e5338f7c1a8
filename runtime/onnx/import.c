// SPDX-License-Identifier: MIT
/* tsr_onnx_import(): the file, the model, its inputs, nodes in order, outputs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "importer.h"
#include "../error.h"
#include "../options.h"

const char *const *tsr_onnx_operators(void)
{
	return operator_names();
}

static int import_model(struct importer *im, const Onnx__ModelProto *model)
{
	const char *name = model->graph->name;
	int error;

	im->model = model->graph;
	error = model_check(im, model);
	if (!error)
		error = names_collect(im);
	name = name && *name ? name : "model";
	if (!error)
		error = budget_take(im, 1, strlen(name) + 1, "the name of the model");
	if (!error)
		error = tsr_graph_create(name, &im->graph);
	if (!error)
		error = import_inputs(im);
	if (!error)
		error = import_nodes(im);
	return error ? error : import_outputs(im);
}

static int import_bytes(struct importer *im, const void *data, size_t size)
{
	Onnx__ModelProto *model;
	int error = wire_check(im, data, size);

	if (error)
		return error;
	model = onnx__model_proto__unpack(NULL, size, data);
	if (model && model->graph)
		error = import_model(im, model);
	else
		error = tsr_fail(-EBADMSG, "not an ONNX model");
	onnx__model_proto__free_unpacked(model, NULL);
	return error;
}

static void release(struct importer *im)
{
	while (im->literals) {
		struct literal *literal = im->literals;

		im->literals = literal->next;
		free(literal->data);
		free(literal);
	}
	free(im->names);
	free(im->usage.inputs);
	free(im->done);
}

int tsr_onnx_import(const void *data, size_t size, const struct tsr_onnx_options *options,
		    struct tsr_graph **graph)
{
	struct importer im = { 0 };
	int error = TSR_OPTIONS_READ(tsr_onnx_options, &im.options, options);

	*graph = NULL;
	if (error)
		return error;
	budget_init(&im, size, im.options.memory);
	error = import_bytes(&im, data, size);
	if (error && im.budget.exceeded)
		error = -E2BIG;
	if (error)
		tsr_graph_destroy(im.graph);
	else
		*graph = im.graph;
	release(&im);
	return error;
}

int tsr_onnx_import_file(const char *path, const struct tsr_onnx_options *options,
			 struct tsr_graph **graph)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	struct stat status;
	void *data;

	*graph = NULL;
	if (fd < 0 || fstat(fd, &status)) {
		error = tsr_fail(-errno, "cannot open %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return error;
	}
	data = status.st_size ? mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0) :
				MAP_FAILED;
	close(fd);
	if (data == MAP_FAILED)
		return tsr_fail(-EBADMSG, "%s: not an ONNX model", path);
	error = tsr_onnx_import(data, (size_t)status.st_size, options, graph);
	munmap(data, (size_t)status.st_size);
	return error;
}
