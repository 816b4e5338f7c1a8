/* SPDX-License-Identifier: MIT */
#include "onednn.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include "lent.h"
#include "staging.h"
#include "trial.h"

/* Primitives kept; making one costs half a millisecond. */
#define CACHE_ENTRIES	256
#define MAX_ARGS	3

/* What a cached primitive is for; compared as bytes. */
struct key {
	int64_t kind;
	int64_t shape[24];
};

enum { KIND_CONV = 100 };

/* One primitive and the layouts of its arguments. */
struct step {
	dnnl_primitive_t primitive;
	int args;
	int arg[MAX_ARGS];
	dnnl_memory_desc_t desc[MAX_ARGS];
	size_t scratch;
};

struct entry {
	struct key key;
	struct step main;
	struct step pack;	/* weights to the layout of main; no primitive when none */
	size_t packed_size;
	bool usable;
	unsigned int users;	/* protected by cache.lock */
	uint64_t used;		/* protected by cache.lock */
};

static struct {
	pthread_mutex_t lock;
	struct entry *entry[CACHE_ENTRIES];	/* protected by lock */
	uint64_t clock;				/* protected by lock */
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static char name[96];

static const char *isa_name(void)
{
	switch (dnnl_get_effective_cpu_isa()) {
	case dnnl_cpu_isa_sse41: return "SSE4.1";
	case dnnl_cpu_isa_avx: return "AVX";
	case dnnl_cpu_isa_avx2: return "AVX2";
	case dnnl_cpu_isa_avx2_vnni: return "AVX2 VNNI";
	case dnnl_cpu_isa_avx2_vnni_2: return "AVX2 VNNI 2";
	case dnnl_cpu_isa_avx512_core: return "AVX-512";
	case dnnl_cpu_isa_avx512_core_vnni: return "AVX-512 VNNI";
	case dnnl_cpu_isa_avx512_core_bf16: return "AVX-512 BF16";
	case dnnl_cpu_isa_avx512_core_fp16: return "AVX-512 FP16";
	case dnnl_cpu_isa_avx512_core_amx: return "AMX";
	case dnnl_cpu_isa_avx512_core_amx_fp16: return "AMX FP16";
	default: return "newest";
	}
}

static void start(void)
{
	const dnnl_version_t *version = dnnl_version();

	snprintf(name, sizeof(name), "oneDNN %d.%d.%d, %s", version->major, version->minor,
		 version->patch, isa_name());
	if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success)
		engine = NULL;
}

const char *onednn_name(void)
{
	pthread_once(&once, start);
	return name;
}

static void step_free(struct step *step)
{
	for (int i = 0; i < step->args; i++)
		if (step->desc[i])
			dnnl_memory_desc_destroy(step->desc[i]);
	if (step->primitive)
		dnnl_primitive_destroy(step->primitive);
}

static void entry_free(struct entry *entry)
{
	if (!entry)
		return;
	step_free(&entry->main);
	step_free(&entry->pack);
	free(entry);
}

/* Scratch memory is ours, so one primitive can run on several threads at once. */
static dnnl_primitive_attr_t make_attributes(void)
{
	dnnl_primitive_attr_t attr;

	if (dnnl_primitive_attr_create(&attr) != dnnl_success)
		return NULL;
	dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
	/* The environment must not turn fp32 into less. */
	dnnl_primitive_attr_set_fpmath_mode(attr, dnnl_fpmath_mode_strict);
	return attr;
}

static dnnl_memory_desc_t dense(int rank, const dnnl_dims_t dims, dnnl_data_type_t type,
				dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t desc;

	return dnnl_memory_desc_create_with_tag(&desc, rank, dims, type, tag) == dnnl_success ?
	       desc : NULL;
}

static void step_arg(struct step *step, int arg, dnnl_memory_desc_t desc)
{
	step->arg[step->args] = arg;
	step->desc[step->args++] = desc;
}

/* Takes the primitive descriptor. */
static int step_finish(struct step *step, dnnl_primitive_desc_t pd)
{
	const_dnnl_memory_desc_t scratch;
	dnnl_status_t status;

	scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	step->scratch = scratch ? dnnl_memory_desc_get_size(scratch) : 0;
	if (step->scratch > ONEDNN_MOST_SCRATCH) {
		dnnl_primitive_desc_destroy(pd);
		return -ENOTSUP;
	}
	status = dnnl_primitive_create(&step->primitive, pd);
	dnnl_primitive_desc_destroy(pd);
	return status == dnnl_success ? 0 : -ENOTSUP;
}

