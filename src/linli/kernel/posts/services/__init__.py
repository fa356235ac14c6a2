"""Everything that changes units, posts and who holds them. ``actor`` first, one transaction each."""

from __future__ import annotations

from linli.kernel.posts.services.accounts import Given, open_account, remove_second_factor, renew_password
from linli.kernel.posts.services.appointments import appoint, leave_post
from linli.kernel.posts.services.credentials import (
    IssuedLink,
    IssuedToken,
    issue_link,
    issue_token,
    revoke_link,
    revoke_token,
    use_link,
)
from linli.kernel.posts.services.guards import may_appoint
from linli.kernel.posts.services.leave import end_leave, take_leave
from linli.kernel.posts.services.roster import (
    HandOverItem,
    confirm_hand_over,
    hand_over,
    put_on_roster,
    strike_from_roster,
    swap_shift,
)
from linli.kernel.posts.services.structure import close_post, cover, merge_unit, open_post, open_unit, rename_unit

__all__ = [
    "Given",
    "HandOverItem",
    "IssuedLink",
    "IssuedToken",
    "appoint",
    "close_post",
    "confirm_hand_over",
    "cover",
    "end_leave",
    "hand_over",
    "issue_link",
    "issue_token",
    "leave_post",
    "may_appoint",
    "merge_unit",
    "open_account",
    "open_post",
    "open_unit",
    "put_on_roster",
    "remove_second_factor",
    "rename_unit",
    "renew_password",
    "revoke_link",
    "revoke_token",
    "strike_from_roster",
    "swap_shift",
    "take_leave",
    "use_link",
]
