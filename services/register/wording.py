"""How slips and screens write numbers, and a slip's own words, in three languages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from schemas.money import Currency, Money, UnitPrice
from schemas.quantity import Quantity

SIGNS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "JPY": "¥"}

SLIP: Final = {
    "total": ("Summe", "Total", "Total"),
    "receipt": ("Bon", "Receipt", "Ticket"),
    "till": ("Kasse", "Till", "Caja"),
    "cashier": ("Es bediente Sie", "Served by", "Le atendió"),
    "printed-by": ("Gedruckt von", "Printed by", "Impreso por"),
    "change": ("Rückgeld", "Change", "Vuelta"),
    "payout": ("Auszahlung", "Paid out", "Devuelto"),
    "tax": ("MwSt", "VAT", "IVA"),
    "less-tax": ("Durch Coupons, Punkte", "By coupons, points", "Con cupones, puntos"),
    "net": ("Netto", "Net", "Base"),
    "gross": ("Brutto", "Gross", "Total"),
    "deposit": ("Pfand", "Deposit", "Depósito"),
    "empties": ("Leergut", "Empties", "Envases"),
    "by-hand": ("Hand", "by hand", "a mano"),
    "return": ("RETOURE", "RETURN", "DEVOLUCIÓN"),
    "demo": ("DEMO – KEIN BELEG", "DEMO – NOT A RECEIPT", "DEMO – SIN VALOR"),
    "copy": ("KOPIE", "COPY", "COPIA"),
    "training": ("ÜBUNG – KEIN BELEG", "TRAINING – NOT A RECEIPT", "PRÁCTICA – SIN VALOR"),
    "proof": ("PROBEDRUCK – KEIN BELEG", "TEST PRINT – NOT A RECEIPT", "PRUEBA – SIN VALOR"),
    "void": ("STORNO", "VOID", "ANULACIÓN"),
    "shop": ("BELEG FÜR DEN LADEN", "SHOP’S SLIP", "COPIA COMERCIO"),
    "gift": ("GESCHENKBON", "GIFT SLIP", "TICKET REGALO"),
    "of-receipt": ("zu Bon", "of receipt", "del ticket"),
    "serial": ("Seriennr.", "Serial no.", "N.º de serie"),
    "saved": ("Sie sparen", "You save", "Usted ahorra"),
    "rounding": ("Rundung", "Rounding", "Redondeo"),
    "x-report": ("X-BERICHT", "X REPORT", "LECTURA X"),
    "z-report": ("Z-BERICHT", "Z REPORT", "CIERRE Z"),
    "addendum-report": ("NACHTRAG STATT Z", "ADDENDUM FOR Z", "ANEXO POR Z"),
    "day": ("Geschäftstag", "Business day", "Día"),
    "from-to": ("von/bis", "from/to", "desde/hasta"),
    "receipts": ("Bons", "Receipts", "Tickets"),
    "numbers": ("Bonnummern", "Receipt numbers", "Números"),
    "returned": ("Retouren", "Returns", "Devoluciones"),
    "voided": ("Bonstornos", "Void receipts", "Anulaciones"),
    "discounts": ("Rabatte", "Discounts", "Descuentos"),
    "line-voids": ("Zeilenstornos", "Line voids", "Líneas anuladas"),
    "aborted": ("Abbrüche", "Aborted", "Cancelados"),
    "opened": ("Ladenöffnungen", "Drawer opened", "Aperturas de cajón"),
    "trained": ("Übungsbons", "Training receipts", "Tickets de práctica"),
    "float": ("Anfangsbestand", "Float", "Fondo de caja"),
    "pay-in": ("Einzahlung", "Pay-in", "Entrada"),
    "pay-out": ("Auszahlung", "Pay-out", "Salida"),
    "safe-drop": ("Abschöpfung", "Safe drop", "A caja fuerte"),
    "count": ("Zählung", "Count", "Arqueo"),
    "hand-over": ("Übergabe", "Hand-over", "Entrega"),
    "takes-over": ("Übernimmt", "Taken over by", "Recibe"),
    "bag": ("Beutel", "Bag", "Bolsa"),
    "reason": ("Grund", "Reason", "Motivo"),
    "cash-sales": ("Bar aus Verkauf", "Cash from sales", "Efectivo de ventas"),
    "expected": ("Sollbestand", "Expected", "Teórico"),
    "counted": ("Gezählt", "Counted", "Contado"),
    "difference": ("Differenz", "Difference", "Descuadre"),
    "grand-total": ("Gesamtzähler", "Grand total", "Gran total"),
    "tenders": ("Zahlarten", "Tenders", "Formas de pago"),
    "cashiers": ("Kassierer", "Cashiers", "Cajeros"),
    "groups": ("Warengruppen", "Groups", "Familias"),
    "signature": ("Unterschrift", "Signature", "Firma"),
    "tender-cash": ("Bar", "Cash", "Efectivo"),
    "tender-card": ("Karte", "Card", "Tarjeta"),
    "tender-voucher": ("Gutschein", "Voucher", "Vale"),
    "voucher-number": ("Nummer", "Number", "Número"),
    "tender-account": ("Auf Rechnung", "On account", "A cuenta"),
    "tender-points": ("Punkte", "Points", "Puntos"),
    "tender-debit": ("Lastschrift", "Direct debit", "Adeudo"),
    "customer": ("Kunde", "Customer", "Cliente"),
    "points-used": ("Eingelöst", "Used", "Canjeado"),
    "mandate": (
        "Ich ermächtige {company}, einmalig {amount} vom Konto {account} einzuziehen, und weise meine "
        "Bank an, die Lastschrift einzulösen. Mandat {number}. Binnen acht Wochen kann ich Erstattung "
        "verlangen.",
        "I authorise {company} to collect {amount} once from account {account}, and my bank to debit "
        "it. Mandate {number}. Within eight weeks I may ask for a refund.",
        "Autorizo a {company} a cobrar una vez {amount} de la cuenta {account}, y a mi banco a "
        "cargarlo. Mandato {number}. Durante ocho semanas puedo pedir el reembolso.",
    ),
    "discount": ("Rabatt", "Discount", "Descuento"),
    "page-from": ("statt", "instead of", "en vez de"),
}
"""A slip's words, German, English, Spanish."""

