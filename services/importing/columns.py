"""Which column of a file is which of our fields: by its header, in the formats that people bring.

Headers are matched by name whatever their case and order, never by position. What is recognised
here is a proposal: a person may change it, and what they chose is remembered by `signature`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.importing.sheet import Sheet, SheetRefused, SheetRow

COLUMNS: Final = {
    "number": ("number", "artikelnummer", "article", "número", "numero", "sku"),
    "name_de": ("name_de", "product_name_de", "bezeichnung"),
    "name_en": ("name_en", "product_name_en"),
    "name_es": ("name_es", "product_name_es", "nombre"),
    "name": ("name", "description", "artikelbezeichnung", "product_name", "title"),
    "codes": ("codes", "gtin", "ean", "barcode", "code", "artikelcode"),
    "pack": ("pack", "packung", "artikelcode-menge"),
    "group": ("group", "group_tag", "warengruppe", "grupo", "category", "categoria", "categoría"),
    "unit": ("unit", "einheit", "unidad"),
    "weighed": ("weighed", "vendido por peso", "sold by weight", "to_weight"),
    "tax": (
        "tax class",
        "tax_class",
        "tax",
        "steuerklasse",
        "steuer",
        "mwst",
        "ust",
        "clase de iva",
        "iva",
    ),
    "price": ("price", "preis", "precio", "vk", "verkaufspreis"),
    "from": ("from", "ab", "desde"),
    "branch": ("branch", "filiale", "tienda"),
    "deposit": ("deposit", "pfand", "depósito"),
    "age": ("age", "alter", "edad"),
    "supplier": ("supplier", "lieferant", "proveedor", "vendor"),
    "tags": ("tags", "schlagworte", "schlagwörter", "etiquetas", "product tags"),
}
"""Our fields, and the column names that are taken for each, whatever their case."""
_IN_BRANCH: Final = re.compile(r"(?:precio|price|preis) \[(.{1,200})\]", re.IGNORECASE)
"""A column with the price in one branch, as in `Precio [Neustadt]`. Source: Loyverse's export."""
_TAXED: Final = re.compile(
    r'(?:impuesto|tax|steuer) - ".{0,200}" \((\d{1,2}(?:\.\d+)?)%\)', re.IGNORECASE
)
"""A column that says by Y whether a tax holds. Source: Loyverse's export."""
_LOOKED_THROUGH: Final = 10
"""Rows among which the header is looked for: titles may stand above it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file as another system writes it: by which headers it is known, and what they are to us.

    taxes    what stands in its tax column, and the percent that it means
    carried  the column whose equal values make rows one article, named in the first of them only
    """

    name: str
    marks: tuple[str, ...]
    columns: Mapping[str, str]
    taxes: Mapping[str, str] = field(default_factory=dict)
    carried: str = ""


_OPTIONS: Final = {
    name: theirs
    for n in (1, 2, 3)
    for name, theirs in ((f"axis{n}", f"option{n} name"), (f"option{n}", f"option{n} value"))
}
"""Shopify's options; what each is called stands in a product's first row only."""

FORMATS: Final = (
    Format("Tresen", ("number", "codes", "tax class"), {}),
    Format(
        "Odoo", ("internal reference", "barcode", "sales price"),
        {"number": "internal reference", "codes": "barcode", "price": "sales price",
         "name": "name", "group": "product category"},
    ),
    Format(
        "Odoo", ("default_code", "list_price"),
        {"number": "default_code", "codes": "barcode", "price": "list_price", "name": "name",
         "group": "categ_id", "weighed": "to_weight"},
    ),
    Format(
        "Shopify", ("handle", "variant sku", "variant price"),
        {"number": "variant sku", "codes": "variant barcode", "price": "variant price",
         "name": "title", "group": "type", "supplier": "vendor", **_OPTIONS},
        carried="handle",
    ),
    Format(
        "OSPOS", ("barcode", "item name", "unit price", "tax 1 percent"),
        {"number": "id", "codes": "barcode", "name": "item name", "group": "category",
         "price": "unit price", "tax": "tax 1 percent"},
    ),
    Format(
        "KORONA", ("artikelnummer", "artikelbezeichnung", "spartennummer"),
        {"number": "artikelnummer", "name": "artikelbezeichnung", "codes": "artikelcode",
         "pack": "artikelcode-menge", "tax": "spartennummer", "group": "warengruppennummer"},
        {"1": "0", "2": "7", "3": "19"},
    ),
    Format(
        "Loyverse", ("handle", "ref", "vendido por peso"),
        {"number": "ref", "name": "nombre", "codes": "codigo de barras", "group": "categoria",
         "weighed": "vendido por peso", "supplier": "proveedor"},
        carried="handle",
    ),
    Format(
        "Loyverse", ("handle", "sku", "sold by weight"),
        {"number": "sku", "name": "name", "codes": "barcode", "group": "category",
         "weighed": "sold by weight", "supplier": "supplier"},
        carried="handle",
    ),
    Format(
        "uniCenta", ("reference", "barcode", "sellprice"),
        {"number": "reference", "codes": "barcode", "price": "sellprice", "name": "name",
         "group": "category"},
    ),
    Format(
        "WooCommerce", ("sku", "regular price"),
        {"number": "sku", "name": "name", "price": "regular price", "group": "categories",
         "codes": "gtin, upc, ean, or isbn"},
    ),
    Format(
        "Lightspeed", ("system id", "custom sku", "ean"),
        {"number": "custom sku", "codes": "ean", "name": "description", "group": "category",
         "price": "default price"},
    ),
    Format(
        "Franpos", ("product name", "sku", "product code", "price"),
        {"number": "sku", "codes": "product code", "name": "product name", "price": "price",
         "group": "category", "supplier": "vendor name"},
    ),
    Format("Open Food Facts", ("code", "product_name", "creator"), {"name": "product_name"}),
    Format("Open Food Facts", ("code", "lc"), {}),
)  # fmt: skip
"""Source: the templates and manuals of these systems; each is asked in this order."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a file is to be read.

    columns   our fields, and the file's column for each; `price@014` is the price in branch 014,
              `tax=19` a column that says whether that rate holds
    point     the decimal sign; none: an amount that can be read in two ways is refused
    supplier  of all articles, where the file has no column for it
    format    the system that the file is from, where it was recognised
    """

    columns: Mapping[str, str]
    point: str = ""
    supplier: str = ""
    format: str = ""
    taxes: Mapping[str, str] = field(default_factory=dict)
    carried: str = ""


