// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "alloc.h"
#include "array.h"
#include "date.h"
#include "tessera-compliance.h"
#include "fail.h"
#include "json_in.h"
#include "json_parse.h"
#include "policy.h"
#include "predicate.h"
#include "rules.h"

#define SCHEMA "tessera-compliance-rules/1"
#define LARGEST_FILE (4u << 20)

struct loader {
	struct tsr_compliance_rules *rules;
	struct tsr_compliance_error *error;
};

/* Copies string members into the fields of a record. */
struct text_member {
	const char *name;
	char **field;
	bool required;
};

static int load_texts(struct loader *loader, struct json_object *object, const char *path,
		      const struct text_member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text;

		if (cpl_json_text(object, path, members[i].name, members[i].required, &text,
				  loader->error))
			return -EINVAL;
		*members[i].field = cpl_strdup(text);
	}
	return 0;
}

/* An absent date is fine; load_texts() has refused the absence of a required one. */
static int check_date(struct loader *loader, const char *path, const char *name, const char *date)
{
	if (!date || cpl_date_valid(date))
		return 0;
	return cpl_fail(loader->error, -EINVAL,
			"%s%s%s: '%s' is not a day of the calendar, YYYY-MM-DD", path,
			*path ? "." : "", name, date);
}

static int load_unless(struct loader *loader, struct json_object *object, const char *path,
		       const struct cpl_rule_version *version, struct cpl_entry *entry)
{
	struct json_object *list;
	size_t count;

	if (cpl_json_array(object, path, "unless", &list, loader->error))
		return -EINVAL;
	count = list ? json_object_array_length(list) : 0;
	entry->unless = cpl_alloc(count, sizeof(*entry->unless));
	for (size_t i = 0; i < count; i++) {
		const char *id = json_object_get_string(json_object_array_get_idx(list, i));
		size_t at;

		for (at = 0; at < version->entry_count; at++)
			if (id && !strcmp(version->entries[at].id, id))
				break;
		if (at == version->entry_count)
			return cpl_fail(loader->error, -EINVAL,
					"%s.unless[%zu]: '%s' is not an earlier entry", path, i,
					id ? id : "");
		entry->unless[entry->unless_count++] = at;
	}
	return 0;
}

static int load_when(struct loader *loader, struct json_object *object, const char *path,
		     const struct cpl_rule_version *version, struct cpl_entry *entry)
{
	const char **ids = cpl_entry_ids(version->entries, version->entry_count);
	char *at = cpl_format("%s.when", path);

	entry->when = cpl_predicate_parse(json_object_object_get(object, "when"), at, ids,
					  version->entry_count, loader->error);
	free(at);
	free(ids);
	return entry->when ? 0 : -EINVAL;
}

static int load_kinds(struct loader *loader, struct json_object *object, const char *path,
		      struct cpl_entry *entry)
{
	static const char *const groups[] = { "processor", "memory", "system", NULL };
	static const char *const kinds[] = { "class", "exclusion", "exception", "review", NULL };
	unsigned int group = 3, kind = 4;

	if (cpl_json_choice(object, path, "group", groups, &group, loader->error) ||
	    cpl_json_choice(object, path, "kind", kinds, &kind, loader->error))
		return -EINVAL;
	if (group == 3 || kind == 4)
		return cpl_fail(loader->error, -EINVAL, "%s: group and kind are needed", path);
	entry->group = (enum cpl_group)group;
	entry->kind = (enum cpl_entry_kind)kind;
	return 0;
}

static bool has_entry(const struct cpl_rule_version *version, const char *id)
{
	for (size_t i = 0; i < version->entry_count; i++)
		if (!strcmp(version->entries[i].id, id))
			return true;
	return false;
}