_LANGUAGES: Final = ("de", "en", "es")


def word(key: str, language: str) -> str:
    """A slip's word in a language."""
    return SLIP[key][_LANGUAGES.index(language)]


_MOMENTS: Final = {"de": "%d.%m.%Y %H:%M", "en": "%d %b %Y %H:%M", "es": "%d/%m/%Y %H:%M"}


def moment(at: datetime, language: str) -> str:
    """Day and minute as people write them."""
    return at.strftime(_MOMENTS[language])


def _number(plain: str, language: str) -> str:
    whole, dot, part = plain.lstrip("-").partition(".")
    mark, point = (",", ".") if language == "en" else (".", ",")
    grouped = f"{int(whole):,}".replace(",", mark)
    return ("−" if plain.startswith("-") else "") + grouped + (point + part if dot else "")


def amount(money: Money | UnitPrice, language: str) -> str:
    """An amount as people write it, without its currency: `1.234,50` or `1,234.50`."""
    return _number(money.number, language)


def quantity(many: Quantity, language: str) -> str:
    """A quantity as people write it, with its unit unless that is the piece."""
    number = _number(many.number, language)
    return number if many.unit == "pcs" else f"{number} {many.unit}"


def points(many: Decimal, language: str, *, signed: bool = False) -> str:
    """Points as people write them: tenths only where there are some; `signed` with a sign always."""
    tenths = many.quantize(Decimal("0.1"))
    text = _number(f"{abs(tenths):f}".removesuffix(".0"), language)
    before = "−" if tenths < 0 else "+" if signed else ""
    return before + text


def percent(rate: Decimal, language: str) -> str:
    """A rate as people write it."""
    plain = f"{rate.normalize():f}"
    return f"{_number(plain, language)} %"


def sign(currency: Currency) -> str:
    """The currency's sign, else its code."""
    return SIGNS.get(currency, currency)
