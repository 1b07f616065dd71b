"""A sale, step by step: each step takes a basket and gives the next; nothing here is kept.

Lines have a kind and positive quantities. A line that is voided stays, as a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from schemas.article import Article
from schemas.coderule import CodeRule
from schemas.keys import ArticleKey, Barcode, StaffKey, VoucherNumber
from schemas.money import Money, UnitPrice, half_up
from schemas.quantity import ONE, Quantity
from schemas.receipt import Basket, Line, Step
from services.register import label, sets
from services.register.limits import amount_of, check_quantity
from services.register.refusal import StepRefused

MOST_LINES: Final = 2000
"""Lines of one receipt; a wedding's shopping has 300."""


class Articles(Protocol):
    """What a sale asks the mirror."""

    def by_code(self, code: Barcode) -> tuple[Article, int] | None:
        """The article that bears `code`, and how many pieces a scan of it sells."""

    def code_rules(self) -> Sequence[CodeRule]:
        """What the digits of scales' labels mean here."""

    def by_key(self, key: ArticleKey) -> Article | None:
        """The article with this number."""

    def listed(self, article: Article) -> bool:
        """Is the article sold in this branch?"""

    def price_steps(
        self, article: ArticleKey, at: datetime, customers: str | None = None
    ) -> list[tuple[str, UnitPrice]]:
        """How the price of a unit of the article came about here; the last step holds."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a step is told beside the article.

    price  an override, which the line records with who gave it
    back   the goods come back: a return
    label  what a scale's label says that the piece costs
    voucher  the number of the voucher that is sold, where the article is one
    """

    at: datetime
    language: str = "en"
    quantity: Quantity = ONE
    price: UnitPrice | None = None
    back: bool = False
    code: Barcode | None = None
    label: Money | None = None
    voucher: VoucherNumber | None = None


def scan(basket: Basket, articles: Articles, code: Barcode, given: Given) -> Basket:
    """Sell what bears `code`: the exact code first, then an article number, then a scale's label.

    Raises StepRefused for a code that is not known or not read well, or an article without a price.
    """
    found = articles.by_code(code)
    if found is not None:
        article, pack = found
        quantity = given.quantity * pack
        return sell(basket, articles, article, replace(given, quantity=quantity, code=code))
    by_number = articles.by_key(ArticleKey(code))
    if by_number is not None:
        return sell(basket, articles, by_number, replace(given, code=code))
    labelled = _labelled(basket, articles, code, given)
    if labelled is None:
        raise StepRefused("unknown-code", code=code)
    return labelled


def is_label(articles: Articles, code: Barcode) -> bool:
    """Does a scan of `code` sell what a scale's label says, not an article that bears it?"""
    return articles.by_code(code) is None and articles.by_key(ArticleKey(code)) is None


def _labelled(basket: Basket, articles: Articles, code: Barcode, given: Given) -> Basket | None:
    try:
        said = label.read(code, articles.code_rules(), basket.currency)
    except label.LabelRefused as refused:
        raise StepRefused("bad-label", reason=refused) from refused
    if said is None:
        return None
    found = articles.by_code(said.article)
    article = found[0] if found else articles.by_key(ArticleKey(said.article.lstrip("0") or "0"))
    article = article or articles.by_key(ArticleKey(said.article))
    if article is None:
        return None
    if said.quantity is not None:
        given = replace(given, quantity=said.quantity, code=code)
        return sell(basket, articles, article, given)
    assert said.price is not None
    known = articles.price_steps(article.key, given.at, basket.customers)
    quantity = _worth(said.price, known[-1][1] if known else None, article)
    if quantity is None:  # no weight can be told: one piece at the label's price
        given = replace(given, price=UnitPrice.of(said.price), quantity=ONE, code=code)
    else:
        given = replace(given, quantity=quantity, label=said.price, code=code)
    return sell(basket, articles, article, given)


def _worth(amount: Money, price: UnitPrice | None, article: Article) -> Quantity | None:
    """The weight that costs `amount`, to the gram."""
    if price is None or price.fine <= 0 or article.unit == "pcs":
        return None
    exact = Decimal(UnitPrice.of(amount).fine * 1000) / price.fine
    return Quantity(max(1, half_up(exact)), article.unit)


