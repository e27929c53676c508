"""How large a generated company is: households, order lines, products."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """A size of data. `lines` is met within a few per cent; the rest exactly."""

    name: str
    households: int
    lines: int
    products: int


SIZES = {
    size.name: size
    for size in (
        Size("tiny", 600, 36_000, 640),
        Size("small", 20_000, 1_250_000, 6_400),
        Size("large", 800_000, 50_000_000, 51_200),
        Size("huge", 4_000_000, 250_000_000, 51_200),
    )
}
