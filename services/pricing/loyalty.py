"""What a receipt brings its customer: points for money, stamps for pieces; never more than it is worth.

Points are reckoned in thousandths, and only whole ones are used: so what comes back takes exactly
what it brought, in however many parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from schemas.customer import Programme
from schemas.money import Money, half_up
from schemas.receipt import Earned, Line


def earned(
    lines: Sequence[Line],
    programmes: Iterable[Programme],
    above: Mapping[str, frozenset[str]],
    language: str,
) -> tuple[Earned, ...]:
    """What the lines that count bring of each programme.

    What takes part in no discount brings none.

    lines  as what was paid for them: what points or coupons paid brings nothing
    above  for each group of articles, the group itself and all above it
    """
    found = []
    for programme in programmes:
        counting = [line for line in lines if _counts(line, programme, above)]
        if programme.per is None:
            thousandths = sum(_pieces(line) for line in counting)
        else:
            minor = sum(line.amount.minor for line in counting)
            thousandths = half_up(Decimal(minor) * 1000 / programme.per.minor)
        if thousandths:
            points = Decimal(thousandths).scaleb(-3)
            found.append(Earned(programme.key, programme.name(language), points))
    return tuple(found)


def _counts(line: Line, programme: Programme, above: Mapping[str, frozenset[str]]) -> bool:
    if not line.counts or line.fixed or line.voucher is not None or line.kind == "deposit":
        return False
    if programme.group is None:
        return True
    return line.group is not None and programme.group in above.get(line.group, {line.group})


def _pieces(line: Line) -> int:
    """Thousandths of stamps: what is weighed is one piece."""
    pieces = line.quantity.thousandths if line.quantity.unit == "pcs" else 1000
    return -pieces if line.amount.minor < 0 or line.kind == "return" else pieces


def usable(points: Decimal, programme: Programme) -> int:
    """How many whole points can be used: in multiples of what the programme wants."""
    whole = max(0, int(points))
    return whole - whole % programme.least


def worth(points: int, programme: Programme) -> Money:
    """What so many points pay."""
    return Money(programme.worth.minor * points, programme.worth.currency)


def points_for(amount: Money, programme: Programme) -> int | None:
    """How many points pay exactly this amount; None where no allowed number of them does."""
    points, rest = divmod(amount.minor, programme.worth.minor)
    return None if rest or points % programme.least else points