def sell(basket: Basket, articles: Articles, article: Article, given: Given) -> Basket:
    """Add a line for `article`, and one for its deposit where it has one."""
    known = articles.price_steps(article.key, given.at, basket.customers)
    price = known[-1][1] if known else None
    name = article.name(given.language)
    if not given.back and not articles.listed(article):
        raise StepRefused("not-listed", article=name)
    if given.price is None and (price is None or "price" in article.asks) and not given.label:
        raise StepRefused("no-price", article=name)
    quantity = Quantity(given.quantity.thousandths, article.unit)
    check_quantity(quantity, name)
    steps = tuple(Step(rule, amount) for rule, amount in known)
    if given.price is not None:
        if given.price.fine < 0:
            raise StepRefused("bad-value", reason=given.price)
        if given.price.currency != basket.currency:
            raise StepRefused("wrong-currency", currency=basket.currency)
        steps = (*steps, Step("override", given.price, basket.cashier))
        price = given.price
    if price is None or price.currency != basket.currency:
        raise StepRefused("wrong-currency", currency=basket.currency)
    amount = _signed(given.label, given.back) or amount_of(price, quantity, back=given.back)
    number = max((line.number for line in basket.lines), default=0) + 1
    if article.parts:
        added = _set(basket, articles, article, replace(given, quantity=quantity), steps)
    else:
        line = _line(basket, article, given, number, quantity, steps)
        added = (replace(line, amount=amount), *_deposit(line, article))
    if len(basket.lines) + len(added) > MOST_LINES:
        raise StepRefused("too-many-lines", most=MOST_LINES)
    begins = basket.begins or given.at
    return replace(basket, begins=begins, lines=(*basket.lines, *added))


def _line(
    basket: Basket, article: Article, given: Given, number: int, quantity: Quantity,
    steps: tuple[Step, ...],
) -> Line:  # fmt: skip
    """A line for so much of an article, at the last of `steps`; its amount is the caller's."""
    name = article.name(given.language)
    if "serial" in article.asks and quantity.thousandths != ONE.thousandths:
        raise StepRefused("serial-one", article=name)
    nothing = UnitPrice(0, basket.currency)
    return Line(
        number=number,
        kind="return" if given.back else "sale",
        article=article.key,
        name=name,
        quantity=quantity,
        price=steps[-1].price if steps else nothing,
        amount=Money.zero(basket.currency),
        tax=article.tax,
        group=article.group,
        code=given.code,
        age=article.age,
        fixed=article.fixed,
        salesperson=basket.salesperson,
        label=given.label,
        voucher=given.voucher if article.voucher else None,
        voucher_kind=article.voucher,
        question=article.question if "answer" in article.asks and not given.back else None,
        asks_serial=True if "serial" in article.asks else None,
        steps=steps,
    )


def _set(
    basket: Basket, articles: Articles, article: Article, given: Given, steps: tuple[Step, ...]
) -> tuple[Line, ...]:
    """Lines for the parts of so many sets, with their deposits, at the last of the set's `steps`."""
    name, number = article.name(given.language), max((x.number for x in basket.lines), default=0)
    plain = replace(given, code=None, label=None, voucher=None)
    found: list[Line] = []
    for part in article.parts:
        each = articles.by_key(part.article)
        if each is None:
            raise StepRefused("unknown-article", article=part.article)
        if each.parts or each.voucher or "price" in each.asks:
            raise StepRefused("set-part", article=each.name(given.language), name=name)
        many = part.quantity.thousandths * given.quantity.thousandths // 1000
        quantity = Quantity(many, each.unit)
        check_quantity(quantity, each.name(given.language))
        own = _own(articles, each.key, given.at, basket)
        line = _line(basket, each, plain, number + len(found) + 1, quantity, own)
        line = replace(line, age=max(line.age or 0, article.age or 0) or None)
        found += (line, *_deposit(line, each))
    lines = sets.opened(found, article.key, name, Quantity(given.quantity.thousandths), steps)
    return tuple(
        replace(line, part=replace(line.part, code=given.code)) if line.part else line
        for line in lines
    )


def _own(articles: Articles, article: ArticleKey, at: datetime, basket: Basket) -> tuple[Step, ...]:
    """What a part of a set costs alone; nothing where it has no price in the sale's currency."""
    known = articles.price_steps(article, at, basket.customers)
    return tuple(Step(rule, price) for rule, price in known if price.currency == basket.currency)


def set_quantity(basket: Basket, number: int, quantity: Quantity) -> Basket:
    """Make a line's quantity another; its deposit follows."""
    line = line_of(basket, number)
    if line.kind == "deposit" and line.of is not None:
        raise StepRefused("deposit-follows")
    if line.part is not None:
        some, gone = sets.counted(basket, line, quantity)
        return replace(basket, lines=(*_with(basket, some).lines, *map(_voided, gone)))
    if line.asks_serial:
        raise StepRefused("serial-one", article=line.name)
    if line.label is not None:
        raise StepRefused("label-counts", article=line.name)
    if line.origin is not None or line.voucher is not None:
        raise StepRefused("return-fixed")
    check_quantity(Quantity(quantity.thousandths, line.quantity.unit), line.name)

    def changed(each: Line) -> Line:
        if number not in {each.number, each.of} or not each.counts:
            return each
        many = Quantity(quantity.thousandths, each.quantity.unit)
        amount = amount_of(each.price, many, back=line.kind in {"return", "deposit"})
        by_hand = True if many.unit != "pcs" else each.by_hand
        return replace(each, quantity=many, amount=amount, by_hand=by_hand)

    lines = tuple(changed(each) for each in basket.lines)
    less = line.quantity.thousandths - quantity.thousandths
    if less > 0:  # what is sold no more stays as a record
        many = Quantity(less, line.quantity.unit)
        amount = amount_of(line.price, many, back=line.kind in {"return", "deposit"})
        number_ = max(each.number for each in basket.lines) + 1
        lines = (*lines, _voided(replace(line, number=number_, quantity=many, amount=amount)))
    return replace(basket, lines=lines)