static int make_matmul(struct entry *entry)
{
	static const struct { dnnl_data_type_t a, b, c; } types[] = {
		[ONEDNN_F32] = { dnnl_f32, dnnl_f32, dnnl_f32 },
		[ONEDNN_U8S8] = { dnnl_u8, dnnl_s8, dnnl_s32 },
	};
	const int64_t *shape = entry->key.shape;
	const dnnl_dims_t a = { shape[0], shape[2] };
	const dnnl_dims_t b = { shape[2], shape[1] };
	const dnnl_dims_t c = { shape[0], shape[1] };
	dnnl_primitive_attr_t attr = make_attributes();
	struct step *step = &entry->main;
	dnnl_primitive_desc_t pd;
	dnnl_status_t status;

	step_arg(step, DNNL_ARG_SRC, dense(2, a, types[entry->key.kind].a, dnnl_ab));
	step_arg(step, DNNL_ARG_WEIGHTS, dense(2, b, types[entry->key.kind].b, dnnl_ab));
	step_arg(step, DNNL_ARG_DST, dense(2, c, types[entry->key.kind].c, dnnl_ab));
	status = dnnl_matmul_primitive_desc_create(&pd, engine, step->desc[0], step->desc[1],
						   NULL, step->desc[2], attr);
	dnnl_primitive_attr_destroy(attr);
	return status == dnnl_success ? step_finish(step, pd) : -ENOTSUP;
}

/* Weights come as [groups, KH, KW, C / groups, O / groups]. */
static dnnl_memory_desc_t conv_weights(const struct onednn_conv *conv)
{
	int64_t c = conv->channels / conv->groups;
	int64_t o = conv->outputs / conv->groups;
	const dnnl_dims_t dims = { conv->groups, o, c, conv->kernel[0], conv->kernel[1] };
	const dnnl_dims_t strides = {
		conv->kernel[0] * conv->kernel[1] * c * o, 1, o, conv->kernel[1] * c * o, c * o,
	};
	dnnl_memory_desc_t desc;

	return dnnl_memory_desc_create_with_strides(&desc, 5, dims, dnnl_f32, strides) ==
	       dnnl_success ? desc : NULL;
}

static dnnl_status_t describe_conv(const struct onednn_conv *conv, const struct step *step,
				   dnnl_primitive_desc_t *pd)
{
	const dnnl_dims_t dims = {
		conv->groups, conv->outputs / conv->groups, conv->channels / conv->groups,
		conv->kernel[0], conv->kernel[1],
	};
	const dnnl_dims_t stride = { conv->stride[0], conv->stride[1] };
	const dnnl_dims_t dilation = { conv->dilation[0] - 1, conv->dilation[1] - 1 };
	const dnnl_dims_t before = { conv->pad_before[0], conv->pad_before[1] };
	const dnnl_dims_t after = { conv->pad_after[0], conv->pad_after[1] };
	dnnl_memory_desc_t any = dense(5, dims, dnnl_f32, dnnl_format_tag_any);
	dnnl_primitive_attr_t attr = make_attributes();
	dnnl_status_t status;

	status = dnnl_convolution_forward_primitive_desc_create(pd, engine,
			dnnl_forward_inference, dnnl_convolution_direct, step->desc[0], any,
			NULL, step->desc[1], stride, dilation, before, after, attr);
	dnnl_primitive_attr_destroy(attr);
	dnnl_memory_desc_destroy(any);
	return status;
}

/* The reorder from our layout of the weights to the one the convolution chose. */
static int make_pack(struct entry *entry, dnnl_memory_desc_t plain)
{
	dnnl_primitive_attr_t attr = make_attributes();
	dnnl_memory_desc_t packed;
	dnnl_primitive_desc_t pd;
	dnnl_status_t status;

	step_arg(&entry->pack, DNNL_ARG_FROM, plain);
	dnnl_memory_desc_clone(&packed, entry->main.desc[2]);
	step_arg(&entry->pack, DNNL_ARG_TO, packed);
	entry->packed_size = dnnl_memory_desc_get_size(packed);
	if (entry->packed_size > ONEDNN_MOST_SCRATCH)
		return -ENOTSUP;
	status = dnnl_reorder_primitive_desc_create(&pd, plain, engine, packed, engine, attr);
	dnnl_primitive_attr_destroy(attr);
	return status == dnnl_success ? step_finish(&entry->pack, pd) : -ENOTSUP;
}

