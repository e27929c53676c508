"""Names of segments: short, unique, plain, and the same whatever the order of the rows."""

import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from coterie.denylist import DENYLIST
from coterie.naming import LONGEST_NAME, denied_words, name_segments

DEFINITIONS = pd.DataFrame(
    [
        ("recency_days", "lapsed", "recent", 1),
        ("order_count", "frequent shoppers", "occasional shoppers", 2),
        ("spend_cents", "big spenders", "light spenders", 3),
        ("coupon_share", "coupon lovers", "full-price buyers", 4),
    ],
    columns=["feature", "high_phrase", "low_phrase", "position"],
)
LADDER = {
    1: (-0.7, 1.6, 1.4),
    2: (-0.4, 0.6, 0.65),
    3: (-0.2, 0.0, 0.05),
    4: (0.3, -0.6, -0.7),
    5: (2.5, -1.2, -1.3),
}
DIFFERENCE = st.one_of(
    st.floats(-4, 4), st.sampled_from([0.0, 0.3, 1.0, -1.0, float("nan"), float("inf")])
)


def profile(differences: dict[int, tuple[float, ...]]) -> pd.DataFrame:
    rows = [
        (segment, feature, value)
        for segment, values in differences.items()
        for feature, value in zip(DEFINITIONS["feature"], values, strict=False)
    ]
    return pd.DataFrame(rows, columns=["segment_id", "feature", "standardised_difference"])


def test_a_ladder_of_correlated_features_gets_five_plain_names():
    assert name_segments(profile(LADDER), DEFINITIONS) == {
        1: "Very frequent shoppers, big spenders",
        2: "Frequent shoppers, big spenders",
        3: "Typical customers",
        4: "Light spenders, occasional shoppers",
        5: "Lapsed, light spenders",
    }


def test_the_strongest_of_alike_segments_is_called_very_and_the_weakest_fairly():
    names = name_segments(
        profile({1: (0.0, 0.0, 0.4), 2: (0.0, 0.0, 2.0), 3: (0.0, 0.0, 0.9)}), DEFINITIONS
    )
    assert names == {1: "Fairly big spenders", 2: "Very big spenders", 3: "Big spenders"}


def test_segments_that_differ_only_in_a_small_feature_are_told_apart_by_it():
    names = name_segments(
        profile({n: (0.0, 0.0, 2.0 - n / 10, 0.2 if n == 4 else 0.0) for n in range(1, 6)}),
        DEFINITIONS,
    )
    assert names[4] == "Big spenders, coupon lovers"
    assert names[5] == "Big spenders 5"


def test_a_feature_that_is_not_allowed_is_never_named():
    barred = DEFINITIONS.assign(is_allowed=DEFINITIONS["feature"] != "spend_cents")
    assert name_segments(profile({1: (0.0, 0.5, 3.0)}), barred) == {1: "Frequent shoppers"}


def test_a_denied_phrase_is_refused_by_name_of_its_feature():
    wrong = DEFINITIONS.replace("light spenders", "cheap people")
    with pytest.raises(ValueError, match="spend_cents holds 'cheap'"):
        name_segments(profile(LADDER), wrong)


@given(
    differences=st.dictionaries(
        st.integers(1, 40), st.tuples(*[DIFFERENCE] * 4), min_size=1, max_size=12
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_names_are_short_unique_allowed_and_independent_of_row_order(differences, seed):
    rows = profile(differences)
    names = name_segments(rows, DEFINITIONS)
    assert set(names) == set(differences)
    assert len({name.casefold() for name in names.values()}) == len(differences)
    assert all(0 < len(name) <= LONGEST_NAME for name in names.values())
    assert [word for name in names.values() for word in denied_words(name)] == []
    shuffled = rows.iloc[np.random.default_rng(seed).permutation(len(rows))]
    assert name_segments(shuffled, DEFINITIONS.iloc[::-1]) == names


PHRASE = st.text(string.ascii_letters + " -", max_size=60)


@given(phrases=st.lists(PHRASE, min_size=8, max_size=8), signs=st.permutations([1.2, -0.4, 0.31]))
@example(phrases=["big"] * 8, signs=[1.0, 1.0, 1.0])
@example(phrases=["x" * 60] * 8, signs=[1.0, 1.0, 1.0])
def test_no_phrase_that_passes_the_denylist_makes_a_denied_or_repeated_name(phrases, signs):
    assume(not any(denied_words(phrase) for phrase in phrases))
    definitions = DEFINITIONS.assign(high_phrase=phrases[:4], low_phrase=phrases[4:])
    names = name_segments(profile({n: tuple(signs) for n in range(1, 7)}), definitions)
    assert [word for name in names.values() for word in denied_words(name)] == []
    assert len({name.casefold() for name in names.values()}) == 6
    assert max(map(len, names.values())) <= LONGEST_NAME


@pytest.mark.parametrize("word", DENYLIST)
def test_every_word_of_the_list_is_found_in_any_case_and_only_as_a_whole_word(word):
    assert denied_words(f"Some {word.title()}, others") == [word]
    assert denied_words(f"xx{word}xx") == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Low class buyers", ["low class"]),
        ("Single mothers", ["single mothers"]),
        ("OLD_customers", ["old"]),
        ("ｃｈｅａｐ baskets", ["cheap"]),
        ("Gold customers, fairly bold", []),
        ("Women's choice", ["women"]),
    ],
)
def test_spelling_does_not_hide_a_denied_word(name, found):
    assert denied_words(name) == found
