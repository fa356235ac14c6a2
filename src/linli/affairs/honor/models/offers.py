"""What others give to the market, and what the district gives to people: donations and commendations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models.goods import Good, Shop
from linli.affairs.honor.models.members import Member
from linli.kernel.crypto import EncryptedTextField
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Organisation, Person


class Donation(models.Model):
    """A gift of goods or of a room: from whom, worth what and by which measure, received by whom against which receipt.

    The platform takes no money and appeals to nobody; it records who is qualified to receive, and the chain.
    """

    class Donor(models.TextChoices):
        PERSON = "person", _("个人")
        FIRM = "firm", _("企业")
        TEAM = "team", _("团队")

    class Form(models.TextChoices):
        GOODS = "goods", _("物品")
        ROOM = "room", _("场地")

    class Basis(models.TextChoices):
        INVOICE = "invoice", _("发票")
        MARKET = "market", _("市价")
        AGREED = "agreed", _("双方商定")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="donation")
    donor = models.CharField(_("捐赠方类别"), max_length=8, choices=Donor, db_collation="C")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    name = EncryptedTextField(_("捐赠方名称"))
    public = models.BooleanField(_("同意公示名称"), default=False)
    form = models.CharField(_("捐赠形式"), max_length=8, choices=Form, default=Form.GOODS, db_collation="C")
    good = models.ForeignKey(Good, on_delete=models.PROTECT, null=True, related_name="+")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("捐了什么"), max_length=60)
    pieces = models.IntegerField(_("件数"), default=0)
    value_fen = models.BigIntegerField(_("价值（分）"), default=0)
    basis = models.CharField(_("计价依据"), max_length=8, choices=Basis, default=Basis.MARKET, db_collation="C")
    use_by = models.DateField(_("保质期至"), null=True)
    receiver = models.CharField(_("受赠单位"), max_length=60, blank=True)
    receipt = models.CharField(_("收据号"), max_length=40, blank=True)
    received_on = models.DateField(_("接收日期"), null=True)

    class Meta:
        verbose_name = _("捐赠")
        constraints = [
            models.UniqueConstraint(
                fields=["receiver", "receipt"], condition=~Q(receipt=""), name="honor_receipt_once"
            ),
            models.CheckConstraint(condition=Q(value_fen__gte=0) & Q(pieces__gte=0), name="honor_donation_values"),
        ]


class Commendation(models.Model):
    """评选“文明市民”: nominated, shown to the public, objected to or not, awarded by the level above."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="commendation")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="commendations")
    title = models.CharField(_("称号"), max_length=40, db_collation="C")
    deeds = models.CharField(_("事迹"), max_length=500)
    consent = models.BooleanField(_("本人同意参评并公示"), default=False)

    class Meta:
        verbose_name = _("评选表彰")
