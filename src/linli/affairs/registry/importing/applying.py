"""Writing a batch: every table in one statement, all in one transaction; killed anywhere, nothing is half-applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from linli.affairs.registry.importing.sql import STAGED, WORDS, derived, run, whole_sets, words
from linli.affairs.registry.models import ImportBatch
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.kernel import clock, policy

_NEW = "s.batch_id = %(batch)s AND s.action = 'new'"
_CHANGED = "s.batch_id = %(batch)s AND s.action = 'update'"
_LATER = "%(today)s::date + 1 + (('x' || substr(md5({column}::text), 1, 7))::bit(28)::int %% {days})"
"""Imported facts are nobody's verification: they fall due one after another, over the time they would stay fresh."""


def write(batch: ImportBatch, told: Callable[[str], None] = lambda _step: None, *, demo: bool = False) -> None:
    """Write what was decided for a batch. Call it inside a transaction."""
    rules = policy.get(RegistryRules)
    values: dict[str, Any] = {
        "batch": batch.pk, "now": clock.now(), "today": clock.today(), "demo": demo,
    }  # fmt: skip
    with connection.cursor() as cursor:
        # Each statement checks its own references: a queue of sixteen million checks would wait for the end.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    steps: tuple[tuple[str, Callable[[dict[str, Any], RegistryRules], None]], ...] = (
        (_("写入地址和房屋"), _places),
        (_("写入居民"), _people),
        (_("写入户"), _homes),
        *(((_("更新已登记的人"), _update),) if batch.counts.get("update") else ()),
        (_("写入标签"), _tags),
        (_("更新检索"), _index),
    )
    whole_sets(batch.total)
    for title, work in steps:
        told(title)
        work(values, rules)


def _places(values: dict[str, Any], _rules: RegistryRules) -> None:
    fresh = f"{STAGED} s WHERE s.batch_id = %(batch)s AND s.house_id IS NOT NULL AND NOT s.house_known"
    run(
        f"INSERT INTO registry_address (id, area_id, kind, text, plain, valid_from, batch_id)"
        f" SELECT DISTINCT ON (s.area_id, s.road) {derived('s.house_id', 'address')}, s.area_id,"
        f" CASE WHEN s.road LIKE '%%号%%' THEN 'plate' ELSE 'place' END, s.road, s.road, %(today)s, %(batch)s"
        f" FROM {fresh} AND NOT EXISTS (SELECT FROM registry_address a WHERE a.plain = s.road AND a.area_id = s.area_id"
        f" AND a.valid_to IS NULL) ORDER BY s.area_id, s.road, s.id",
        values,
    )
    run(
        f"INSERT INTO registry_building (id, address_id, area_id, name, kind, valid_from, batch_id)"
        f" SELECT DISTINCT ON (a.id, s.building) {derived('s.house_id', 'building')}, a.id, s.area_id, s.building,"
        f" 'residential', %(today)s, %(batch)s FROM {STAGED} s JOIN registry_address a ON a.plain = s.road"
        f" AND a.area_id = s.area_id AND a.valid_to IS NULL WHERE s.batch_id = %(batch)s AND s.house_id IS NOT NULL"
        f" AND NOT s.house_known AND NOT EXISTS (SELECT FROM registry_building b WHERE b.address_id = a.id"
        f" AND b.name = s.building AND b.valid_to IS NULL) ORDER BY a.id, s.building, s.id",
        values,
    )
    run(
        # Buildings with their addresses first: most are called the same (1栋, or nothing), and a batch laid against
        # the name alone is multiplied by all of them.
        f"WITH built AS MATERIALIZED (SELECT b.id, b.name, a.plain AS road, a.area_id FROM registry_building b"
        f" JOIN registry_address a ON a.id = b.address_id WHERE b.valid_to IS NULL AND a.valid_to IS NULL)"
        f" INSERT INTO registry_house (id, building_id, area_id, room, head, label, plain, use, valid_from, batch_id)"
        f" SELECT DISTINCT ON (s.house_id) s.house_id, b.id, s.area_id, s.room, '', s.address, s.plain, 'own',"
        f" %(today)s, %(batch)s FROM {STAGED} s JOIN built b ON b.road = s.road AND b.area_id = s.area_id"
        f" AND b.name = s.building WHERE s.batch_id = %(batch)s AND s.house_id IS NOT NULL AND NOT s.house_known"
        f" ORDER BY s.house_id, s.id",
        values,
    )
    run(
        f"WITH {WORDS} INSERT INTO registry_entry (id, kind, label, sort_key, area_id, sex, away, place, tokens)"
        f" SELECT DISTINCT ON (s.house_id) s.house_id, 'house', s.address, s.plain, s.area_id, 0, false, '',"
        f" s.words || p.words"
        f" FROM {STAGED} s JOIN place p ON p.area_id = s.area_id WHERE s.batch_id = %(batch)s"
        f" AND s.house_id IS NOT NULL AND NOT s.house_known ORDER BY s.house_id, s.id",
        values | words(),
    )


