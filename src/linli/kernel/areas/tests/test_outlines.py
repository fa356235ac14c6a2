"""Boundaries: read, converted, laid upon areas, tessellated for a demo."""

from __future__ import annotations

import itertools
import json
from datetime import date
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box, mapping, shape
from shapely.ops import unary_union

from linli.kernel import areas
from linli.kernel.areas import outlines
from linli.kernel.errors import Invalid, NotNow

DAY = date(2025, 3, 1)
DISTRICT = mapping(box(103.0, 23.0, 103.4, 23.4))


def feature(code, geometry):
    return {"type": "Feature", "properties": {"code": code}, "geometry": mapping(geometry)}


def place(*features, **extra):
    collection = {"type": "FeatureCollection", "features": list(features)}
    return areas.place_boundaries(by="测试岗", collection=collection, source="勘界成果", on=DAY, **extra)


@settings(max_examples=200, deadline=None)
@given(lon=st.floats(74, 134), lat=st.floats(18, 53))
def test_the_offset_systems_convert_back_to_within_a_metre(lon, lat):
    metre = 1 / 111_000
    back = outlines.gcj02_to_wgs84(*outlines.wgs84_to_gcj02(lon, lat))
    assert back == pytest.approx((lon, lat), abs=metre / 10)
    baidu = outlines.gcj02_to_bd09(*outlines.wgs84_to_gcj02(lon, lat))
    assert outlines.bd09_to_wgs84(*baidu) == pytest.approx((lon, lat), abs=metre)


def test_the_offset_is_the_known_one_of_a_few_hundred_metres():
    """天安门 as widely published: WGS-84 116.391349, 39.907375; GCJ-02 116.397590, 39.908776."""
    assert outlines.wgs84_to_gcj02(116.391349, 39.907375) == pytest.approx((116.39759, 39.90878), abs=2e-5)


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Polygon"}, "GeoJSON"),
        ({"type": "Point", "coordinates": [103, 23]}, "必须是面"),
        (mapping(box(23.0, 103.0, 23.4, 103.4)), "顺序"),
        ("nonsense", "GeoJSON"),
    ],
)
def test_a_boundary_that_cannot_be_one_is_refused(geometry, said):
    with pytest.raises(outlines.BadBoundary, match=said):
        outlines.read(geometry)


def test_a_file_in_gcj02_lands_where_it_belongs():
    corners = [(103.0, 23.0), (103.1, 23.0), (103.1, 23.1), (103.0, 23.1)]
    moved = Polygon([outlines.wgs84_to_gcj02(lon, lat) for lon, lat in corners])
    read = shape(outlines.read(mapping(moved), system="gcj02"))
    assert read.symmetric_difference(box(103.0, 23.0, 103.1, 23.1)).area < 1e-6


@pytest.mark.parametrize(("n", "seed"), itertools.product([1, 2, 7, 40], [1, 2]))
def test_pieces_tile_their_parent(n, seed):
    ground = box(103.0, 23.0, 103.4, 23.2).difference(box(103.1, 23.05, 103.2, 23.3))
    pieces = [shape(piece) for piece in areas.tessellate(mapping(ground), n, seed)]
    assert len(pieces) == n
    assert unary_union(pieces).symmetric_difference(ground).area < 1e-4 * ground.area
    assert sum(piece.area for piece in pieces) == pytest.approx(ground.area, rel=1e-4)
    assert areas.tessellate(mapping(ground), n, seed) == [outlines.write(piece) for piece in pieces]


@pytest.mark.parametrize("profile", ["mengzi", "wuhua", "siming", "xishan"])
def test_the_packaged_outlines_are_areas_in_china(profile):
    packaged = resources.files("linli.profiles") / profile / "boundary.geojson"
    outline = outlines.read(json.loads(packaged.read_text(encoding="utf-8"))["features"][0])
    assert shape(outline).is_valid


