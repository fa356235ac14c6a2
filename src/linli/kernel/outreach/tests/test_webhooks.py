"""Webhooks, read by a library that is not ours and received by a real server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from linli.kernel import clock, ids, outreach
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.outreach.models import Outbox, Subscription
from linli.kernel.posts.actors import system_actor

pytestmark = [pytest.mark.django_db, pytest.mark.interop]


def subscribe(server: Any, *events: str) -> tuple[Subscription, str]:
    return outreach.subscribe(actor=system_actor(), name="数字城管", url=server.url, events=events or ["tests.closed"])


def happened(**extra: Any) -> None:
    Outbox.objects.bulk_create(outreach.webhook_rows("tests.closed", **extra))


def test_a_subscriber_can_verify_what_it_gets_with_the_standard_library(server: Any) -> None:
    _made, secret = subscribe(server)
    matter = ids.uuid7()
    happened(subject_id=matter, ref="step-9")
    assert outreach.deliver_due() == {"sent": 1}
    headers, body = server.requests[0]
    payload = Webhook(secret).verify(body, headers)
    assert payload["type"] == "tests.closed"
    assert payload["data"] == {"subject_id": str(matter), "ref": "step-9", "number": "C-20261121-00042"}
    assert headers["webhook-id"] == f"msg_{Outbox.objects.get().pk.hex}"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"closed", b"opened"), headers)


def test_only_those_subscribed_to_the_event_are_told(server: Any) -> None:
    subscribe(server, "tests.progress")
    assert outreach.webhook_rows("tests.closed") == []
    assert len(outreach.webhook_rows("tests.progress")) == 1


def test_a_subscriber_that_is_down_is_tried_again_under_the_same_id(server: Any) -> None:
    subscribe(server)
    server.answers = [500, 404, 302, 200]
    with clock.using(clock.now()) as time:
        happened()
        for _ in range(3):
            assert outreach.deliver_due() == {"waiting": 1}
            time.forward(hours=2)
        assert outreach.deliver_due() == {"sent": 1}
    assert len({headers["webhook-id"] for headers, _body in server.requests}) == 1


def test_a_subscriber_nobody_listens_at_is_given_up_after_days(server: Any) -> None:
    made, _secret = subscribe(server)
    Subscription.objects.filter(pk=made.pk).update(url="http://127.0.0.1:9/")
    with clock.using(clock.now()) as time:
        happened()
        for _ in range(10):
            outreach.deliver_due()
            time.forward(days=1)
    row = Outbox.objects.get()
    assert (row.state, row.tries, row.error) == ("failed", 10, "ConnectError")


def test_gone_means_gone(server: Any) -> None:
    made, _secret = subscribe(server)
    server.answers = [410]
    happened()
    happened()
    assert outreach.deliver_due() == {"failed": 1, "dropped": 1}
    made.refresh_from_db()
    assert not made.active
    assert "410" in made.stopped_because
    assert outreach.webhook_rows("tests.closed") == []


def test_unsubscribing_drops_what_is_waiting(server: Any) -> None:
    made, _secret = subscribe(server)
    happened()
    outreach.unsubscribe(actor=system_actor(), subscription_id=made.pk)
    assert outreach.deliver_due() == {"dropped": 1}
    assert server.requests == []
    with pytest.raises(NotHere):
        outreach.unsubscribe(actor=system_actor(), subscription_id=ids.uuid7())


def test_for_a_day_after_a_new_secret_the_old_one_still_verifies(server: Any) -> None:
    made, old = subscribe(server)
    new = outreach.renew_secret(actor=system_actor(), subscription_id=made.pk)
    happened()
    outreach.deliver_due()
    headers, body = server.requests[0]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    Subscription.objects.update(old_until=clock.now() - timedelta(seconds=1))
    happened()
    outreach.deliver_due()
    headers, body = server.requests[1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_a_bad_subscription_is_refused_field_by_field() -> None:
    with pytest.raises(Invalid) as caught:
        outreach.subscribe(actor=system_actor(), name=" ", url="ftp://x/", events=["tests.nowhere"])
    assert set(caught.value.errors) == {"name", "url", "events"}
    with pytest.raises(Invalid):
        outreach.subscribe(actor=system_actor(), name="x", url="https://u:p@x/", events=[])


def test_the_secret_lies_encrypted(server: Any) -> None:
    from django.db import connection

    _made, secret = subscribe(server)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM outreach_subscription")
        stored = cursor.fetchone()[0]
    assert secret not in stored
    assert stored.startswith("v1:")


def test_nothing_leaves_a_practice_folder(server: Any, settings: Any) -> None:
    settings.LINLI_PRACTICE, settings.LINLI_SMS, settings.LINLI_SMS_URL = True, "http", server.url
    subscribe(server)
    happened()
    Outbox.objects.bulk_create(
        outreach.queue("sms", [ids.uuid7()], "tests.code", recipient="address", interrupt=outreach.REQUESTED)
    )
    assert outreach.deliver_due() == {"sent": 1, "dropped": 1}
    assert server.requests == []