def _people(values: dict[str, Any], rules: RegistryRules) -> None:
    run(
        f"INSERT INTO people_person (id, name, pinyin, grams, assurance, created_at, demo)"
        f" SELECT s.person_id, s.name, s.pinyin, s.grams, 0, %(now)s, %(demo)s FROM {STAGED} s WHERE {_NEW}",
        values,
    )
    later = _LATER.format(column="s.person_id", days=rules.fresh_days("identity"))
    run(
        f"INSERT INTO registry_resident (source, verified_how, next_check_on, person_id, area_id, sex, born_on, id_number,"
        f" id_hash, id_last4, state, batch_id, created_at) SELECT 'import', '', {later}, s.person_id, s.area_id, s.sex,"
        f" s.born_on, s.id_number, s.id_hash, s.id_last4, 'here', %(batch)s, %(now)s FROM {STAGED} s WHERE {_NEW}",
        values,
    )
    run(
        f'INSERT INTO registry_vault (id, resident_id, "group", content, basis, purpose, kept_at, expires_on, batch_id)'
        f" SELECT {derived('s.person_id', 'vault')}, s.person_id, 'minor', s.vaulted, %(basis)s, %(purpose)s, %(now)s,"
        f" (s.born_on + interval '14 years')::date, %(batch)s FROM {STAGED} s WHERE {_NEW} AND s.vaulted <> ''",
        values | {"basis": rules.facts["minor"].basis, "purpose": _("确认身份")},
    )
    _contacts(values, _NEW)
    _phone_facts(values, rules, _NEW)
    later = _LATER.format(column="s.house_id", days=rules.fresh_days("residence"))
    run(
        f"INSERT INTO registry_residency (source, verified_how, next_check_on, id, resident_id, house_id, kind, valid_from,"
        f" reason, batch_id) SELECT 'import', '', {later}, {derived('s.person_id', 'lives')}, s.person_id, s.house_id,"
        f" 'lives', %(today)s, '', %(batch)s FROM {STAGED} s WHERE {_NEW} AND s.house_id IS NOT NULL",
        values,
    )


# A join, where a look for each row would be: while contacts are written, each look would go through all of them.
_OWNER = (
    "LEFT JOIN people_contact c ON c.value_hash = s.phone_hash AND c.kind = 'phone' AND c.ended_at IS NULL"
    " AND NOT c.shared"
)
_SHARED = "row_number() OVER (PARTITION BY s.phone_hash ORDER BY s.id) > 1 OR c.id IS NOT NULL"


def _contacts(values: dict[str, Any], which: str) -> None:
    """Note the numbers; the first to have one owns it, others in the household share it."""
    run(
        f"INSERT INTO people_contact (id, person_id, kind, value, value_hash, last4_hash, shared, created_at)"
        f" SELECT {derived('s.person_id', 'phone')}, s.person_id, 'phone', s.phone, s.phone_hash, s.phone_last4,"
        f" {_SHARED}, %(now)s"
        f" FROM {STAGED} s {_OWNER} WHERE {which} AND s.phone_hash IS NOT NULL",
        values,
    )


def _phone_facts(values: dict[str, Any], rules: RegistryRules, which: str) -> None:
    later = _LATER.format(column="s.person_id", days=rules.fresh_days("phone"))
    run(
        f"INSERT INTO registry_fact (source, verified_how, next_check_on, id, resident_id, name, value, batch_id)"
        f" SELECT 'import', '', {later}, {derived('s.person_id', 'fact')}, s.person_id, 'phone', '', %(batch)s"
        f" FROM {STAGED} s WHERE {which} AND s.phone_hash IS NOT NULL ON CONFLICT (resident_id, name) DO NOTHING",
        values,
    )