/* The new entry is appended only once complete; until then the caller's version does not own it. */
static int load_entry(struct loader *loader, struct json_object *object, const char *path,
		      const struct cpl_rule_version *version, struct cpl_entry *entry)
{
	static const char *const members[] = {
		"id", "group", "kind", "title", "paragraph", "instrument", "date", "source", "when",
		"unless", NULL
	};
	const struct text_member texts[] = {
		{ "id", &entry->id, true }, { "title", &entry->title, true },
		{ "paragraph", &entry->paragraph, true }, { "source", &entry->source, true },
		{ "instrument", &entry->instrument, false }, { "date", &entry->date, false },
	};

	if (cpl_json_only(object, path, members, loader->error) ||
	    load_texts(loader, object, path, texts, ARRAY_SIZE(texts)) ||
	    load_kinds(loader, object, path, entry) ||
	    load_unless(loader, object, path, version, entry) ||
	    load_when(loader, object, path, version, entry))
		return -EINVAL;
	if (has_entry(version, entry->id))
		return cpl_fail(loader->error, -EINVAL, "%s.id: '%s' is there already", path,
				entry->id);
	if (check_date(loader, path, "date", entry->date))
		return -EINVAL;
	if (!entry->instrument)
		entry->instrument = cpl_strdup(version->cite);
	if (!entry->date)
		entry->date = cpl_strdup(version->effective);
	return 0;
}

static int load_entries(struct loader *loader, struct json_object *object, const char *path,
			struct cpl_rule_version *version)
{
	struct json_object *list;
	size_t count;
	int ret = 0;

	if (cpl_json_array(object, path, "entries", &list, loader->error))
		return -EINVAL;
	count = list ? json_object_array_length(list) : 0;
	for (size_t i = 0; i < count && !ret; i++) {
		char *at = cpl_format("%s.entries[%zu]", path, i);
		struct cpl_entry *entry;

		version->entries = cpl_grow(version->entries, version->entry_count + 1,
					    sizeof(*version->entries));
		entry = &version->entries[version->entry_count];
		memset(entry, 0, sizeof(*entry));
		ret = load_entry(loader, json_object_array_get_idx(list, i), at, version, entry);
		version->entry_count++; /* owned from here on, complete or not */
		free(at);
	}
	return ret;
}

static struct json_object *find_version(struct json_object *versions, const char *id)
{
	size_t count = json_object_array_length(versions);

	for (size_t i = 0; i < count; i++) {
		struct json_object *version = json_object_array_get_idx(versions, i);
		const char *name = json_object_get_string(json_object_object_get(version, "id"));

		if (name && !strcmp(name, id))
			return version;
	}
	return NULL;
}

/* Entries of the inherited version come first and keep its citation. */
static int load_inherited(struct loader *loader, struct json_object *versions,
			  struct json_object *object, const char *path,
			  struct cpl_rule_version *version)
{
	struct json_object *base;
	char *cite = version->cite, *effective = version->effective;
	const char *id;
	int ret;

	if (cpl_json_text(object, path, "inherits", false, &id, loader->error))
		return -EINVAL;
	if (!id)
		return 0;
	base = find_version(versions, id);
	if (!base || json_object_object_get_ex(base, "inherits", NULL))
		return cpl_fail(loader->error, -EINVAL,
				"%s.inherits: '%s' is not a version that stands alone", path, id);
	version->cite = (char *)json_object_get_string(json_object_object_get(base, "cite"));
	version->effective =
		(char *)json_object_get_string(json_object_object_get(base, "effective"));
	ret = load_entries(loader, base, path, version);
	version->cite = cite;
	version->effective = effective;
	return ret;
}

static int load_policy(struct loader *loader, struct json_object *object, const char *path,
		       struct cpl_rule_version *version)
{
	struct cpl_policy scratch;
	struct json_object *policy;

	if (!json_object_object_get_ex(object, "policy", &policy))
		return 0;
	if (!json_object_is_type(policy, json_type_object))
		return cpl_fail(loader->error, -EINVAL, "%s.policy: not an object", path);
	cpl_policy_init(&scratch);
	json_object_object_foreach(policy, name, value) {
		const char *text = json_object_get_string(value);
		struct cpl_policy_default *setting;

		if (!text || cpl_policy_set(&scratch, name, text, loader->error))
			return -EINVAL;
		version->policy = cpl_grow(version->policy, version->policy_count + 1,
					   sizeof(*version->policy));
		setting = &version->policy[version->policy_count++];
		setting->name = cpl_strdup(name);
		setting->value = cpl_strdup(text);
	}
	return 0;
}

