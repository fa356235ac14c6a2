"""What each staged row would do, decided for all rows at once: duplicates, who is known, which house, what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.affairs.registry.importing.sql import PLACES, STAGED, fetch, places, run, whole_sets

_PROBLEM = "problems = s.problems || jsonb_build_array(jsonb_build_object('field', {field}::text, 'text', {text}))"
_LINE = "replace(%(text)s, '{line}', d.first::text)"
_HERE = "s.batch_id = %(batch)s"
_FINE = "(problems = '[]'::jsonb)"


def _mark(field: str, text: str = "%(text)s::text") -> str:
    return _PROBLEM.format(field=f"'{field}'", text=text)


def decide(batch: UUID, told: Callable[[str], None] = lambda _step: None) -> dict[str, int]:
    """Decide every row of a batch; return counts: rows, new, update, same, problems (rows with at least one)."""
    values: dict[str, Any] = {"batch": batch, **places()}
    run(f"ANALYZE {STAGED}", {})
    whole_sets(fetch(f"SELECT count(*) FROM {STAGED} WHERE batch_id = %(batch)s", values)[0][0])
    for title, step in (
        (_("查文件内重复"), _twice),
        (_("找已登记的人"), _known),
        (_("找房屋"), _houses),
        (_("分户"), _households),
        (_("比对"), _differ),
    ):
        told(str(title))
        step(values)
    return counts(batch)


def counts(batch: UUID) -> dict[str, int]:
    """Return how many rows of a batch would do what; a row with a problem does nothing and is counted as that only."""
    row = fetch(
        f"SELECT count(*), count(*) FILTER (WHERE action = 'new' AND {_FINE}), count(*) FILTER (WHERE action = 'update'"
        f" AND {_FINE}), count(*) FILTER (WHERE action = 'same' AND {_FINE}), count(*) FILTER (WHERE NOT {_FINE})"
        f" FROM {STAGED} WHERE batch_id = %(batch)s",
        {"batch": batch},
    )[0]
    return dict(zip(("rows", "new", "update", "same", "problems"), map(int, row), strict=True))


def _twice(values: dict[str, Any]) -> None:
    """Mark what a file says twice: the same number; without one the same name, birth and address."""
    for keys, where, text in (
        ("id_hash", "id_hash IS NOT NULL", _("与第{line}行的身份证号重复；请留一行。")),
        ("name, born_on, plain", "id_hash IS NULL AND plain <> ''", _("与第{line}行重复；请留一行。")),
    ):
        run(
            f"UPDATE {STAGED} s SET {_mark('name', _LINE)} FROM ("
            f" SELECT id, first_value(line) OVER w AS first, row_number() OVER w AS n FROM {STAGED}"
            f" WHERE batch_id = %(batch)s AND {where} WINDOW w AS (PARTITION BY {keys} ORDER BY id)) d"
            f" WHERE s.id = d.id AND d.n > 1",
            values | {"text": str(text)},
        )


_RESIDENT = "registry_resident r"
_STANDS = "r.state <> 'merged'"


def _known(values: dict[str, Any]) -> None:
    """Find whom a row speaks of: by the key of an export, the number, name and phone, or name, house and birth."""
    run(f"UPDATE {STAGED} s SET action = 'known' FROM {_RESIDENT} WHERE {_HERE} AND s.keyed AND r.person_id = s.person_id"
        f" AND {_STANDS}", values)  # fmt: skip
    run(
        f"UPDATE {STAGED} s SET {_mark('key')} WHERE {_HERE} AND s.keyed AND s.action = ''",
        values | {"text": _("登记簿里没有这个编号；请用导出时的编号，新增的人留空。")},
    )
    run(f"UPDATE {STAGED} s SET action = 'known', person_id = r.person_id FROM {_RESIDENT} WHERE {_HERE} AND NOT s.keyed"
        f" AND s.id_hash IS NOT NULL AND r.id_hash = s.id_hash AND {_STANDS}", values)  # fmt: skip
    run(
        f"UPDATE {STAGED} s SET action = 'known', person_id = f.person_id FROM ("
        f" SELECT s.id, min(c.person_id::text)::uuid AS person_id FROM {STAGED} s"
        f" JOIN people_contact c ON c.value_hash = s.phone_hash AND c.ended_at IS NULL"
        f" JOIN people_person p ON p.id = c.person_id AND p.name = s.name"
        f" JOIN {_RESIDENT} ON r.person_id = p.id AND {_STANDS}"
        f" AND (s.id_hash IS NULL OR r.id_hash IS NULL) AND (s.born_on IS NULL OR r.born_on IS NULL OR s.born_on = r.born_on)"
        f" WHERE {_HERE} AND s.action = '' GROUP BY s.id HAVING count(DISTINCT c.person_id) = 1) f WHERE s.id = f.id",
        values,
    )
    run(
        f"UPDATE {STAGED} s SET action = 'known', person_id = f.person_id FROM ("
        f" SELECT s.id, min(r.person_id::text)::uuid AS person_id FROM {STAGED} s"
        f" JOIN registry_house h ON h.plain = s.plain"
        f" JOIN registry_residency l ON l.house_id = h.id AND l.kind = 'lives' AND l.valid_to IS NULL"
        f" JOIN {_RESIDENT} ON r.person_id = l.resident_id AND {_STANDS} AND r.born_on IS NOT DISTINCT FROM s.born_on"
        f" AND (s.id_hash IS NULL OR r.id_hash IS NULL)"
        f" JOIN people_person p ON p.id = r.person_id AND p.name = s.name"
        f" WHERE {_HERE} AND s.action = '' AND s.plain <> '' GROUP BY s.id HAVING count(*) = 1) f WHERE s.id = f.id",
        values,
    )
    _contradictions(values)


def _contradictions(values: dict[str, Any]) -> None:
    """Mark rows that contradict the record they speak of: another name, another number, a death, a community."""
    for field, condition, text in (
        ("name", "s.name <> '' AND p.name <> s.name", _("姓名与登记簿不同；改名须第二人同意，请在登记卡上申请变更。")),
        ("id_number", "s.id_hash IS NOT NULL AND r.id_hash IS NOT NULL AND r.id_hash <> s.id_hash",
         _("身份证号与登记簿不同；更正须第二人同意，请在登记卡上申请变更。")),
        ("name", "r.state = 'died'", _("此人已登记去世；如登记有误请先申请更正。")),
    ):  # fmt: skip
        run(
            f"UPDATE {STAGED} s SET {_mark(field)} FROM {_RESIDENT} JOIN people_person p ON p.id = r.person_id"
            f" WHERE {_HERE} AND s.action = 'known' AND r.person_id = s.person_id AND {condition}",
            values | {"text": str(text)},
        )
    run(
        f"WITH {PLACES} UPDATE {STAGED} s SET {_mark('community')} FROM {_RESIDENT}, place mine, place theirs"
        f" WHERE {_HERE} AND s.action = 'known' AND r.person_id = s.person_id AND r.state IN ('here', 'away')"
        f" AND mine.area_id = s.area_id AND theirs.area_id = r.area_id AND mine.community_id <> theirs.community_id",
        values | {"text": _("此人现登记在另一个社区；搬来的请在登记卡上办理迁入，不能靠导入改。")},
    )


def _houses(values: dict[str, Any]) -> None:
    """Find each row's house in its community; what is new is one house for all rows with its address."""
    run(
        f"WITH {PLACES}, fit AS (SELECT s.id, count(*) AS n, count(*) FILTER (WHERE h.area_id = s.area_id) AS same,"
        f" (array_agg(h.id ORDER BY (h.area_id = s.area_id) DESC, h.id))[1] AS house,"
        f" (array_agg(h.area_id ORDER BY (h.area_id = s.area_id) DESC, h.id))[1] AS area"
        f" FROM {STAGED} s JOIN place m ON m.area_id = s.area_id JOIN registry_house h ON h.plain = s.plain"
        f" AND h.valid_to IS NULL JOIN place t ON t.area_id = h.area_id AND t.community_id = m.community_id"
        f" WHERE {_HERE} AND s.plain <> '' GROUP BY s.id)"
        f" UPDATE {STAGED} s SET house_known = true, house_id = fit.house, area_id = fit.area,"
        f" problems = CASE WHEN fit.n > 1 AND fit.same <> 1 THEN s.problems || jsonb_build_array("
        f" jsonb_build_object('field', 'address', 'text', %(text)s::text)) ELSE s.problems END"
        f" FROM fit WHERE s.id = fit.id",
        values | {"text": _("这个地址对应两处以上房屋；请写明网格或楼幢。")},
    )
    run(
        f"WITH {PLACES}, one AS (SELECT s.id, first_value(s.house_id) OVER w AS house, first_value(s.area_id) OVER w AS area"
        f" FROM {STAGED} s JOIN place m ON m.area_id = s.area_id WHERE {_HERE} AND s.plain <> '' AND NOT s.house_known"
        f" WINDOW w AS (PARTITION BY m.community_id, s.plain ORDER BY s.id))"
        f" UPDATE {STAGED} s SET house_id = one.house, area_id = one.area FROM one WHERE s.id = one.id"
        f" AND (s.house_id, s.area_id) IS DISTINCT FROM (one.house, one.area)",
        values,
    )
    run(f"UPDATE {STAGED} s SET house_id = NULL WHERE {_HERE} AND s.plain = ''", values)


