"""What the honor market keeps beside the ledger."""

from linli.affairs.honor.models.covenants import Article, Covenant, Notice
from linli.affairs.honor.models.goods import Batch, Good, Redemption, Shop, Standing, Ticket
from linli.affairs.honor.models.kinship import Cause, Family, Gift, Tie
from linli.affairs.honor.models.looks import Look
from linli.affairs.honor.models.members import Earning, Member, Recognition, Statement
from linli.affairs.honor.models.offers import Commendation, Donation

__all__ = [
    "Article",
    "Batch",
    "Cause",
    "Commendation",
    "Covenant",
    "Donation",
    "Earning",
    "Family",
    "Gift",
    "Good",
    "Look",
    "Member",
    "Notice",
    "Recognition",
    "Redemption",
    "Shop",
    "Standing",
    "Statement",
    "Ticket",
    "Tie",
]
