"""How far two ways of dividing the same customers agree, from the table of their counts alone."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from coterie.rounding import Floats, decimals

SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("other_scheme", pa.string()),
        ("adjusted_rand_index", pa.float64()),
        ("adjusted_mutual_information", pa.float64()),
        ("compared_count", pa.int64()),
    ]
)
PAIR = ["segmentation", "other_scheme"]
Counts = NDArray[np.int64]


def overlaps(flows: pd.DataFrame) -> pd.DataFrame:
    """Return the agreement of each pair of schemes, with the columns of SCHEMA.

    Args:
        flows: segmentation, other_scheme, segment_id, other_label, is_compared and
            customer_count; rows that are not compared (a fallback is no label) are left out.

    """
    rows: list[dict[str, Any]] = []
    for pair, mine in flows[flows["is_compared"].astype(bool)].groupby(PAIR):
        table = mine.pivot_table(
            index="segment_id", columns="other_label", values="customer_count", fill_value=0
        ).to_numpy(dtype=np.int64)
        rows.append(
            {
                **dict(zip(PAIR, pair, strict=True)),
                "adjusted_rand_index": float(decimals(adjusted_rand_index(table))),
                "adjusted_mutual_information": float(decimals(adjusted_mutual_information(table))),
                "compared_count": int(table.sum()),
            }
        )
    return pd.DataFrame(rows, columns=SCHEMA.names)


def adjusted_rand_index(table: Counts) -> float:
    """Return the adjusted Rand index (Hubert and Arabie 1985) of a table of counts, (k1, k2).

    1 when both divide alike, about 0 by chance; 1 when neither divides at all.
    """
    together, rows, columns = (_pairs(x) for x in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = rows * columns / max(_pairs(table.sum()), 1.0)
    largest = (rows + columns) / 2
    return 1.0 if largest == expected else (together - expected) / (largest - expected)


def adjusted_mutual_information(table: Counts) -> float:
    """Return the adjusted mutual information (Vinh et al. 2010) of a table of counts, (k1, k2).

    Adjusted by the mean of the two entropies; 1 when both divide alike, about 0 by chance, and 1
    when neither divides at all or both leave everybody alone.
    """
    a, b = table.sum(axis=1), table.sum(axis=0)
    groups = (len(a[a > 0]), len(b[b > 0]))
    if groups in ((1, 1), (table.sum(), table.sum())):
        return 1.0
    expected = expected_mutual_information(a[a > 0], b[b > 0])
    room = (_entropy(a) + _entropy(b)) / 2 - expected
    # as scikit-learn: never divided by nothing, and the sign is kept
    tiny = np.finfo(float).eps
    room = min(room, -tiny) if room < 0 else max(room, tiny)
    return (_mutual_information(table) - expected) / room


def expected_mutual_information(a: Counts, b: Counts) -> float:
    """Return the mutual information, in nats, that chance alone gives to groups of these sizes.

    The hypergeometric sum of Vinh et al. (2010), over the counts within twelve standard
    deviations of each cell's mean: what is left out is less than the last bit.
    """
    return float(sum(_expected_cell(float(x), float(y), float(a.sum())) for x in a for y in b))


def _expected_cell(a: float, b: float, n: float) -> float:
    from scipy.special import gammaln

    mean = a * b / n
    reach = 12 * np.sqrt(mean * (1 - a / n) * (1 - b / n)) + 30
    low, high = max(1.0, a + b - n, np.floor(mean - reach)), min(a, b, np.ceil(mean + reach))
    x = np.arange(low, high + 1)
    ways = sum(gammaln(v + 1) for v in (a, b, n - a, n - b)) - gammaln(n + 1)
    ways = ways - sum(gammaln(v + 1) for v in (x, a - x, b - x, n - a - b + x))
    return float(np.sum(x / n * np.log(n * x / (a * b)) * np.exp(ways)))


def _mutual_information(table: Counts) -> float:
    n, a, b = table.sum(), table.sum(axis=1), table.sum(axis=0)
    i, j = np.nonzero(table)
    cell: Floats = table[i, j].astype(np.float64)
    return float(np.sum(cell / n * np.log(n * cell / (a[i] * b[j].astype(np.float64)))))


def _entropy(counts: Counts) -> float:
    share = counts[counts > 0] / counts.sum()
    return float(-np.sum(share * np.log(share)))


def _pairs(counts: Any) -> float:
    values = np.asarray(counts, dtype=np.float64)
    return float(np.sum(values * (values - 1) / 2))