def _households(values: dict[str, Any]) -> None:
    """Let rows with one household number, else in one house with a relation, be one household with one head."""
    run(
        f"UPDATE {STAGED} s SET household_id = NULL"
        f" WHERE {_HERE} AND (s.house_id IS NULL OR (s.household = '' AND s.relation = ''))",
        values,
    )
    run(
        f"UPDATE {STAGED} s SET household_known = true, household_id = o.household_id FROM ("
        f" SELECT s.id, min(o.household_id::text)::uuid AS household_id FROM {STAGED} s JOIN registry_home o"
        f" ON o.valid_to IS NULL AND o.house_id = s.house_id AND (s.household = '' OR o.number = s.household)"
        f" WHERE {_HERE} AND s.household_id IS NOT NULL AND s.house_known GROUP BY s.id HAVING count(*) = 1) o"
        f" WHERE s.id = o.id",
        values,
    )
    run(
        f"WITH {PLACES}, one AS (SELECT s.id, first_value(s.household_id) OVER (PARTITION BY m.community_id,"
        f" CASE WHEN s.household <> '' THEN s.household ELSE s.house_id::text END ORDER BY s.id) AS household"
        f" FROM {STAGED} s JOIN place m ON m.area_id = s.area_id"
        f" WHERE {_HERE} AND s.household_id IS NOT NULL AND NOT s.household_known)"
        f" UPDATE {STAGED} s SET household_id = one.household FROM one WHERE s.id = one.id"
        f" AND s.household_id <> one.household",
        values,
    )
    run(
        f"UPDATE {STAGED} s SET {_mark('relation', _LINE)} FROM ("
        f" SELECT id, first_value(line) OVER w AS first, row_number() OVER w AS n FROM {STAGED}"
        f" WHERE batch_id = %(batch)s AND relation = 'head' AND household_id IS NOT NULL"
        f" WINDOW w AS (PARTITION BY household_id ORDER BY id)) d WHERE s.id = d.id AND d.n > 1",
        values | {"text": _("这一户在第{line}行已有户主；一户只能有一位户主。")},
    )
    run(
        f"UPDATE {STAGED} s SET {_mark('relation')} FROM people_membership m"
        f" WHERE {_HERE} AND s.household_known AND s.relation = 'head' AND m.household_id = s.household_id"
        f" AND m.relation = 'head' AND m.valid_to IS NULL AND m.person_id <> s.person_id",
        values | {"text": _("登记簿里这一户已有另一位户主；变更户主须第二人同意，请在登记卡上申请。")},
    )


