"""What a receipt brings its customer: points for money, stamps for pieces; never more than it is worth.

Points are reckoned in thousandths, and only whole ones are used. Each line says in the receipt what
it brought and what points paid of it: so what comes back takes exactly what it brought and gives
exactly what it used, in however many parts, at whatever till, and whatever programmes say by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from schemas.customer import Programme
from schemas.keys import ProgrammeKey
from schemas.money import Money, half_up
from schemas.receipt import Earned, Line, Payment
from services.pricing.sharing import part_of, share


def brought(
    lines: Sequence[Line],
    programmes: Iterable[Programme],
    above: Mapping[str, frozenset[str]],
    language: str,
) -> dict[int, list[Earned]]:
    """What each line brings of each programme, by the line's number; all of them are rounded once.

    What takes part in no discount brings none; what comes back says itself what it takes.

    lines  as what was paid for them: what points or coupons paid brings nothing
    above  for each group of articles, the group itself and all above it
    """
    found: dict[int, list[Earned]] = {}
    for programme in programmes:
        counting = [line for line in lines if _counts(line, programme, above)]
        for number, thousandths in _parts(counting, programme):
            if thousandths:
                points = Decimal(thousandths).scaleb(-3)
                row = Earned(programme.key, programme.name(language), points)
                found.setdefault(number, []).append(row)
    return found


def _parts(lines: Sequence[Line], programme: Programme) -> Iterator[tuple[int, int]]:
    """The thousandths of each line."""
    if programme.per is None:
        yield from ((line.number, _pieces(line)) for line in lines)
        return
    for sign in (1, -1):
        mine = [line for line in lines if line.amount.minor * sign > 0]
        minor = [abs(line.amount.minor) for line in mine]
        whole = half_up(Decimal(sum(minor)) * 1000 / programme.per.minor)
        for line, part in zip(mine, share(whole, minor), strict=True):
            yield line.number, part * sign


def used(
    payments: Iterable[Payment],
    bore: Mapping[int, int],
    programmes: Iterable[Programme],
    language: str,
) -> dict[int, list[Earned]]:
    """How many whole points paid a part of each line: below zero, and together what was used.

    bore  minor units of each line, by its number, that points and coupons paid
    """
    many: dict[ProgrammeKey, int] = {}
    names = {programme.key: programme.name(language) for programme in programmes}
    for payment in payments:
        if payment.kind == "points" and payment.reference and payment.points:
            key = ProgrammeKey(payment.reference)
            many[key] = many.get(key, 0) + payment.points
            names.setdefault(key, payment.name)
    found: dict[int, list[Earned]] = {}
    for key, points in many.items():
        for number, part in zip(bore, share(points, list(bore.values())), strict=True):
            if part:
                row = Earned(key, names[key], Decimal(-part), used=True)
                found.setdefault(number, []).append(row)
    return found


def back(earned: Iterable[Earned], before: int, more: int, whole: int) -> tuple[Earned, ...]:
    """What `more` of `whole` pieces take back of what a line brought, and give back of what it used.

    However a line comes back in parts, all together are what it was: parts of points that it
    brought, whole points that it used.
    """
    found = []
    for each in earned:
        places = 0 if each.used else 3
        part = part_of(int(each.points.scaleb(places)), before, more, whole)
        if part:
            found.append(replace(each, points=Decimal(-part).scaleb(-places)))
    return tuple(found)


def against(earned: Iterable[Earned]) -> tuple[Earned, ...]:
    """All of it, the other way round."""
    return tuple(replace(each, points=-each.points) for each in earned)


def summed(lines: Iterable[Line]) -> tuple[Earned, ...]:
    """What a receipt's lines brought together, a row a programme, and one for what is given back.

    What points paid of what is sold is no row: the payment says it.
    """
    sums: dict[tuple[ProgrammeKey, bool | None], Earned] = {}
    for line in lines:
        for each in line.earned if line.counts else ():
            if each.used and line.origin is None:
                continue
            key = (each.programme, each.used)
            so_far = sums[key].points if key in sums else Decimal(0)
            sums[key] = replace(each, points=so_far + each.points)
    return tuple(each for each in sums.values() if each.points)


def _counts(line: Line, programme: Programme, above: Mapping[str, frozenset[str]]) -> bool:
    if not line.counts or line.fixed or line.voucher is not None or line.kind == "deposit":
        return False
    if line.origin is not None:
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
