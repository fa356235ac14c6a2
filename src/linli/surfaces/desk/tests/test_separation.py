"""Three administrators who keep one another in check (三权分立); a lost second factor taken away by somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse
from tests.support.world import World

from linli.kernel import policy
from linli.kernel.people.models import Account
from linli.kernel.posts import services
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import AccountAct, Holding, Post
from linli.kernel.posts.services.guards import Refused
from linli.surfaces.desk.tests.conftest import SignIn

KINDS = ("system_admin", "security_admin", "auditor")
KEEPER = {"system_admin": "security_admin", "auditor": "security_admin", "security_admin": "system_admin"}
SOMEBODY = {"name": "赵云", "phone": "13887309999", "part": "B"}


def holding_of(actor: Actor) -> Holding:
    return Holding.objects.get(post=actor.post, person=actor.person)


@pytest.mark.parametrize("kept", KINDS)
def test_each_of_the_three_posts_is_filled_and_emptied_by_the_one_that_it_does_not_watch(
    world: World, desk: SignIn, kept: str
) -> None:
    post = world.actor(kept).post
    assert isinstance(post, Post)
    page = reverse("desk:post", args=[post.pk])
    for kind in (*KINDS, "centre_director"):
        allowed = kind == KEEPER[kept]
        client = desk(kind)
        assert ("从现在起任命" in client.get(page).content.decode()) is allowed, kind
        answer = client.post(page, SOMEBODY)
        assert answer.status_code == (302 if allowed else 404), kind
        assert Holding.objects.filter(post=post, part="B", valid_to=None).exists() is allowed, kind
        if allowed:
            end = reverse("desk:holding-end", args=[Holding.objects.get(post=post, part="B", valid_to=None).pk])
            for other in KINDS:
                if other != kind:
                    assert desk(other).post(end).status_code == 403, other
            assert client.post(end).status_code == 302


@pytest.mark.parametrize("kept", KINDS)
def test_no_account_of_the_three_is_opened_or_renewed_by_another(world: World, desk: SignIn, kept: str) -> None:
    address = reverse("desk:holding-account", args=[holding_of(world.actor(kept)).pk])
    for kind in KINDS:
        if kind != KEEPER[kept]:
            assert desk(kind).post(address, {"username": "somebody"}).status_code == 403, kind
            assert desk(kind).post(address).status_code == 403, kind
    assert not AccountAct.objects.exists()


def test_nobody_appoints_or_renews_themselves(world: World, desk: SignIn) -> None:
    admin, free = world.actor("system_admin"), world.actor("street_clerk").post
    assert admin.person
    assert free
    with pytest.raises(Refused, match="不能给自己办"):
        services.appoint(actor=admin, person=admin.person, post=free, part="B")
    assert desk("system_admin").post(reverse("desk:holding-account", args=[holding_of(admin).pk])).status_code == 403


def test_the_three_have_no_duty_in_common_but_to_see_that_the_site_runs(world: World) -> None:
    duties = {kind: set(policy.duties_of(kind)) - {"watcher"} for kind in KINDS}
    for kind in KINDS:
        for other in KINDS:
            assert kind == other or not duties[kind] & duties[other], (kind, other)


def test_the_log_of_who_looked_is_the_auditors_alone_and_the_auditor_changes_nothing(
    world: World, desk: SignIn
) -> None:
    for kind in ("system_admin", "security_admin"):
        for address in ("/desk/audit/", "/desk/audit/accounts.csv", "/desk/audit/seals/"):
            assert desk(kind).get(address).status_code == 404, (kind, address)
    auditor = desk("auditor")
    assert "账号" in auditor.get("/desk/audit/accounts.csv").content.decode()
    unit = world.actor("community_secretary").unit
    assert unit
    assert (
        auditor.post(reverse("desk:unit", args=[unit.pk]), {"title": "新岗", "kind": "grid_worker"}).status_code == 404
    )


# -- a lost second factor ---------------------------------------------------------------------------------------


@pytest.fixture
def lost(world: World, desk: SignIn) -> Holding:
    """A secretary with an authenticator that lies at the bottom of a lake."""
    holding = holding_of(world.actor("community_secretary"))
    desk("community_secretary")
    account = Account.objects.get(person=holding.person)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    return holding


def remove(client: Client, holding: Holding, reason: str = "本人到办公室，核对了身份证") -> Any:
    return client.post(reverse("desk:holding-second", args=[holding.pk]), {"reason": reason})


def test_a_lost_second_factor_is_taken_away_by_the_keeper_of_posts_with_a_reason_that_the_auditor_reads(
    desk: SignIn, lost: Holding
) -> None:
    admin = desk("system_admin")
    page = reverse("desk:post", args=[lost.post_id])
    assert "解除两步验证" in admin.get(page).content.decode()
    assert remove(admin, lost).status_code == 302
    assert not Authenticator.objects.filter(user__person=lost.person).exists()
    assert f"holdings/{lost.pk}/second-factor" not in admin.get(page).content.decode()
    text = desk("auditor").get("/desk/audit/").content.decode()
    assert "核对了身份证" in text
    assert "解除两步验证" in text
    act = AccountAct.objects.get()
    assert act.by is not None
    assert act.by != lost.person
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        act.delete()


def test_without_a_reason_nothing_is_taken_away_and_what_was_typed_stays(desk: SignIn, lost: Holding) -> None:
    answer = (
        desk("system_admin")
        .post(reverse("desk:holding-second", args=[lost.pk]), {"reason": "丢了"}, follow=True)
        .content.decode()
    )
    assert "请写明理由" in answer
    assert 'value="丢了"' in answer
    assert Authenticator.objects.exists()
    assert not AccountAct.objects.exists()


@pytest.mark.parametrize("kind", ["security_admin", "auditor", "centre_director", "community_secretary"])
def test_nobody_else_takes_it_away(desk: SignIn, lost: Holding, kind: str) -> None:
    assert remove(desk(kind), lost).status_code == 403
    assert Authenticator.objects.exists()


def test_who_has_none_needs_nothing_taken_away(world: World, desk: SignIn) -> None:
    holding = holding_of(world.actor("community_secretary"))
    desk("community_secretary")
    client = desk("system_admin")
    answer = client.post(
        reverse("desk:holding-second", args=[holding.pk]), {"reason": "不清楚有没有"}, follow=True
    ).content.decode()
    assert "没有设两步验证" in answer


def test_the_sessions_of_whoever_lost_it_end(desk: SignIn, lost: Holding) -> None:
    own = Client()
    account = Account.objects.get(person=lost.person)
    account.set_password("correct horse battery staple")
    account.save()
    Authenticator.objects.all().delete()
    signed = own.post("/accounts/login/", {"login": account.username, "password": "correct horse battery staple"})
    assert signed.status_code == 302
    assert own.get("/desk/").status_code == 200
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    assert remove(desk("system_admin"), lost).status_code == 302
    assert own.get("/desk/").status_code == 302, "whoever found the phone is out too"
