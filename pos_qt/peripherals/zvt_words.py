"""What ZVT's codes mean, in the cashier's language.

Terminals send codes; only some send a text with them. Source of the codes: ECR-Interface
ZVT-Protocol PA00P015, revision 13.09, table 17 (intermediate status) and chapter 10 (results).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BUSY: Final = 0x9C
"""The result code of a terminal that does something else just now."""

_Said = tuple[str, str, str]
_LANGUAGES: Final = ("de", "en", "es")

_STEPS: Final[Mapping[int, _Said]] = {
    0x00: ("Betrag am Terminal bestätigen", "Confirm the amount on the terminal", "Confirme el importe en el terminal"),
    0x01: ("Bitte am Terminal weiter", "Please continue on the terminal", "Siga en el terminal, por favor"),
    0x02: ("Bitte am Terminal weiter", "Please continue on the terminal", "Siga en el terminal, por favor"),
    0x03: ("Nicht möglich", "Not possible", "No es posible"),
    0x04: ("Warten auf die Bank", "Waiting for the bank", "Esperando al banco"),
    0x05: ("Terminal storniert selbst", "The terminal reverses by itself", "El terminal anula por sí mismo"),
    0x06: ("Terminal bucht nach", "The terminal sends bookings", "El terminal envía operaciones"),
    0x07: ("Karte nicht zugelassen", "Card not admitted", "Tarjeta no admitida"),
    0x08: ("Karte unbekannt", "Card unknown", "Tarjeta desconocida"),
    0x09: ("Karte abgelaufen", "Card expired", "Tarjeta caducada"),
    0x0A: ("Karte einstecken oder vorhalten", "Insert or tap the card", "Inserte o acerque la tarjeta"),
    0x0B: ("Karte entnehmen", "Remove the card", "Retire la tarjeta"),
    0x0C: ("Karte nicht lesbar", "Card not readable", "Tarjeta ilegible"),
    0x0D: ("Abgebrochen", "Stopped", "Interrumpido"),
    0x0E: ("In Arbeit, bitte warten", "In progress, please wait", "En curso, espere"),
    0x0F: ("Terminal macht Kassenschnitt", "The terminal closes its day", "El terminal cierra su día"),
    0x10: ("Karte ungültig", "Card not valid", "Tarjeta no válida"),
    0x12: ("Systemfehler", "System fault", "Error del sistema"),
    0x13: ("Zahlung nicht möglich", "Payment not possible", "Pago no posible"),
    0x14: ("Guthaben reicht nicht", "Not enough credit", "Saldo insuficiente"),
    0x15: ("PIN falsch", "PIN wrong", "PIN incorrecto"),
    0x16: ("Limit reicht nicht", "Limit too low", "Límite insuficiente"),
    0x17: ("Bitte warten", "Please wait", "Espere"),
    0x18: ("PIN zu oft falsch", "PIN wrong too often", "PIN incorrecto demasiadas veces"),
    0x19: ("Kartendaten falsch", "Card data wrong", "Datos de tarjeta incorrectos"),
    0x1C: ("Zahlung erfolgt", "Paid", "Pagado"),
    0x1D: ("Nicht genehmigt", "Not authorised", "No autorizado"),
    0x68: ("Karte erkannt", "Card detected", "Tarjeta detectada"),
    0x69: ("Kunde wählt die Währung", "The customer chooses the currency", "El cliente elige la moneda"),
    0xC8: ("Terminal wartet auf die Kasse", "The terminal waits for the cashier", "El terminal espera al cajero"),
    0xD2: ("Verbindung wird aufgebaut", "Connecting", "Conectando"),
    0xD3: ("Verbindung besteht", "Connected", "Conectado"),
    0xE0: ("Kunde wählt die Anwendung", "The customer chooses the application", "El cliente elige la aplicación"),
    0xE1: ("Kunde wählt die Sprache", "The customer chooses the language", "El cliente elige el idioma"),
}  # fmt: skip

_RESULTS: Final[Mapping[int, _Said]] = {
    0x64: ("Karte nicht lesbar", "Card not readable", "Tarjeta ilegible"),
    0x65: ("Keine Kartendaten gefunden", "No card data found", "No hay datos de tarjeta"),
    0x66: ("Kartenleser gestört", "Card reader faulty", "Lector de tarjetas con fallo"),
    0x67: ("Mit dieser Karte nicht möglich", "Not possible with this card", "No posible con esta tarjeta"),
    0x68: ("Mit dieser Karte nicht möglich", "Not possible with this card", "No posible con esta tarjeta"),
    0x6A: ("Umsatzspeicher voll: Kassenschnitt machen", "Memory full: close the terminal's day", "Memoria llena: haga el cierre"),
    0x6B: ("Kasse nicht angemeldet", "Till not registered", "Caja no registrada"),
    0x6C: ("Abgebrochen", "Stopped", "Interrumpido"),
    0x6E: ("Karte gesperrt", "Card blocked", "Tarjeta bloqueada"),
    0x6F: ("Falsche Währung", "Wrong currency", "Moneda incorrecta"),
    0x71: ("Guthaben reicht nicht", "Not enough credit", "Saldo insuficiente"),
    0x72: ("Chip gestört", "Chip faulty", "Chip con fallo"),
    0x73: ("Kartendaten falsch", "Card data wrong", "Datos de tarjeta incorrectos"),
    0x77: ("Kassenschnitt nicht möglich", "Day's end not possible", "Cierre no posible"),
    0x78: ("Karte abgelaufen", "Card expired", "Tarjeta caducada"),
    0x79: ("Karte noch nicht gültig", "Card not yet valid", "Tarjeta aún no válida"),
    0x7A: ("Karte unbekannt", "Card unknown", "Tarjeta desconocida"),
    0x7D: ("Terminal erreicht seine Bank nicht", "The terminal does not reach its bank", "El terminal no alcanza a su banco"),
    0x83: ("Kann das Terminal nicht", "The terminal cannot do this", "El terminal no puede hacerlo"),
    0x85: ("Schlüssel fehlen im Terminal", "Keys missing in the terminal", "Faltan claves en el terminal"),
    0x9A: ("Terminal versteht die Kasse nicht", "The terminal does not understand the till", "El terminal no entiende a la caja"),
    0x9B: ("Terminal erreicht seine Bank nicht", "The terminal does not reach its bank", "El terminal no alcanza a su banco"),
    0x9C: ("Terminal ist beschäftigt", "The terminal is busy", "El terminal está ocupado"),
    0xA0: ("Terminal erreicht seine Bank nicht", "The terminal does not reach its bank", "El terminal no alcanza a su banco"),
    0xA1: ("Terminal erreicht seine Bank nicht", "The terminal does not reach its bank", "El terminal no alcanza a su banco"),
    0xA3: ("Terminal erreicht seine Bank nicht", "The terminal does not reach its bank", "El terminal no alcanza a su banco"),
    0xB1: ("Speicher voll: Kassenschnitt machen", "Memory full: close the terminal's day", "Memoria llena: haga el cierre"),
    0xB4: ("Schon storniert", "Reversed already", "Ya anulado"),
    0xB5: ("Storno nicht möglich", "Reversal not possible", "Anulación no posible"),
    0xB7: ("Betrag falsch", "Amount wrong", "Importe incorrecto"),
    0xC2: ("Diagnose nötig", "Diagnosis needed", "Diagnóstico necesario"),
    0xC3: ("Höchstbetrag überschritten", "Above the highest amount", "Supera el importe máximo"),
    0xC5: ("Zahlart nicht zugelassen", "Kind of payment not admitted", "Forma de pago no admitida"),
    0xC8: ("Betrag zu klein", "Amount too small", "Importe demasiado pequeño"),
    0xCC: ("Papier am Terminal zu Ende", "The terminal is out of paper", "Terminal sin papel"),
    0xDC: ("Karte steckt im Terminal", "A card is in the terminal", "Hay una tarjeta en el terminal"),
    0xE4: ("Terminal muss freigeschaltet werden", "The terminal must be activated", "Hay que activar el terminal"),
    0xF0: ("Kassenschnitt steht aus", "A day's end is due", "Cierre pendiente"),
    0xFF: ("Systemfehler im Terminal", "System fault in the terminal", "Error del sistema en el terminal"),
}  # fmt: skip

_UNCLEAR: Final[_Said] = (
    "Antwort des Terminals fehlt: am Terminal nachsehen",
    "The terminal's answer is missing: look at the terminal",
    "Falta la respuesta del terminal: mire en el terminal",
)
_NOT_BOOKED: Final[_Said] = (
    "Verbindung war unterbrochen; das Terminal hat nichts gebucht",
    "The line was cut; the terminal has booked nothing",
    "La conexión se cortó; el terminal no ha registrado nada",
)
_REMOVE: Final[_Said] = ("Karte entnehmen", "Remove the card", "Retire la tarjeta")
_WITH_CARD: Final = 0x40


def _in(language: str, said: _Said) -> str:
    return said[_LANGUAGES.index(language) if language in _LANGUAGES else 1]


def step(code: int, language: str) -> str:
    """What an intermediate status means; `ZVT xx` where it is not in our list."""
    if code in _STEPS:
        return _in(language, _STEPS[code])
    # 41 to 67 are 01 to 27 with "remove the card" after them. Source: table 17.
    if code & ~_WITH_CARD in _STEPS and _WITH_CARD < code <= 0x67:
        return f"{_in(language, _STEPS[code & ~_WITH_CARD])} – {_in(language, _REMOVE)}"
    return f"ZVT {code:02x}"


def result(code: int, language: str) -> str:
    """What a result code means; `ZVT xx` where it is not in our list."""
    return _in(language, _RESULTS[code]) if code in _RESULTS else f"ZVT {code:02x}"


def unclear(language: str) -> str:
    """The answer is missing, and the terminal does not say what became of it."""
    return _in(language, _UNCLEAR)


def not_booked(language: str) -> str:
    """The answer was missing, and the terminal says that it booked nothing."""
    return _in(language, _NOT_BOOKED)