def _differ(values: dict[str, Any]) -> None:
    """Say of every row whether it is new, changes something, or says what is known already."""
    run(f"UPDATE {STAGED} s SET action = 'new' WHERE {_HERE} AND s.action = ''", values)
    run(
        f"UPDATE {STAGED} s SET changed = array_remove(ARRAY["
        f" CASE WHEN s.phone_hash IS NOT NULL AND NOT EXISTS (SELECT FROM people_contact c WHERE c.person_id = s.person_id"
        f"  AND c.value_hash = s.phone_hash AND c.ended_at IS NULL) THEN 'phone' END,"
        f" CASE WHEN s.house_id IS NOT NULL AND NOT EXISTS (SELECT FROM registry_residency l"
        f"  WHERE l.resident_id = s.person_id AND l.kind = 'lives' AND l.valid_to IS NULL AND l.house_id = s.house_id)"
        f"  THEN 'residence' END,"
        f" CASE WHEN (r.born_on IS NULL AND s.born_on IS NOT NULL) OR (r.id_hash IS NULL AND s.id_hash IS NOT NULL)"
        f"  OR (r.sex = 0 AND s.sex <> 0) THEN 'identity' END,"
        f" CASE WHEN s.household_id IS NOT NULL AND NOT EXISTS (SELECT FROM people_membership m"
        f"  WHERE m.household_id = s.household_id AND m.person_id = s.person_id AND m.valid_to IS NULL)"
        f"  THEN 'household' END,"
        f" CASE WHEN NOT (s.tags <@ ARRAY(SELECT t.code FROM registry_tag t WHERE t.resident_id = s.person_id"
        f"  AND t.ended_on IS NULL)) THEN 'tags' END], NULL)"
        f" FROM {_RESIDENT} WHERE {_HERE} AND s.action = 'known' AND r.person_id = s.person_id",
        values,
    )
    run(
        f"UPDATE {STAGED} s SET action = CASE WHEN s.changed = '{{}}' THEN 'same' ELSE 'update' END"
        f" WHERE {_HERE} AND s.action = 'known'",
        values,
    )
