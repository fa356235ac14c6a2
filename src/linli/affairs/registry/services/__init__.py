"""Everything that changes the registry. ``actor`` first, one transaction each."""

from __future__ import annotations

from linli.affairs.registry.services.changing import ask_change
from linli.affairs.registry.services.doubles import merge_houses, unmerge_houses
from linli.affairs.registry.services.households import absorb, form_household, in_village, join, leave, set_homes, split
from linli.affairs.registry.services.keepsafe import keep_safe, open_safe
from linli.affairs.registry.services.organisations import (
    close_organisation,
    register_organisation,
    set_role,
    verify_organisation,
)
from linli.affairs.registry.services.owning import delete_own, dispute
from linli.affairs.registry.services.places import (
    end_tenure,
    find_house,
    locate_buildings,
    move_building,
    register_building,
    register_house,
    register_village_house,
    set_tenure,
    set_use,
)
from linli.affairs.registry.services.residents import (
    go_away,
    move,
    move_out,
    register_resident,
    set_fact,
    set_phone,
    set_registration,
    verify,
)
from linli.affairs.registry.services.tagging import end_tag, offer, put_tag, withdraw_offer
from linli.affairs.registry.services.twins import find_twins, keep_apart, merge_twins, unmerge_twins

__all__ = [
    "absorb",
    "ask_change",
    "close_organisation",
    "delete_own",
    "dispute",
    "end_tag",
    "end_tenure",
    "find_house",
    "find_twins",
    "form_household",
    "go_away",
    "in_village",
    "join",
    "keep_apart",
    "keep_safe",
    "leave",
    "locate_buildings",
    "merge_houses",
    "merge_twins",
    "move",
    "move_building",
    "move_out",
    "offer",
    "open_safe",
    "put_tag",
    "register_building",
    "register_house",
    "register_organisation",
    "register_resident",
    "register_village_house",
    "set_fact",
    "set_homes",
    "set_phone",
    "set_registration",
    "set_role",
    "set_tenure",
    "set_use",
    "split",
    "unmerge_houses",
    "unmerge_twins",
    "verify",
    "verify_organisation",
    "withdraw_offer",
]
