"""Shops, what they have, and its way into somebody's hands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models.members import Member
from linli.kernel.areas.models import Area
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Organisation
from linli.kernel.posts.models import Unit
from linli.kernel.storage.models import Row


class Shop(Row):
    """Where goods are handed out: the main market, a sub-centre, a station, or a merchant that joined."""

    class Kind(models.TextChoices):
        MAIN = "main", _("主超市")
        BRANCH = "branch", _("分中心")
        STATION = "station", _("站点")
        MERCHANT = "merchant", _("联盟商户")

    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind, db_collation="C")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(_("区域编码"), max_length=24, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.CharField(_("地点"), max_length=120, blank=True)
    hours = models.CharField(_("开放时间"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("兑换点")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="honor_shop_name")]

    def __str__(self) -> str:
        return self.name


class Good(Row):
    """A line of the catalogue. ``points`` is what one piece takes; nothing is sold.

    ``per_person`` and ``per_household`` limit what anybody may have within ``window_days`` (0: ever). ``scarce`` goods
    are handed out by shares: online, counter, home delivery; ``by_lot`` draws the online share.
    """

    class Picture(models.TextChoices):
        HOME = "house", _("日用")
        FOOD = "package", _("粮油")
        CARE = "shield-check", _("防护")
        STUDY = "book-open", _("文具")
        GREEN = "trees", _("绿植")
        SERVICE = "hand-helping", _("服务")

    code = models.CharField(_("代码"), max_length=40, unique=True, db_collation="C")
    name = models.CharField(_("名称"), max_length=40)
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    picture = models.CharField(_("图示"), max_length=16, choices=Picture, default=Picture.HOME)
    photo_id = models.UUIDField(_("照片"), null=True)
    photo_says = models.CharField(_("照片说明"), max_length=60, blank=True)
    points = models.IntegerField(_("所需积分"))
    piece = models.CharField(_("量词"), max_length=4, default="件")
    per_person = models.IntegerField(_("每人限领"), default=0)
    per_household = models.IntegerField(_("每户限领"), default=0)
    window_days = models.IntegerField(_("限领周期（天）"), default=0)
    scarce = models.BooleanField(_("紧缺物资"), default=False)
    by_lot = models.BooleanField(_("线上份额抽签"), default=False)
    draw_at = models.DateTimeField(_("抽签时间"), null=True)
    seed_digest = models.CharField(_("抽签种子摘要"), max_length=64, blank=True)
    seed = models.CharField(_("抽签种子"), max_length=64, blank=True)
    active = models.BooleanField(_("上架"), default=True)

    class Meta:
        verbose_name = _("兑换品")
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0), name="honor_good_points"),
            models.CheckConstraint(
                condition=Q(per_person__gte=0) & Q(per_household__gte=0) & Q(window_days__gte=0),
                name="honor_good_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(Row):
    """Pieces of one good that came together: from one gift or purchase, with one last day of use.

    How many stand where is the ledger's to say. Oldest use-by date goes first; nothing is handed out after it.
    """

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="batches")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="batches")
    donation = models.ForeignKey("honor.Donation", on_delete=models.PROTECT, null=True, related_name="batches")
    pieces = models.IntegerField(_("件数"))
    use_by = models.DateField(_("保质期至"), null=True)
    at = models.DateTimeField(_("入库时间"))

    class Meta:
        verbose_name = _("批次")
        indexes = [models.Index(fields=["donation"], name="honor_batch_donation")]


class Standing(Row):
    """A batch stands in a shop, or did until it was tidied away: pages look at what is there, not at all that ever was.

    How many pieces is the ledger's to say; this only says where to ask.
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="standings")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="standings")
    since = models.DateTimeField(_("最近到架时间"))

    class Meta:
        verbose_name = _("在架批次")
        constraints = [models.UniqueConstraint(fields=["shop", "batch"], name="honor_standing_once")]


class Redemption(models.Model):
    """兑物品: from the moment it is set aside to the moment it is in somebody's hands."""

    class Way(models.TextChoices):
        ONLINE = "online", _("线上预约")
        COUNTER = "counter", _("柜台")
        HOME = "home", _("送到家")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="redemption")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="redemptions")
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="presents")
    """Whom it was given to; it is theirs to pick up."""
    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="redemptions")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="redemptions")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="redemptions")
    way = models.CharField(_("方式"), max_length=8, choices=Way, db_collation="C")
    pieces = models.IntegerField(_("件数"))
    points = models.IntegerField(_("积分"))
    by_proxy = models.CharField(_("代领人与关系"), max_length=40, blank=True)
    handed_at = models.DateTimeField(_("领取时间"), null=True)

    class Meta:
        verbose_name = _("兑换")
        constraints = [models.CheckConstraint(condition=Q(pieces__gt=0), name="honor_redemption_pieces")]


class Ticket(Row):
    """One member's lot in the drawing of a scarce good; ``rank`` is its place once drawn."""

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="tickets")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tickets")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    pieces = models.IntegerField(_("件数"))
    at = models.DateTimeField(_("登记时间"))
    rank = models.IntegerField(_("签序"), null=True)
    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("签")
        constraints = [models.UniqueConstraint(fields=["good", "member"], name="honor_one_lot_each")]