static int make_conv(struct entry *entry)
{
	struct step *step = &entry->main;
	struct onednn_conv conv;
	dnnl_memory_desc_t packed;
	dnnl_primitive_desc_t pd;
	int ret;

	memcpy(&conv, entry->key.shape, sizeof(conv));
	const dnnl_dims_t x = { conv.images, conv.channels, conv.height, conv.width };
	const dnnl_dims_t d = { conv.images, conv.outputs, conv.out_height, conv.out_width };

	step_arg(step, DNNL_ARG_SRC, dense(4, x, dnnl_f32, dnnl_nhwc));
	step_arg(step, DNNL_ARG_DST, dense(4, d, dnnl_f32, dnnl_nhwc));
	if (describe_conv(&conv, step, &pd) != dnnl_success)
		return -ENOTSUP;
	dnnl_memory_desc_clone(&packed,
			       dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0));
	step_arg(step, DNNL_ARG_WEIGHTS, packed);
	ret = step_finish(step, pd);
	return ret ? ret : make_pack(entry, conv_weights(&conv));
}

static int execute(const struct step *step, void *const buffers[], const struct lent *scratch)
{
	const dnnl_dims_t scratch_dims = { (dnnl_dim_t)step->scratch };
	dnnl_memory_t memory[MAX_ARGS + 1] = { 0 };
	dnnl_exec_arg_t args[MAX_ARGS + 1];
	dnnl_memory_desc_t scratch_desc = NULL;
	dnnl_stream_t stream = NULL;
	dnnl_status_t status;
	int count = step->args;

	status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
	for (int i = 0; i < step->args && status == dnnl_success; i++) {
		status = dnnl_memory_create(&memory[i], step->desc[i], engine, buffers[i]);
		args[i] = (dnnl_exec_arg_t){ step->arg[i], memory[i] };
	}
	if (step->scratch && status == dnnl_success) {
		scratch_desc = dense(1, scratch_dims, dnnl_u8, dnnl_a);
		status = dnnl_memory_create(&memory[count], scratch_desc, engine, scratch->at);
		args[count] = (dnnl_exec_arg_t){ DNNL_ARG_SCRATCHPAD, memory[count] };
		count++;
	}
	if (status == dnnl_success)
		status = dnnl_primitive_execute(step->primitive, stream, count, args);
	if (status == dnnl_success)
		status = dnnl_stream_wait(stream);
	for (int i = 0; i < count; i++)
		dnnl_memory_destroy(memory[i]);
	if (scratch_desc)
		dnnl_memory_desc_destroy(scratch_desc);
	dnnl_stream_destroy(stream);
	return status == dnnl_success ? 0 : status == dnnl_out_of_memory ? -ENOMEM : -ENOTSUP;
}

/* Of the errors of a run and of giving its memory back. */
static int either(int ret, int back)
{
	return ret ? ret : back;
}

static int run_step(const struct step *step, void *const buffers[], bool trial)
{
	struct lent scratch = { 0 };
	int ret = 0;

	if (step->scratch)
		ret = lent_get(&scratch, step->scratch, trial);
	if (ret)
		return ret;
	ret = execute(step, buffers, &scratch);
	return either(ret, lent_put(&scratch));
}

/* Of a row of A or a column of B: its code, and the code of its first element. */
struct extreme {
	int code;
	int first;
};

/*
 * Highest or lowest code, and every other time a first element of 1. Four neighbours
 * have all there is.
 */
static struct extreme extreme_of(int64_t index, int highest, int lowest)
{
	int code = index & 1 ? lowest : highest;

	return (struct extreme){ code, index & 2 ? 1 : code };
}

/*
 * The extreme cases have closed forms: an entry of C is the product of the firsts and
 * k - 1 times that of the codes. Pairs of products overflow 16 bits there, a library
 * that halves the weights loses their last bit, and one that passes through fp32 that
 * of an odd sum.
 */
