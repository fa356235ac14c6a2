"""What the honor market keeps beside the ledger."""

from linli.affairs.honor.models.goods import Batch, Good, Redemption, Shop, Ticket
from linli.affairs.honor.models.members import Earning, Member, Recognition, Statement
from linli.affairs.honor.models.offers import Commendation, Donation

__all__ = [
    "Batch",
    "Commendation",
    "Donation",
    "Earning",
    "Good",
    "Member",
    "Recognition",
    "Redemption",
    "Shop",
    "Statement",
    "Ticket",
]