static int load_settled(struct loader *loader, struct json_object *object, const char *path,
			struct cpl_rule_version *version)
{
	struct json_object *list;
	size_t count;

	if (cpl_json_array(object, path, "settled", &list, loader->error))
		return -EINVAL;
	count = list ? json_object_array_length(list) : 0;
	for (size_t i = 0; i < count; i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(list, i));
		enum cpl_switch which = name ? cpl_switch_find(name) : CPL_SWITCHES;

		if (which == CPL_SWITCHES)
			return cpl_fail(loader->error, -EINVAL,
					"%s.settled[%zu]: there is no switch '%s'", path, i,
					name ? name : "");
		version->settled[which] = true;
	}
	return 0;
}

static int load_version(struct loader *loader, struct json_object *versions,
			struct json_object *object, const char *path,
			struct cpl_rule_version *version)
{
	static const char *const members[] = {
		"id", "title", "kind", "published", "effective", "cite", "status", "note", "policy",
		"settled", "inherits", "entries", NULL
	};
	static const char *const kinds[] = { "amendment", "consolidated", NULL };
	const struct text_member texts[] = {
		{ "id", &version->id, true }, { "title", &version->title, true },
		{ "effective", &version->effective, true }, { "cite", &version->cite, true },
		{ "status", &version->status, true }, { "published", &version->published, false },
		{ "note", &version->note, false },
	};
	unsigned int kind = 0;

	if (cpl_json_only(object, path, members, loader->error) ||
	    load_texts(loader, object, path, texts, ARRAY_SIZE(texts)) ||
	    cpl_json_choice(object, path, "kind", kinds, &kind, loader->error) ||
	    load_policy(loader, object, path, version) ||
	    load_settled(loader, object, path, version) ||
	    load_inherited(loader, versions, object, path, version) ||
	    load_entries(loader, object, path, version))
		return -EINVAL;
	if (check_date(loader, path, "effective", version->effective) ||
	    check_date(loader, path, "published", version->published))
		return -EINVAL;
	version->consolidated = kind == 1;
	return 0;
}

static int by_date(const void *left, const void *right)
{
	const struct cpl_rule_version *a = left, *b = right;
	int order = strcmp(a->effective, b->effective);

	if (!order)
		order = a->consolidated - b->consolidated;
	return order ? order : strcmp(a->id, b->id);
}

static int load_versions(struct loader *loader, struct json_object *top)
{
	struct tsr_compliance_rules *rules = loader->rules;
	struct json_object *list;
	size_t count;
	int ret = 0;

	if (cpl_json_array(top, "", "versions", &list, loader->error))
		return -EINVAL;
	count = list ? json_object_array_length(list) : 0;
	if (!count)
		return cpl_fail(loader->error, -EINVAL, "versions: none");
	rules->versions = cpl_alloc(count, sizeof(*rules->versions));
	for (size_t i = 0; i < count && !ret; i++) {
		char *at = cpl_format("versions[%zu]", i);

		ret = load_version(loader, list, json_object_array_get_idx(list, i), at,
				   &rules->versions[rules->version_count++]);
		free(at);
	}
	if (!ret)
		qsort(rules->versions, rules->version_count, sizeof(*rules->versions), by_date);
	return ret;
}

static int load_definition(struct loader *loader, struct json_object *object, const char *path,
			   struct cpl_definition *definition)
{
	static const char *const members[] = { "quantity", "name", "meaning", "cite", NULL };
	const struct text_member texts[] = {
		{ "quantity", &definition->quantity, true }, { "name", &definition->name, true },
		{ "meaning", &definition->meaning, true }, { "cite", &definition->cite, true },
	};