static int check_extremes(const struct entry *entry, int64_t row, int64_t column, uint8_t *a,
			  int8_t *b, int32_t *c)
{
	const int64_t *shape = entry->key.shape;
	int ret;

	for (int64_t m = 0; m < shape[0]; m++) {
		struct extreme x = extreme_of(m + row, UINT8_MAX, 0);

		memset(a + m * shape[2], x.code, (size_t)shape[2]);
		a[m * shape[2]] = (uint8_t)x.first;
	}
	for (int64_t k = 0; k < shape[2]; k++) {
		for (int64_t n = 0; n < shape[1]; n++) {
			struct extreme y = extreme_of(n + column, INT8_MAX, INT8_MIN);

			b[k * shape[1] + n] = (int8_t)(k ? y.code : y.first);
		}
	}
	ret = run_step(&entry->main, (void *const []){ a, b, c }, true);
	for (int64_t m = 0; !ret && m < shape[0]; m++) {
		struct extreme x = extreme_of(m + row, UINT8_MAX, 0);

		for (int64_t n = 0; n < shape[1]; n++) {
			struct extreme y = extreme_of(n + column, INT8_MAX, INT8_MIN);
			int64_t sum = (shape[2] - 1) * x.code * y.code + x.first * y.first;

			if (c[m * shape[1] + n] != (int32_t)(uint32_t)sum)
				return -ENOTSUP;
		}
	}
	return ret;
}

/* Few rows or columns are tried as each of four neighbours. */
static int check_neighbours(const struct entry *entry, uint8_t *a, int8_t *b, int32_t *c)
{
	const int64_t *shape = entry->key.shape;
	int ret = 0;

	for (int64_t row = 0; !ret && row < (shape[0] < 4 ? 4 : 1); row++)
		for (int64_t column = 0; !ret && column < (shape[1] < 4 ? 4 : 1); column++)
			ret = check_extremes(entry, row, column, a, b, c);
	return ret;
}

static int try_integers(const struct entry *entry)
{
	const int64_t *shape = entry->key.shape;
	uint8_t *a = staging_get((size_t)(shape[0] * shape[2]));
	int8_t *b = staging_get((size_t)(shape[2] * shape[1]));
	struct lent c = { 0 };
	int ret = -ENOMEM;

	if (a && b)
		ret = lent_get(&c, (size_t)(shape[0] * shape[1]) * sizeof(int32_t), true);
	if (!ret)
		ret = check_neighbours(entry, a, b, (int32_t *)c.at);
	staging_put(a);
	staging_put(b);
	return either(ret, lent_put(&c));
}

static int run_conv(const struct entry *entry, const float *x, const float *w, float *d,
		    bool trial)
{
	struct lent packed;
	int ret = lent_get(&packed, entry->packed_size, trial);

	if (ret)
		return ret;
	ret = run_step(&entry->pack, (void *const []){ (void *)w, packed.at }, trial);
	if (!ret)
		ret = run_step(&entry->main, (void *const []){ (void *)x, d, packed.at }, trial);
	return either(ret, lent_put(&packed));
}

static int compare(const struct entry *entry, const float *a, const float *b, float *c,
		   const struct onednn_conv *conv)
{
	const int64_t *shape = entry->key.shape;
	int ret = conv ? run_conv(entry, a, b, c, true) :
			 run_step(&entry->main, (void *const []){ (void *)a, (void *)b, c }, true);
	bool right;

	if (ret)
		return ret;
	right = conv ? trial_conv(conv, a, b, c) :
		       trial_matmul(shape[0], shape[1], shape[2], a, b, c);
	return right ? 0 : -ENOTSUP;
}

/* Operands of the trial's sizes, and what the primitive makes of them. */
static int try_primitive(const struct entry *entry, int64_t a_size, int64_t b_size,
			 int64_t c_size, const struct onednn_conv *conv)
{
	float *a = staging_get((size_t)a_size * sizeof(*a));
	float *b = staging_get((size_t)b_size * sizeof(*b));
	struct lent c = { 0 };
	int ret = -ENOMEM;

	if (a && b)
		ret = lent_get(&c, (size_t)c_size * sizeof(float), true);
	if (!ret) {
		trial_fill(a, a_size, 1);
		trial_fill(b, b_size, 2);
		ret = compare(entry, a, b, (float *)c.at, conv);
	}
	staging_put(a);
	staging_put(b);
	return either(ret, lent_put(&c));
}

static int try_matmul(const struct entry *entry)
{
	const int64_t *shape = entry->key.shape;

	return try_primitive(entry, shape[0] * shape[2], shape[2] * shape[1],
			     shape[0] * shape[1], NULL);
}