def _homes(values: dict[str, Any], _rules: RegistryRules) -> None:
    some = "s.batch_id = %(batch)s AND s.household_id IS NOT NULL"
    run(
        f"INSERT INTO people_household (id, area_id, address, collective, valid_from) SELECT DISTINCT ON (s.household_id)"
        f" s.household_id, s.area_id, left(s.address, 120), false, %(today)s FROM {STAGED} s WHERE {some}"
        f" AND NOT s.household_known ORDER BY s.household_id, s.id",
        values,
    )
    run(
        f"INSERT INTO registry_home (id, household_id, house_id, number, valid_from, batch_id)"
        f" SELECT DISTINCT ON (s.household_id) {derived('s.household_id', 'home')}, s.household_id, s.house_id,"
        f" s.household, %(today)s, %(batch)s FROM {STAGED} s WHERE {some} AND NOT s.household_known"
        f" ORDER BY s.household_id, s.id",
        values,
    )
    run(
        f"INSERT INTO people_membership (id, household_id, person_id, relation, valid_from)"
        f" SELECT {derived('s.person_id', 'member')}, s.household_id, s.person_id,"
        f" CASE WHEN s.relation = '' THEN 'other' ELSE s.relation END, %(today)s FROM {STAGED} s WHERE {some}"
        f" AND (s.action = 'new' OR 'household' = ANY(s.changed))",
        values,
    )
    run(
        f'INSERT INTO registry_importchange (id, batch_id, "table", row_id, before)'
        f" SELECT {derived('s.person_id', 'undo member')}, %(batch)s, 'people_membership',"
        f" {derived('s.person_id', 'member')}, '{{}}'::jsonb FROM {STAGED} s WHERE {some}"
        f" AND s.action = 'update' AND 'household' = ANY(s.changed)",
        values,
    )


def _update(values: dict[str, Any], rules: RegistryRules) -> None:
    """Change those who were there before, and remember what they had, so that undoing gives exactly that back."""
    _remember(values, "registry_resident", "s.person_id", "r.person_id = s.person_id", "identity,residence",
              "sex,born_on,id_number,id_hash,id_last4,area_id,state,ended_on")  # fmt: skip
    run(
        f"UPDATE registry_resident r SET sex = CASE WHEN r.sex = 0 THEN s.sex ELSE r.sex END,"
        f" born_on = coalesce(r.born_on, s.born_on), id_number = CASE WHEN r.id_hash IS NULL THEN s.id_number"
        f" ELSE r.id_number END, id_hash = coalesce(r.id_hash, s.id_hash), id_last4 = coalesce(r.id_last4, s.id_last4),"
        f" area_id = CASE WHEN s.house_id IS NULL THEN r.area_id ELSE s.area_id END,"
        f" state = CASE WHEN r.state = 'left' THEN 'here' ELSE r.state END, ended_on = NULL FROM {STAGED} s"
        f" WHERE {_CHANGED} AND r.person_id = s.person_id AND s.changed && ARRAY['identity', 'residence']::varchar[]",
        values,
    )
    moved = f"{_CHANGED} AND 'residence' = ANY(s.changed)"
    _remember(values, "registry_residency", "r.id", "r.resident_id = s.person_id AND r.kind = 'lives' AND r.valid_to IS NULL",
              "residence", "valid_to")  # fmt: skip
    run(
        f"UPDATE registry_residency r SET valid_to = %(today)s FROM {STAGED} s WHERE {moved}"
        f" AND r.resident_id = s.person_id AND r.kind = 'lives' AND r.valid_to IS NULL",
        values,
    )
    run(
        f"INSERT INTO registry_residency (source, verified_how, next_check_on, id, resident_id, house_id, kind, valid_from,"
        f" reason, batch_id) SELECT 'import', '', %(today)s, {derived('s.house_id', 'moved')}, s.person_id, s.house_id,"
        f" 'lives', %(today)s, '', %(batch)s FROM (SELECT * FROM {STAGED} s WHERE {moved}) s",
        values,
    )
    phoned = f"{_CHANGED} AND 'phone' = ANY(s.changed)"
    _remember(values, "people_contact", "r.id", "r.person_id = s.person_id AND r.kind = 'phone' AND r.ended_at IS NULL",
              "phone", "ended_at")  # fmt: skip
    run(
        f"UPDATE people_contact r SET ended_at = %(now)s FROM {STAGED} s WHERE {phoned}"
        f" AND r.person_id = s.person_id AND r.kind = 'phone' AND r.ended_at IS NULL",
        values,
    )
    _fresh_phones(values, rules, phoned)


