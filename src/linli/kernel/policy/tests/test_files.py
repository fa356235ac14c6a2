"""Files: what a person who mistyped is told, and how a district's file lies upon the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.kernel import policy
from linli.kernel.policy import cli, files, placed


def one(folder: Path) -> policy.Problem:
    problems = policy.check(folder)
    assert len(problems) == 1, problems
    return problems[0]


def write(folder: Path, text: str, name: str = "posts.duties.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


KINDS = "post_kinds:\n  clerk: {title: 文员, level: street, unit: centre}\n"


def test_what_ships_has_no_problem():
    assert policy.check(files.SHIPPED) == []


@pytest.mark.parametrize("profile", sorted(p.name for p in files.SHIPPED.parent.iterdir() if p.is_dir()))
def test_every_profile_that_ships_has_no_problem(profile: str):
    if not profile.startswith("_"):
        assert policy.check(files.SHIPPED.parent / profile) == []


def test_a_misspelt_field_is_named_with_file_and_line(tmp_path: Path):
    found = one(write(tmp_path, KINDS + "duties:\n  filer:\n    titel: 立案\n    posts: [clerk]\n    title: 立案\n"))
    assert found.file.endswith("posts.duties.yaml")
    assert found.line == 5
    assert "titel" in found.expected
    assert "拼写" in found.expected


def test_a_missing_field_points_at_its_item(tmp_path: Path):
    found = one(write(tmp_path, KINDS + "duties:\n  filer:\n    posts: [clerk]\n"))
    assert found.line in {4, 5}
    assert found.expected == "缺少必填项 title"


def test_a_word_outside_the_list_is_told_the_list(tmp_path: Path):
    found = one(
        write(tmp_path, KINDS.replace("street", "galaxy") + "duties:\n  filer: {title: 立案, posts: [clerk]}\n")
    )
    assert found.line == 2
    assert "district" in found.expected
    assert found.got == "galaxy"


def test_a_broken_indentation_is_told_its_line(tmp_path: Path):
    found = one(write(tmp_path, "post_kinds:\n  clerk: {title: 文员\n"))
    assert found.line >= 2
    assert "YAML" in found.expected


def test_a_key_written_twice_is_refused(tmp_path: Path):
    found = one(write(tmp_path, "post_kinds: {}\npost_kinds: {}\n"))
    assert (found.line, found.got) == (2, "post_kinds")


def test_an_unknown_file_is_asked_whether_it_means_another(tmp_path: Path):
    found = one(write(tmp_path, "a: 1\n", "posts.dutys.yaml"))
    assert "posts.duties" in found.expected


def test_an_empty_file_is_no_document(tmp_path: Path):
    assert one(write(tmp_path, "")).got == "空文件"


def test_codes_keep_their_zeros_and_no_is_a_word():
    tree = placed.read_text("code: 0102\nanswer: no\nyes: true\nday: 2026-01-31\n", "x")
    assert tree.plain() == {"code": "0102", "answer": "no", "yes": True, "day": "2026-01-31"}


def test_a_district_gives_only_what_differs(tmp_path: Path):
    write(tmp_path, "extends: default\nduties:\n  dispatcher: {title: 分派}\n")
    read = files.read(tmp_path)
    assert read.problems == []
    duties = read.documents["posts.duties"].duties
    assert duties["dispatcher"].title == "分派"
    assert "centre_dispatcher" in duties["dispatcher"].posts
    assert duties["handler"].title == "处置"


def test_an_error_in_an_overlay_points_at_the_file_it_was_written_in(tmp_path: Path):
    found = one(write(tmp_path, "extends: default\nduties:\n  dispatcher:\n    title: 3\n"))
    assert found.file == f"{tmp_path.name}/posts.duties.yaml"
    assert found.line == 4


def test_the_command_line_prints_every_problem_and_fails(tmp_path: Path):
    write(tmp_path, "extends: default\nduties:\n  dispatcher:\n    title: 3\n")
    result = CliRunner().invoke(cli.group, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "posts.duties.yaml:4" in result.output
    assert CliRunner().invoke(cli.group, ["check", "default"]).exit_code == 0
    unknown = CliRunner().invoke(cli.group, ["check", "atlantis"])
    assert unknown.exit_code == 1
    assert "mengzi" in unknown.output


@pytest.mark.django_db
def test_the_command_line_loads_and_compares():
    policy.forget()
    runner = CliRunner()
    assert "生效" in runner.invoke(cli.group, ["load", "default", "--on", "2026-01-01"]).output
    assert runner.invoke(cli.group, ["diff", "default"]).output.strip() == "0 处不同。"
    policy.forget()


def test_items_that_cannot_be_told_apart_are_replaced_and_not_merged():
    base = placed.read_text("posts: [{kind: a, title: x}, {kind: a, title: y}]\n", "base")
    over = placed.read_text("posts: [{kind: a, title: z}]\n", "over")
    assert placed.overlaid(base, over).plain() == {"posts": [{"kind": "a", "title": "z"}]}