static int try_conv(const struct entry *entry)
{
	struct onednn_conv conv;

	memcpy(&conv, entry->key.shape, sizeof(conv));
	return try_primitive(entry, conv.images * conv.height * conv.width * conv.channels,
			     conv.kernel[0] * conv.kernel[1] * conv.channels / conv.groups *
			     conv.outputs,
			     conv.images * conv.out_height * conv.out_width * conv.outputs, &conv);
}

static int try_entry(const struct entry *entry)
{
	switch (entry->key.kind) {
	case ONEDNN_U8S8:
		return try_integers(entry);
	case ONEDNN_F32:
		return try_matmul(entry);
	default:
		return try_conv(entry);
	}
}

/*
 * A primitive is used once a trial of it was right and touched no memory but its own. One
 * that failed is kept to be known.
 */
static int check_entry(struct entry *entry)
{
	int ret = try_entry(entry);

	entry->usable = !ret;
	return ret == -ENOMEM ? ret : 0;
}

static int make_entry(const struct key *key, struct entry **out)
{
	struct entry *entry = calloc(1, sizeof(*entry));
	int ret;

	if (!entry)
		return -ENOMEM;
	entry->key = *key;
	ret = key->kind == KIND_CONV ? make_conv(entry) : make_matmul(entry);
	if (!ret)
		ret = check_entry(entry);
	if (ret) {
		entry_free(entry);
		return ret;
	}
	*out = entry;
	return 0;
}

/* The lock is held. */
static struct entry *find(const struct key *key)
{
	for (int i = 0; i < CACHE_ENTRIES; i++) {
		struct entry *entry = cache.entry[i];

		if (entry && !memcmp(&entry->key, key, sizeof(*key))) {
			entry->users++;
			entry->used = ++cache.clock;
			return entry;
		}
	}
	return NULL;
}

/*
 * Put a new entry in a free place or that of the least recently used idle one; with
 * no such place it lives for this use only. The lock is held.
 */
static struct entry *insert(struct entry *entry)
{
	struct entry *victim;
	int at = -1;

	for (int i = 0; i < CACHE_ENTRIES; i++) {
		if (!cache.entry[i]) {
			at = i;
			break;
		}
		if (!cache.entry[i]->users &&
		    (at < 0 || cache.entry[i]->used < cache.entry[at]->used))
			at = i;
	}
	entry->users = 1;
	entry->used = ++cache.clock;
	if (at < 0)
		return NULL;
	victim = cache.entry[at];
	cache.entry[at] = entry;
	return victim;
}

static int entry_get(const struct key *key, struct entry **entry)
{
	struct entry *victim;
	int ret;

	pthread_once(&once, start);
	if (!engine)
		return -ENOMEM;
	pthread_mutex_lock(&cache.lock);
	*entry = find(key);
	pthread_mutex_unlock(&cache.lock);
	if (*entry)
		return 0;
	ret = make_entry(key, entry);
	if (ret)
		return ret;
	pthread_mutex_lock(&cache.lock);
	victim = insert(*entry);
	pthread_mutex_unlock(&cache.lock);
	entry_free(victim);
	return 0;
}

static void entry_put(struct entry *entry)
{
	bool cached = false;

	pthread_mutex_lock(&cache.lock);
	entry->users--;
	for (int i = 0; i < CACHE_ENTRIES; i++)
		cached |= cache.entry[i] == entry;
	pthread_mutex_unlock(&cache.lock);
	if (!cached)
		entry_free(entry);
}

int onednn_matmul(enum onednn_product product, int64_t m, int64_t n, int64_t k,
		  const void *a, const void *b, void *c)
{
	const struct key key = { .kind = product, .shape = { m, n, k } };
	void *const buffers[] = { (void *)a, (void *)b, c };
	struct entry *entry;
	int ret = entry_get(&key, &entry);

	if (ret)
		return ret;
	ret = entry->usable ? run_step(&entry->main, buffers, false) : -ENOTSUP;
	entry_put(entry);
	return ret;
}

int onednn_convolve(const struct onednn_conv *conv, const float *x, const float *w, float *d)
{
	struct key key = { .kind = KIND_CONV };
	struct entry *entry;
	int ret;

	_Static_assert(sizeof(*conv) <= sizeof(key.shape), "the shape is the key");
	memcpy(key.shape, conv, sizeof(*conv));
	ret = entry_get(&key, &entry);
	if (ret)
		return ret;
	ret = entry->usable ? run_conv(entry, x, w, d, false) : -ENOTSUP;
	entry_put(entry);
	return ret;
}
