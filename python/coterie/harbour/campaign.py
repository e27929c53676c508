"""The campaign that chance decided: who was drawn, who was treated, whom it moved to order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coterie.harbour import plan
from coterie.harbour.people import People
from coterie.harbour.records import Presence
from coterie.harbour.streams import Dice, between

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Moments


@dataclass(frozen=True)
class Arms:
    """By person: in the trial, treated, and the day of the extra order that it caused."""

    is_member: Flags
    is_treated: Flags
    has_answered: Flags
    answered_on: Moments


def make_arms(dice: Dice, people: People, presence: Presence) -> Arms:
    """Return the trial: everybody known to CRM and shop, half of them treated by a coin."""
    import numpy as np

    rng = dice.stream("campaign")
    size = len(people)
    is_member = presence.in_crm & presence.in_shop
    is_treated = is_member & (rng.random(size) < plan.TREATED)
    first = np.datetime64(plan.CAMPAIGN_ON)
    return Arms(
        is_member=is_member,
        is_treated=is_treated,
        has_answered=is_treated & (rng.random(size) < np.array(plan.UPLIFT)[people.segment]),
        answered_on=between(rng, first, first + plan.CAMPAIGN_DAYS, size),
    )