	if (cpl_json_only(object, path, members, loader->error))
		return -EINVAL;
	return load_texts(loader, object, path, texts, ARRAY_SIZE(texts));
}

static int load_definitions(struct loader *loader, struct json_object *top)
{
	struct tsr_compliance_rules *rules = loader->rules;
	struct json_object *list;
	size_t count;
	int ret = 0;

	if (cpl_json_array(top, "", "definitions", &list, loader->error))
		return -EINVAL;
	count = list ? json_object_array_length(list) : 0;
	rules->definitions = cpl_alloc(count, sizeof(*rules->definitions));
	for (size_t i = 0; i < count && !ret; i++) {
		char *at = cpl_format("definitions[%zu]", i);

		ret = load_definition(loader, json_object_array_get_idx(list, i), at,
				      &rules->definitions[rules->definition_count++]);
		free(at);
	}
	return ret;
}

static int load_top(struct loader *loader, struct json_object *top)
{
	static const char *const members[] = {
		"schema", "revised", "verified_through", "note", "definitions", "versions", NULL
	};
	const struct text_member texts[] = {
		{ "revised", &loader->rules->revised, true },
		{ "verified_through", &loader->rules->verified_through, true },
	};
	const char *schema;

	if (cpl_json_only(top, "", members, loader->error) ||
	    cpl_json_text(top, "", "schema", true, &schema, loader->error))
		return -EINVAL;
	if (strcmp(schema, SCHEMA))
		return cpl_fail(loader->error, -EINVAL, "schema: '%s' is not '%s'", schema, SCHEMA);
	if (load_texts(loader, top, "", texts, ARRAY_SIZE(texts)) ||
	    check_date(loader, "", "revised", loader->rules->revised) ||
	    check_date(loader, "", "verified_through", loader->rules->verified_through) ||
	    load_definitions(loader, top))
		return -EINVAL;
	return load_versions(loader, top);
}

static int read_file(const char *path, char **text, size_t *size,
		     struct tsr_compliance_error *error)
{
	FILE *file = fopen(path, "re");
	int code;

	if (!file) {
		code = -errno;
		return cpl_fail(error, code, "%s: %s", path, strerror(-code));
	}
	*text = cpl_alloc(LARGEST_FILE + 1, 1);
	*size = fread(*text, 1, LARGEST_FILE, file);
	code = ferror(file) ? -EIO : *size == LARGEST_FILE ? -EFBIG : 0;
	fclose(file);
	if (!code)
		return 0;
	free(*text);
	return cpl_fail(error, code, "%s: %s", path, strerror(-code));
}

/* Which data a report rests on: two files of one name are told apart. */
static void identify(struct tsr_compliance_rules *rules, const char *path, const char *text,
		     size_t size)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	const char *slash = strrchr(path, '/');

	rules->file = cpl_strdup(slash ? slash + 1 : path);
	crypto_hash_sha256(hash, (const unsigned char *)text, size);
	rules->sha256 = cpl_alloc(2 * sizeof(hash) + 1, 1);
	sodium_bin2hex(rules->sha256, 2 * sizeof(hash) + 1, hash, sizeof(hash));
}

int tsr_compliance_rules_load(const char *path, struct tsr_compliance_rules **rules,
			      struct tsr_compliance_error *error)
{
	struct loader loader = { NULL, error };
	struct json_object *top;
	char *text = NULL;
	size_t size = 0;
	int ret;

	*rules = NULL;
	ret = read_file(path, &text, &size, error);
	if (ret)
		return ret;
	top = cpl_json_parse(text, size, path, error);
	if (!top) {
		free(text);
		return -EINVAL;
	}
	loader.rules = cpl_alloc(1, sizeof(*loader.rules));
	identify(loader.rules, path, text, size);
	free(text);
	ret = load_top(&loader, top);
	json_object_put(top);
	if (ret)
		tsr_compliance_rules_free(loader.rules);
	else
		*rules = loader.rules;
	return ret;
}