def folded(header: str) -> str:
    """A header as it is compared."""
    return header.strip().lstrip("\ufeff").rstrip("*").strip().casefold()


def signature(columns: Iterable[str]) -> str:
    """What files with these headers have in common, whatever the order."""
    names = "\n".join(sorted(folded(name) for name in columns if name))
    return hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()


def chosen(columns: Sequence[str], branches: Mapping[str, str] | None = None) -> Choice:
    """What the columns of a file are taken for, unless somebody says otherwise.

    branches  keys by name, for columns that hold the price in a branch
    """
    by_name = {folded(name): name for name in reversed(columns) if name}
    known = next((each for each in FORMATS if set(each.marks) <= set(by_name)), None)
    found: dict[str, str] = {}
    if known:
        found = {ours: by_name[name] for ours, name in known.columns.items() if name in by_name}
    for ours, names in COLUMNS.items():
        for name in names:
            if name in by_name and ours not in found and by_name[name] not in found.values():
                found[ours] = by_name[name]
                break
    found |= _by_pattern(columns, branches or {})
    if known is None:
        return Choice(found)
    return Choice(found, "", "", known.name, known.taxes, by_name.get(known.carried, ""))


def _by_pattern(columns: Sequence[str], branches: Mapping[str, str]) -> dict[str, str]:
    keys = {name.casefold(): key for name, key in branches.items()}
    keys |= {key.casefold(): key for key in branches.values()}
    found = {}
    for name in columns:
        branch, tax = _IN_BRANCH.fullmatch(name), _TAXED.fullmatch(name)
        if branch and branch[1].casefold() in keys:
            found[f"price@{keys[branch[1].casefold()]}"] = name
        if tax:
            found[f"tax={tax[1]}"] = name
    return found


def check(choice: Choice, columns: Iterable[str]) -> None:
    """Raise SheetRefused where articles could not be told apart by what was chosen."""
    if "number" not in choice.columns and "codes" not in choice.columns:
        there = ", ".join(name for name in columns if name)[:200]
        raise SheetRefused("no-key", there=there)


def headed(rows: Sequence[Sequence[str]]) -> int:
    """Which of a file's first rows holds its headers: the one with most names that are known."""
    known = {name for names in COLUMNS.values() for name in names}
    known |= {name for each in FORMATS for name in (*each.marks, *each.columns.values())}
    scores = [
        len({folded(name) for name in row if name.strip()} & known)
        for row in rows[:_LOOKED_THROUGH]
    ]
    return scores.index(max(scores)) if scores and max(scores) > 1 else 0


def carried(sheet: Sheet, choice: Choice) -> Iterable[SheetRow]:
    """The rows, where a product's further rows say again what only its first one says."""
    if not choice.carried:
        yield from sheet.rows
        return
    names = ("name", "group", "supplier", "tags", "axis1", "axis2", "axis3")
    again = [choice.columns[n] for n in names if n in choice.columns]
    first: dict[str, str] = {}
    handle = ""
    for row in sheet.rows:
        if row.fields.get(choice.carried, "") != handle:
            handle = row.fields.get(choice.carried, "")
            first = {name: row.fields.get(name, "") for name in again}
            yield row
            continue
        filled = {n: v for n, v in first.items() if not row.fields.get(n)}
        yield SheetRow(row.line, {**row.fields, **filled}, row.numbers)
