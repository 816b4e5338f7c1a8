/* SPDX-License-Identifier: MIT */
#include "conv_kept.h"

#include <string.h>

#include <tsr_hw/error.h>

#include "command.h"
#include "conv_job.h"
#include "execution.h"
#include "packed.h"
#include "subnormals.h"

/* Terms are of all groups, as @weights are. */
static int fill(struct packed *packed, const struct conv_packing *packing,
		const struct weights *weights, uint64_t elements, uint64_t terms)
{
	if (terms)
		memcpy(packed->terms, weights->terms, terms * sizeof(uint32_t));
	if (!pairing_is_exact(weights->pairing))
		packed->least = subnormals_exponent(weights->plane[0], elements);
	return packing->pack(packing->context, weights->plane[0], packed->weights);
}

/* Makes the key's fingerprint, of what is packed, unless a bit error is made in it. */
static int make(struct conv_job *job, struct packed_key *key, const struct conv_packing *packing,
		bool flips, struct packed **result)
{
	struct weights weights = { 0 };
	int error = conv_load_all_weights(job, &weights, flips ? NULL : &key->fingerprint);
	uint64_t terms = packing->has_terms && weights.terms ? job->command->d.dim[1] : 0;

	if (!error)
		*result = packed_make(key, packing->bytes, terms);
	if (!error && !*result)
		error = TSR_HW_ERR_ENGINE;
	if (!error)
		error = fill(*result, packing, &weights,
			     tensor_elements(&job->command->conv.w), terms);
	weights_free(&weights);
	return error;
}

/*
 * What is kept serves all address spaces, so it is known by the bytes that it was made of: those
 * in memory may have changed since they were looked up. Weights with a bit error are packed for
 * this run alone.
 */
int conv_kept_weights(struct conv_job *job, struct packed_key *key,
		      const struct conv_packing *packing, struct packed **result)
{
	bool flips = execution_flips_weights(job->execution);
	int error = TSR_HW_ERR_NONE;

	*result = NULL;
	if (!flips)
		error = conv_fingerprint(job, &key->fingerprint);
	if (!error && !flips)
		*result = packed_find(key);
	if (error || *result)
		return error;
	error = make(job, key, packing, flips, result);
	if (!error && !flips)
		packed_keep(*result);
	return error;
}
