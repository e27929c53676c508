"""Who is known to which system, and by what: the records that identity resolution has to join.

A record loses or spoils identifiers, but never all that it shares with the person's other records:
a CRM contact and a shop account have an e-mail, a phone or a loyalty number in common, a support
requester is reached by what one of the two knows, a visitor logs in with the shop's login or the
CRM's e-mail. Contacts, accounts and requesters carry names, so that a shared e-mail or phone proves
nothing; records without a name never have an e-mail that two persons use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour.people import People, record_codes
from coterie.harbour.streams import Dice
from coterie.harbour.text import digits, join, kept, mistyped, untidy, where

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Ints


@dataclass(frozen=True)
class Presence:
    """By person: in which systems, and which identifiers the CRM and the shop hold as they are."""

    in_crm: Flags
    in_shop: Flags
    in_support: Flags
    in_web: Flags
    crm_email: Flags
    crm_phone: Flags
    shop_email: Flags
    shop_phone: Flags
    shop_loyalty: Flags


@dataclass(frozen=True)
class Records:
    """Records of one system: its ids, and the position of the person behind each one."""

    id: Any
    person: Ints
    is_second: Flags

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.person)


def make_presence(dice: Dice, people: People) -> Presence:
    """Return who is where; everybody is in the CRM or in the shop, and can be linked."""
    import numpy as np

    rng = dice.stream("presence")
    draw = rng.random((9, len(people)))
    in_crm = draw[0] < 0.85
    in_shop = (draw[1] < 0.82) | ~in_crm
    crm_email = (draw[2] < 0.92) & ~(people.has_new_email & (draw[3] < 0.4))
    crm_phone = (draw[4] < 0.88) | ~crm_email
    shop_email, shop_phone = draw[5] < 0.97, draw[6] < 0.75
    shop_loyalty = people.is_member & (draw[7] < 0.5)
    shared = (crm_email & shop_email) | (crm_phone & shop_phone)
    shared |= people.is_member & shop_loyalty
    shop_phone |= ~shared
    crm_phone |= ~shared
    shop_phone |= ~in_crm & ~shop_email
    can_log_in = in_shop | (crm_email & ~people.shares_email & ~people.lends_email)
    web = np.array([0.7, 0.8, 0.6, 0.9, 0.4])[people.segment]
    return Presence(
        in_crm=in_crm, in_shop=in_shop, in_support=draw[8] < 0.25,
        in_web=can_log_in & (rng.random(len(people)) < web),
        crm_email=crm_email, crm_phone=crm_phone,
        shop_email=shop_email, shop_phone=shop_phone, shop_loyalty=shop_loyalty,
    )  # fmt: skip


def make_records(prefix: str, rng: Any, people: People, mask: Flags, twice: float) -> Records:
    """Return a record for each person of the mask, and a second one for a share of them."""
    import numpy as np

    once = np.flatnonzero(mask)
    again = once[rng.random(len(once)) < twice]
    person = np.concatenate([once, again])
    is_second = np.arange(len(person)) >= len(once)
    code = record_codes(prefix, people.number[person] * 2 + is_second)
    ids = join(prefix, digits(code, 9))
    return Records(id=ids, person=person, is_second=is_second)


def written_names(rng: Any, people: People, person: Ints, nicknamed: float) -> dict[str, Any]:
    """Return first and last names as somebody wrote them: nicknames, slips, capitals."""
    is_nickname = rng.random(len(person)) < nicknamed
    first = where(is_nickname, people.nickname.take(person), people.first.take(person))
    return {
        "first": untidy(rng, mistyped(rng, first, 0.03), 0.06),
        "last": untidy(rng, mistyped(rng, people.last.take(person), 0.03), 0.06),
    }


def written_phone(rng: Any, phones: Any) -> Any:
    """Return phones in the ways people write them: plain, with +44, with blanks or dashes."""
    import pyarrow.compute as pc

    draw = rng.random(len(phones))
    rest, code = pc.utf8_slice_codeunits(phones, 1), pc.utf8_slice_codeunits(phones, 0, 5)
    tail = pc.utf8_slice_codeunits(phones, 5)
    phones = where(draw < 0.25, join("+44", rest), phones)
    phones = where((draw >= 0.25) & (draw < 0.4), join(code, " ", tail), phones)
    phones = where((draw >= 0.4) & (draw < 0.5), join("+44 (0)", rest), phones)
    return where((draw >= 0.5) & (draw < 0.6), join(code, "-", tail), phones)


def written_birth(rng: Any, people: People, person: Ints, share: float, swapped: float) -> Any:
    """Return birth dates as text yyyy-mm-dd; a share known, some with day and month swapped."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(pa.array(people.birth[person].astype("datetime64[D]")), pa.string())
    year, month = pc.utf8_slice_codeunits(text, 0, 4), pc.utf8_slice_codeunits(text, 5, 7)
    day = pc.utf8_slice_codeunits(text, 8, 10)
    fits = np.asarray(pc.less_equal(day, "12")) & (rng.random(len(person)) < swapped)
    text = where(fits, join(year, "-", day, "-", month), text)
    return kept(rng.random(len(person)) < share, text)


def written_address(rng: Any, people: People, person: Ints, outdated: Any) -> dict[str, Any]:
    """Return street, city and postcode, the old ones where `outdated`; some postcodes untidy."""
    import numpy as np

    is_old = people.has_moved[person] & np.asarray(outdated)
    parts = {
        part: where(is_old, people.old_address[part].take(person), column.take(person))
        for part, column in people.address.items()
    }
    parts["postcode"] = kept(rng.random(len(person)) < 0.95, untidy(rng, parts["postcode"], 0.08))
    return parts
