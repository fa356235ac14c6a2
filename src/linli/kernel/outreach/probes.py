"""What ``linli doctor`` asks of the outbox."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.outreach import selectors, sinks
from linli.kernel.outreach.models import Subscription
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn

LATE_SECONDS = 600


@probe("outreach.outbox", gettext_lazy("待发消息"))
def outbox() -> Iterator[Finding]:
    """What is due leaves within ten minutes, and nothing failed for good lately."""
    backlog = selectors.backlog()
    if backlog.oldest_seconds > LATE_SECONDS:
        text = _("%(n)d 条到期未发，最久 %(minutes)d 分钟") % {
            "n": backlog.overdue,
            "minutes": backlog.oldest_seconds // 60,
        }
        yield bad(text, mend=_("启动 linli worker；若已启动，检查短信网关"))
    if backlog.failed:
        yield warn(_("近一日 %(n)d 条未能送达") % {"n": backlog.failed}, mend=_("检查短信网关与订阅地址"))
    if not backlog.failed and backlog.oldest_seconds <= LATE_SECONDS:
        yield ok(_("没有积压"))


@probe("outreach.channels", gettext_lazy("消息渠道"))
def channels() -> Iterator[Finding]:
    """The SMS channel is set up, and no subscription was stopped by the other side."""
    try:
        sinks.sms_sink()
    except ImproperlyConfigured as error:
        yield bad(str(error), mend=_("改正 LINLI_SMS 与 LINLI_SMS_URL"))
    if settings.LINLI_SMS == "console":
        yield warn(
            _("短信只打印在后台进程的输出里，不会发出"),
            mend=_("正式使用时设置 LINLI_SMS=http 和 LINLI_SMS_URL"),
        )
    for stopped in Subscription.objects.filter(active=False).exclude(stopped_because=""):
        yield ok(_("订阅“%(name)s”已停：%(why)s") % {"name": stopped.name, "why": stopped.stopped_because})
