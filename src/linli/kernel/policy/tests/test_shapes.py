"""The kernel's own documents: limits, chains, quiet hours, retention, and what may not be appraised."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from linli.kernel.policy import documents, files
from linli.kernel.policy.shapes import Appraisal, Approvals, ClockRules, QuietMessages, Retention
from linli.kernel.policy.shapes.appraisal import forbidden
from linli.kernel.worktime.units import Limit, Unit


def shipped(shape: type[documents.D]) -> documents.D:
    found = files.shipped(shape.policy_name)
    assert isinstance(found, shape)
    return found


@pytest.mark.parametrize("name", documents.names())
def test_a_stored_body_reads_back_as_the_same_document(name: str):
    try:
        found = files.shipped(name)
    except LookupError:
        pytest.skip("only profiles give it")
    assert documents.parse(name, found.policy_schema, files.body_of(found)) == found


def test_a_limit_is_written_in_words_and_stored_by_code():
    rules = shipped(ClockRules)
    assert rules.approval_limit == Limit(1, Unit.WORKING_DAY)
    assert files.body_of(rules)["approval"] == "1 working_day"


def test_a_limit_in_an_unknown_unit_is_refused_with_the_units(tmp_path: Path):
    (tmp_path / "matters.clocks.yaml").write_text("extends: default\napproval: 3 光年\n", encoding="utf-8")
    (found,) = files.check(tmp_path)
    assert found.line == 2
    assert "工作时" in found.expected


def test_an_approval_step_nobody_can_take_is_found(tmp_path: Path):
    text = "extends: default\nchains:\n  extension:\n    steps:\n      - {duty: astronaut, level: street}\n"
    (tmp_path / "matters.approvals.yaml").write_text(text, encoding="utf-8")
    (found,) = files.check(tmp_path)
    assert (found.line, found.got) == (5, "astronaut")


def test_an_unknown_chain_is_answered_with_the_known_ones():
    with pytest.raises(LookupError, match="extension"):
        shipped(Approvals).chain("holiday")


@pytest.mark.parametrize(("at", "quiet"), [(time(20, 59), False), (time(21), True), (time(3), True), (time(8), False)])
def test_quiet_hours_cross_midnight(at: time, quiet: bool):
    assert shipped(QuietMessages).residents.quiet.holds(at) is quiet


def test_every_field_group_has_an_end_and_a_basis():
    retention = shipped(Retention)
    assert retention.days("phone_code") == 1
    assert all(keep.basis for keep in retention.groups.values())
    with pytest.raises(LookupError):
        retention.days("shoe_size")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("App 登录天数", "登录次数"),
        ("在线时长", "在线时长"),
        ("上传照片数", "照片数量"),
        ("每日步数", "步数轨迹"),
        ("入户走访次数", "走访次数"),
        ("居民登记数", "登记人数"),
        ("logins", "登录次数"),
        ("一次办结质量", None),
        ("按期办结", None),
        ("群众评价满意率", None),
    ],
)
def test_presence_is_recognised_in_words(words: str, what: str | None):
    assert forbidden(words) == what


@pytest.mark.parametrize(
    "index",
    [
        {"title": "登录", "metric": "on_time_share", "weight": 100},
        {"title": "活跃", "metric": "logins", "weight": 100},
        {"title": "工作量", "metric": "visits_made", "weight": 100},
        {"title": "工作量", "says": "按上传照片计", "metric": "on_time_share", "weight": 100},
    ],
)
def test_an_index_that_counts_presence_is_refused(index: dict):
    with pytest.raises(ValidationError, match="不得作为考核指标"):
        Appraisal.model_validate({"indices": {"x": index}, "notice_days": 5, "appeal_days": 5})


def test_weights_must_add_up():
    one = {"title": "按期办结", "metric": "on_time_share", "weight": 90}
    with pytest.raises(ValidationError, match="100"):
        Appraisal.model_validate({"indices": {"x": one}, "notice_days": 5, "appeal_days": 5})
