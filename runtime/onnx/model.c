// SPDX-License-Identifier: MIT
/* What must hold of a model before its nodes are imported. */
#include <errno.h>
#include <string.h>

#include "importer.h"

static bool is_onnx_domain(const char *domain)
{
	return !domain || !*domain || !strcmp(domain, "ai.onnx");
}

/* Sets of other domains may be listed; it is nodes of them that are refused. */
static int read_opset(struct importer *im, const Onnx__ModelProto *model)
{
	size_t i;

	for (i = 0; i < model->n_opset_import; i++) {
		const Onnx__OperatorSetIdProto *set = model->opset_import[i];

		if (!is_onnx_domain(set->domain))
			continue;
		if (im->opset && im->opset != set->version)
			return import_fail(im, -EBADMSG, "operator sets %lld and %lld are both "
					   "asked for", (long long)im->opset,
					   (long long)set->version);
		im->opset = set->version;
	}
	if (im->opset < OPSET_MIN || im->opset > OPSET_MAX)
		return import_fail(im, -EOPNOTSUPP, "operator set %lld; %d to %d are supported",
				   (long long)im->opset, OPSET_MIN, OPSET_MAX);
	return 0;
}

int model_check(struct importer *im, const Onnx__ModelProto *model)
{
	if (model->ir_version > IR_VERSION_MAX)
		return import_fail(im, -EOPNOTSUPP, "IR version %lld; up to %d are supported",
				   (long long)model->ir_version, IR_VERSION_MAX);
	if (model->n_functions)
		return import_fail(im, -EOPNOTSUPP, "the model defines functions; inline them "
				   "with onnx.inliner");
	if (im->model->n_sparse_initializer)
		return import_fail(im, -EOPNOTSUPP, "the model has sparse initializers");
	if (im->model->n_node > NODES_MAX)
		return import_fail(im, -E2BIG, "%zu nodes; a model has at most %u",
				   im->model->n_node, NODES_MAX);
	if (!im->model->n_output)
		return import_fail(im, -EBADMSG, "the model has no outputs");
	return read_opset(im, model);
}
