"""What volunteering keeps."""

from linli.affairs.volunteering.models.activities import Activity, Flag, Signup
from linli.affairs.volunteering.models.records import Certificate, Feed, Record
from linli.affairs.volunteering.models.teams import Outlay, Partner, Team, TeamGrant, TeamMember

__all__ = [
    "Activity",
    "Certificate",
    "Feed",
    "Flag",
    "Outlay",
    "Partner",
    "Record",
    "Signup",
    "Team",
    "TeamGrant",
    "TeamMember",
]