def _fresh_phones(values: dict[str, Any], rules: RegistryRules, phoned: str) -> None:
    later = _LATER.format(column="s.person_id", days=rules.fresh_days("phone"))
    tail = "substr(md5(s.person_id::text || %(batch)s::text), 1, 12)"
    new_id = f"(left(s.person_id::text, 24) || {tail})::uuid"
    run(
        f"INSERT INTO people_contact (id, person_id, kind, value, value_hash, last4_hash, shared, created_at)"
        f" SELECT {new_id}, s.person_id, 'phone', s.phone, s.phone_hash, s.phone_last4,"
        f" {_SHARED}, %(now)s"
        f" FROM {STAGED} s {_OWNER} WHERE {phoned}",
        values,
    )
    run(
        f'INSERT INTO registry_importchange (id, batch_id, "table", row_id, before)'
        f" SELECT {derived('s.person_id', 'undo phone')}, %(batch)s, 'people_contact', {new_id}, '{{}}'::jsonb"
        f" FROM {STAGED} s WHERE {phoned}",
        values,
    )
    _remember(values, "registry_fact", "r.id", "r.resident_id = s.person_id AND r.name = 'phone'", "phone",
              "source,verified_how,verified_at,verified_by,next_check_on")  # fmt: skip
    run(
        f"UPDATE registry_fact r SET source = 'import', verified_how = '', verified_at = NULL, verified_by = NULL,"
        f" next_check_on = {later} FROM {STAGED} s WHERE {phoned} AND r.resident_id = s.person_id AND r.name = 'phone'",
        values,
    )
    _phone_facts(values, rules, phoned)


def _remember(values: dict[str, Any], table: str, key: str, join: str, changed: str, columns: str) -> None:
    """Keep the present values of ``columns`` of rows that are about to change. Binary columns as hex, by to_jsonb."""
    pairs = ", ".join(f"'{name}', to_jsonb(r.{name})" for name in columns.split(","))
    kinds = ", ".join(f"'{kind}'" for kind in changed.split(","))
    run(
        f'INSERT INTO registry_importchange (id, batch_id, "table", row_id, before)'
        f" SELECT (left({key}::text, 24) || substr(md5({key}::text || %(batch)s::text || '{table}'), 1, 12))::uuid,"
        f" %(batch)s, '{table}', {key}, jsonb_build_object({pairs})"
        f" FROM {STAGED} s JOIN {table} r ON {join} WHERE {_CHANGED} AND s.changed && ARRAY[{kinds}]::varchar[]",
        values,
    )


def _tags(values: dict[str, Any], _rules: RegistryRules) -> None:
    """Write tags of the dictionary, each until its own expiry."""
    dictionary = policy.get(TagDictionary).tags
    more: dict[str, Any] = {
        "codes": [w.code for w in dictionary], "bases": [w.basis for w in dictionary],
        "purposes": [w.purpose[:100] for w in dictionary], "days": [w.days for w in dictionary],
    }  # fmt: skip
    run(
        f"WITH word AS (SELECT * FROM unnest(%(codes)s::text[], %(bases)s::text[], %(purposes)s::text[], %(days)s::int[])"
        f" AS w(code, basis, purpose, days)), put AS (INSERT INTO registry_tag (id, source, verified_how, next_check_on,"
        f" resident_id, code, basis, purpose, valid_from, expires_on)"
        f" SELECT (left(s.person_id::text, 24) || substr(md5(s.person_id::text || w.code || %(batch)s::text), 1, 12))::uuid,"
        f" 'import', '', %(today)s::date + w.days, s.person_id, w.code, w.basis, w.purpose, %(today)s,"
        f" %(today)s::date + w.days FROM {STAGED} s JOIN word w ON w.code = ANY(s.tags)"
        f" WHERE s.batch_id = %(batch)s AND (s.action = 'new' OR 'tags' = ANY(s.changed)) AND NOT EXISTS ("
        f" SELECT FROM registry_tag t WHERE t.resident_id = s.person_id AND t.code = w.code AND t.ended_on IS NULL)"
        f' RETURNING id) INSERT INTO registry_importchange (id, batch_id, "table", row_id, before)'
        f" SELECT {derived('put.id', 'undo tag')}, %(batch)s, 'registry_tag', put.id, '{{}}'::jsonb FROM put",
        values | more,
    )


def _index(values: dict[str, Any], _rules: RegistryRules) -> None:
    """Write the words of new residents; whoever changed is rewritten by the caller."""
    run(
        f"WITH {WORDS} INSERT INTO registry_entry"
        f" (id, kind, label, sort_key, area_id, sex, born_on, away, place, tokens)"
        f" SELECT s.person_id, 'resident', s.name, replace(s.pinyin, ' ', ''), s.area_id, s.sex, s.born_on, false,"
        f" coalesce(h.label, ''), s.tokens || p.words"
        f" || ARRAY(SELECT left('g:' || t, 40) FROM unnest(s.tags) t)::varchar[] FROM {STAGED} s"
        f" JOIN place p ON p.area_id = s.area_id LEFT JOIN registry_house h ON h.id = s.house_id WHERE {_NEW}",
        values | words(),
    )
