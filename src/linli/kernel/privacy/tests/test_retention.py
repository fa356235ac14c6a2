"""What is due is erased, with a proof in the database and one outside it that a restore replays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from linli.kernel import clock, ids, people, privacy
from linli.kernel.people import selectors
from linli.kernel.people import services as people_services
from linli.kernel.people.models import Assurance, Identity, SignInCode
from linli.kernel.people.tests.threads import together
from linli.kernel.posts.actors import system_actor
from linli.kernel.posts.tests import makers
from linli.kernel.privacy import events, register, retention
from linli.kernel.privacy.models import AccessLog, ErasureRecord
from linli.kernel.privacy.services import access_row

DAY = timedelta(days=1)


def code(at):
    return SignInCode.objects.create(
        phone="13800138000", phone_hash=b"p", network_hash=b"n", created_at=at, expires_at=at
    )


def looked(person, at):
    with clock.using(at):
        row = access_row(actor=system_actor(), person=person, field_group="phone", purpose="p")
        row.save(force_insert=True)
    return row


def test_what_is_due_goes_and_what_is_not_stays(db):
    now = clock.now()
    old, new = code(now - 2 * DAY), code(now)
    (proof,) = privacy.run_retention()
    assert list(SignInCode.objects.all()) == [new]
    assert (proof.rule, proof.count, proof.table) == ("people.sign_in_codes", 1, "people_signincode")
    (entry,) = register.read()
    assert entry["keys"] == [str(old.pk)]
    assert privacy.run_retention() == []


def test_policy_may_keep_longer_or_for_ever(db):
    code(clock.now() - 2 * DAY)
    for days in (30, None):
        events.retention_days.fill(lambda field_group, days, answer=days: answer)
        try:
            assert privacy.run_retention() == []
        finally:
            events.retention_days.empty()
    assert len(privacy.run_retention()) == 1


def test_an_id_number_goes_after_a_month_and_the_check_stays(db):
    zhang = people.ensure_by_phone("13800138000", "张三")
    people_services.check_identity(actor=system_actor(), person=zhang, number="11010519491231002X", how="window")
    privacy.run_retention(moment=clock.now() + 31 * DAY)
    kept = Identity.objects.get()
    zhang.refresh_from_db()
    assert (kept.number, zhang.assurance) == ("", Assurance.CHECKED)
    assert selectors.find_by_identity("11010519491231002X") == zhang
    assert privacy.run_retention(moment=clock.now() + 32 * DAY) == []


def test_the_worker_may_erase_old_lines_of_the_written_once_log(db):
    zhang = makers.person()
    row = looked(zhang, clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.filter(pk=row.pk).delete()
    (proof,) = privacy.run_retention(moment=clock.now() + 1100 * DAY)
    assert (proof.rule, AccessLog.objects.count()) == ("privacy.access_log", 0)
    looked(zhang, clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.all().delete()


def test_it_goes_in_batches_each_with_its_proof(db):
    for _ in range(5):
        code(clock.now() - 2 * DAY)
    proofs = privacy.run_retention(batch=2)
    assert [proof.count for proof in proofs] == [2, 2, 1]
    assert len({proof.digest for proof in proofs}) == 3


def test_a_proof_cannot_be_removed(db):
    code(clock.now() - 2 * DAY)
    privacy.run_retention()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        ErasureRecord.objects.all().delete()


def test_rows_may_go_before_their_time_at_a_persons_request(db):
    row = code(clock.now())
    proof = privacy.erase_now("people.sign_in_codes", [row.pk, ids.uuid7()], "本人要求删除")
    assert (proof.count, proof.basis) == (1, "本人要求删除")
    assert privacy.erase_now("people.sign_in_codes", [row.pk], "本人要求删除") is None
    with pytest.raises(LookupError):
        privacy.erase_now("no.such", [row.pk], "x")


def test_a_restore_erases_again_what_was_erased_since_the_backup(db):
    row = code(clock.now() - 2 * DAY)
    privacy.run_retention()
    row.save(force_insert=True)  # what a restored backup brings back
    done = privacy.replay()
    assert (done.entries, done.erased, done.unknown) == (1, 1, ())
    assert not SignInCode.objects.exists()
    assert privacy.replay().erased == 0


def test_a_rule_nobody_knows_any_more_is_named_and_the_rest_goes_on(db):
    register.append({"id": "1", "rule": "gone.rule", "at": "", "basis": "", "keys": []})
    row = code(clock.now() - 2 * DAY)
    privacy.run_retention()
    row.save(force_insert=True)
    done = privacy.replay()
    assert (done.erased, done.unknown) == (1, ("gone.rule",))


def test_a_line_taken_out_of_the_register_shows(db):
    for _ in range(3):
        code(clock.now() - 2 * DAY)
    privacy.run_retention(batch=1)
    file = register.path()
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + lines[2])
    with pytest.raises(register.Broken, match="line 2"):
        privacy.replay()


def test_a_line_half_written_when_the_machine_stopped_is_left_out(db):
    code(clock.now() - 2 * DAY)
    privacy.run_retention()
    with register.path().open("ab") as out:
        out.write(b'{"id": "hal')
    assert privacy.replay().entries == 1
    code(clock.now() - 2 * DAY)
    privacy.run_retention()
    assert privacy.replay().entries == 2


def test_the_register_is_written_even_if_the_transaction_fails_and_then_names_only_what_was_due(db, monkeypatch):
    row = code(clock.now() - 2 * DAY)
    monkeypatch.setattr(retention, "_wipe", lambda rule, keys: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        privacy.run_retention()
    assert SignInCode.objects.filter(pk=row.pk).exists()
    assert [entry["keys"] for entry in register.read()] == [[str(row.pk)]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_erase_each_row_once_and_the_register_stays_whole():
    for _ in range(6):
        code(clock.now() - 2 * DAY)
    results = together(*[lambda: privacy.run_retention(batch=1)] * 3)
    assert not [r for r in results if isinstance(r, Exception)]
    assert sum(len(proofs) for proofs in results) == 6
    assert len(list(register.read())) == 6


def test_every_rule_says_what_why_and_for_how_long(db):
    assert {rule.name for rule in privacy.rules()} >= {"people.sign_in_codes", "privacy.access_log"}
    for rule in privacy.rules():
        assert str(rule.basis)
        assert rule.kept_days() is None or rule.due(clock.now()).count() == 0
    with pytest.raises(RuntimeError):
        privacy.retain("privacy.access_log", AccessLog, "access_log", 1, "x")