def test_a_point_belongs_to_the_smallest_area_around_it(small):
    place(
        feature("990101", box(103.0, 23.0, 103.4, 23.4)),
        feature("990101001", box(103.0, 23.0, 103.2, 23.4)),
        feature("990101001001", box(103.0, 23.0, 103.1, 23.1)),
    )
    tree = areas.tree(DAY)
    assert tree.locate(103.05, 23.05).name == "甲社区"
    assert tree.locate(103.1, 23.1).name == "甲社区"
    assert tree.locate(103.15, 23.3).name == "东街道"
    assert tree.locate(103.3, 23.3).name == "试验区"
    assert tree.locate(120.0, 30.0) is None
    assert tree.locate(float("nan"), 23.0) is None
    assert areas.locate(103.05, 23.05, DAY).name == "甲社区"
    with pytest.raises(areas.Outside, match="试验区"):
        areas.locate(120.0, 30.0, DAY)


def test_an_import_tells_every_problem_and_writes_nothing(small):
    good = feature("990101001", box(103.0, 23.0, 103.2, 23.4))
    with pytest.raises(Invalid) as refused:
        place(good, feature("990101999", box(103, 23, 104, 24)), good, feature("990101", box(0, 0, 1, 1)))
    assert set(refused.value.errors) == {"features[2]", "features[3]", "features[4]"}
    assert areas.tree(DAY).by_code("990101001").boundary is None


def test_a_first_boundary_completes_and_a_second_is_a_dated_change(small):
    assert place(feature("990101001", box(103.0, 23.0, 103.2, 23.4))).placed == 1
    again = place(feature("990101001", box(103.0, 23.0, 103.3, 23.4)))
    assert (again.placed, again.redrawn) == (0, 1)
    before, now = (areas.tree(day).by_code("990101001") for day in (date(2025, 2, 28), DAY))
    assert shape(before.boundary).area < shape(now.boundary).area
    assert now.boundary_source == "勘界成果"


def test_a_boundary_that_leaves_its_parents_is_warned_of(small):
    done = place(feature("990101", box(103.0, 23.0, 103.4, 23.4)), feature("990101001", box(103.3, 23.0, 103.5, 23.4)))
    assert "东街道" in done.warnings[0]


def test_merged_areas_join_their_ground_and_a_split_must_fill_it(small):
    place(
        feature("990101001", box(103.0, 23.0, 103.2, 23.4)),
        feature("990101002", box(103.2, 23.0, 103.4, 23.4)),
    )
    merge = {"do": "merge", "areas": ["990101001", "990101002"], "into": {"code": "990101001"}}
    areas.redivide(by="测试岗", note="合并", changes=[merge], on=date(2025, 6, 1))
    assert areas.tree(date(2025, 6, 1)).locate(103.3, 23.3).name == "东街道"
    parts = [
        {"code": "990101001", "boundary": mapping(box(103.0, 23.0, 103.2, 23.4))},
        {"code": "990101007", "name": "新街道", "boundary": mapping(box(103.25, 23.0, 103.4, 23.4))},
    ]
    split = {"do": "split", "area": "990101001", "into": parts}
    told = areas.redivide(by="测试岗", note="拆", changes=[split], on=date(2025, 9, 1), dry_run=True)
    assert "拼满" in told.problems[0]


def test_a_sketch_says_that_it_is_one_and_never_stands_beside_a_survey(small):
    with pytest.raises(NotNow, match="没有边界"):
        areas.sketch(small)
    place(
        feature("990101", box(103.0, 23.0, 103.4, 23.4)),
        feature("990101002001", box(103.0, 23.0, 103.1, 23.1)),
    )
    areas.sketch(areas.tree(DAY), seed=3)
    tree = areas.tree(DAY)
    for code in ("990101001", "990101001001", "990101100201"):
        node = tree.by_code(code)
        assert node.sketch
        assert node.boundary_source == "示意边界"
        assert areas.contains(code, tree.locate(node.lon, node.lat).code)
    assert not tree.by_code("990101002001").sketch
    assert tree.by_code("990101002002").boundary is None
    assert not tree.root.sketch