def _with(basket: Basket, changed: Iterable[Line]) -> Basket:
    by_number = {line.number: line for line in changed}
    return replace(basket, lines=tuple(by_number.get(x.number, x) for x in basket.lines))


def override_price(basket: Basket, number: int, price: UnitPrice, by: StaffKey) -> Basket:
    """Give a line another price, or the set that it is of; the line says who did."""
    line = line_of(basket, number)
    if line.kind == "deposit":
        raise StepRefused("deposit-follows")
    if line.kind != "sale" or line.voucher is not None:
        raise StepRefused("return-fixed")
    if price.fine < 0:
        raise StepRefused("bad-value", reason=price)
    if price.currency != basket.currency:
        raise StepRefused("wrong-currency", currency=basket.currency)
    amount = amount_of(price, line.sold, back=line.kind == "return")
    step = Step("override", price, by)
    if line.part is not None:
        return _with(basket, sets.priced(sets.of(basket, line), (*line.part.steps, step)))
    changed = replace(line, price=price, amount=amount, label=None, steps=(*line.steps, step))
    return _with(basket, [changed])


def void_line(basket: Basket, number: int) -> Basket:
    """Take a line out of the sale, with its deposit and its whole set; all stay as records."""
    line = line_of(basket, number)
    if line.kind == "deposit" and line.of is not None:
        raise StepRefused("deposit-follows")

    numbers = sets.together(basket.lines, number)
    return _with(basket, [_voided(x) for x in basket.lines if x.number in numbers and x.counts])


def repriced(basket: Basket, articles: Articles, at: datetime) -> Basket:
    """The sale with the prices of now; what a person priced, or a label, stays as it was."""
    lines = []
    for line in basket.lines:
        if line.part is not None:
            lines.append(line)
            continue
        overridden = any(step.rule == "override" for step in line.steps)
        known = articles.price_steps(line.article, at, basket.customers)
        if line.kind == "sale" and not overridden and line.label is None and known:
            price = known[-1][1]
            line = replace(  # noqa: PLW2901 (the line as it is now)
                line,
                price=price,
                amount=amount_of(price, line.quantity, back=False),
                steps=tuple(Step(rule, amount) for rule, amount in known),
            )
        lines.append(line)
    after = replace(basket, lines=tuple(lines))
    for line in basket.lines:
        if line.part is not None and line.leads and line.kind == "sale":
            after = _set_repriced(after, articles, at, line)
    return after


def _set_repriced(basket: Basket, articles: Articles, at: datetime, line: Line) -> Basket:
    """The sale with a set as it costs now; what its parts cost alone is of now too."""
    assert line.part is not None
    known = articles.price_steps(line.part.article, at, basket.customers)
    if not known or any(step.rule == "override" for step in line.part.steps):
        return basket
    mine = [
        replace(each, steps=_own(articles, each.article, at, basket)) if each.part else each
        for each in sets.of(basket, line)
    ]
    return _with(basket, sets.priced(mine, tuple(Step(rule, price) for rule, price in known)))


def taken_back(now: Basket, before: Basket) -> Basket:
    """`before` again, as undo wants it; what was sold since then stays as void lines, a record."""
    known = {line.number for line in before.lines}
    gone = [
        line if not line.counts else _voided(line) for line in now.lines if line.number not in known
    ]
    return replace(before, lines=(*before.lines, *gone), payments=now.payments)


def _voided(line: Line) -> Line:
    return replace(line, kind="void", was=line.kind)


def line_of(basket: Basket, number: int) -> Line:
    """The line with this number; raises StepRefused where there is none that counts."""
    for line in basket.lines:
        if line.number == number:
            if not line.counts:
                raise StepRefused("line-void", line=number)
            return line
    raise StepRefused("no-line", line=number)


def _deposit(line: Line, article: Article) -> Iterator[Line]:
    if article.deposit is None:
        return
    price = UnitPrice.of(article.deposit)
    yield replace(
        line,
        number=line.number + 1,
        kind="deposit",
        price=price,
        amount=amount_of(price, line.quantity, back=line.kind == "return"),
        of=line.number,
        code=None,
        age=None,
        question=None,
        asks_serial=None,
        steps=(Step("deposit", price),),
    )


def _signed(amount: Money | None, back: bool) -> Money | None:
    return -amount if amount is not None and back else amount
