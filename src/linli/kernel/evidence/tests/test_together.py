"""Several requests and several workers at one upload."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linli.kernel import evidence, ids
from linli.kernel.errors import NotNow
from linli.kernel.evidence import places, processing
from linli.kernel.evidence.models import Attachment, State

from .conftest import as_upload, photo


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Let transactions commit, and delete what they left."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM evidence_likeness")
                cursor.execute("DELETE FROM evidence_attachment")
                cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'evidence.process'")
            connection.close()


def at_once(*works):
    """Run works on connections of their own, all starting together; return results or errors in order."""
    start = Barrier(len(works))

    def run(work):
        try:
            start.wait(10)
            return work()
        except NotNow as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(30) for done in [pool.submit(run, work) for work in works]]


@pytest.mark.usefixtures("committed")
def test_the_same_file_sent_four_times_at_once_is_one_attachment():
    mine, content = ids.uuid7(), photo()
    rows = at_once(*[lambda: evidence.receive(as_upload(content), id=mine)] * 4)
    assert {row.pk for row in rows} == {mine}
    assert Attachment.objects.count() == 1
    assert places.quarantine(mine).read_bytes() == content


@pytest.mark.usefixtures("committed")
def test_of_two_files_under_one_id_the_row_and_the_disk_agree_on_the_winner():
    mine, contents = ids.uuid7(), [photo(1), photo(2)]
    results = at_once(*[lambda c=c: evidence.receive(as_upload(c), id=mine) for c in contents])
    (winner,) = [n for n, result in enumerate(results) if isinstance(result, Attachment)]
    assert isinstance(results[1 - winner], NotNow)
    assert places.quarantine(mine).read_bytes() == contents[winner]


@pytest.mark.usefixtures("committed")
def test_two_workers_make_one_photo_ready_once():
    row = evidence.receive(as_upload(photo()))
    states = at_once(*[lambda: processing.process(row.id)] * 2)
    assert sorted(states, key=str) == [None, State.READY]
    assert not places.quarantine(row.id).exists()
