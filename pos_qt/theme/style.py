"""One style sheet for the whole window, generated from the design's tokens."""

from __future__ import annotations

from typing import Final

from pos_qt.theme import fonts
from pos_qt.theme.look import Look

_SHEET: Final = """
* {{ font-family: "{ui}", "Noto Sans", sans-serif; font-size: {s17}px; font-weight: 500; }}
QWidget#window, QWidget#page {{ background: {bg}; }}
QWidget#hold {{ background: {danger_tint}; }}
QLabel {{ color: {text}; background: transparent; }}
QLabel[kind=meta] {{ color: {text_2}; font-size: {s15_5}px; }}
QLabel[kind=caption] {{ color: {text_3}; font-size: {s15}px; font-weight: 600; }}
QLabel[kind=brand] {{ font-size: {s16}px; font-weight: 700; }}
QLabel[kind=clock] {{ font-size: {s17}px; font-weight: 700; }}
QLabel[kind=clock][off=true] {{ color: {warn}; }}
QLabel[kind=head] {{ font-size: {s19}px; font-weight: 700; }}
QLabel[kind=title] {{ font-size: {s34}px; font-weight: 700; }}
QLabel[kind=lead] {{ font-size: {s19}px; color: {text_2}; }}
QLabel[kind=pin] {{ font-size: {s22}px; font-weight: 700; }}
QLabel[kind=strip] {{ font-size: {s19}px; font-weight: 700; }}
QLabel[kind=striptext] {{ font-size: {s16_5}px; color: {text_2}; }}
QLabel[kind=bad] {{ font-size: {s16_5}px; font-weight: 700; color: {danger}; }}
QLabel[kind=qty] {{ font-size: {s21}px; font-weight: 800; }}
QLabel[kind=sum] {{ color: {on_counter}; font-size: {s20}px; font-weight: 700; }}
QLabel[kind=sumtext] {{ color: {on_counter_2}; font-size: {s17}px; }}
QLabel[kind=changelabel] {{ color: {on_go}; font-size: {s20}px; font-weight: 600; }}
QLabel[kind=changecaption] {{ color: {on_go}; font-size: {s17}px; font-weight: 600; }}
QLabel[kind=fact] {{ font-size: {s15_5}px; font-weight: 700; }}
QLabel[kind=keycap] {{ color: {text_3}; font-size: {s13}px; font-weight: 700;
  border: {p1_5}px solid {text_3}; border-radius: {p6}px; padding: 0 {p6}px; }}
QFrame[kind=changebox] {{ background: {counter_2}; border: {p1_5}px solid {counter_3};
  border-radius: {p13}px; }}
QLabel[kind=entrycap] {{ color: {text_3}; font-size: {s15}px; font-weight: 600; }}
QLabel[kind=entry] {{ font-size: {s26}px; font-weight: 700; }}
QFrame#status {{ background: {surface}; border: 0; border-bottom: 1px solid {line}; }}
QFrame#counter {{ background: {counter}; border: 0; border-top: {p3}px solid {counter_3}; }}
QFrame[kind=field] {{ background: {surface}; border: {p1_5}px solid {line_control};
  border-radius: {p12}px; }}
QFrame[kind=field][focus=true] {{ border: {p2}px solid {go}; }}
QFrame[kind=entryframe] {{ background: {surface}; border: {p1_5}px solid {line};
  border-radius: {p12}px; }}
QFrame[kind=entryframe][focus=true] {{ border: {p2}px solid {go}; }}
QFrame[kind=panel] {{ background: {surface}; border: 1px solid {line}; border-radius: {p14}px; }}
QLineEdit {{ background: transparent; border: 0; color: {text}; font-size: {s18}px;
  selection-background-color: {go}; selection-color: {on_go}; }}
QPushButton {{ background: {surface}; color: {text}; border: 1px solid {line};
  border-bottom: {p2}px solid {line}; border-radius: {p13}px; font-size: {s16_5}px;
  font-weight: 600; padding: 0 {p10}px; }}
QPushButton:pressed {{ border: {p3}px solid {go}; }}
QPushButton:disabled {{ color: {text_3}; }}
QPushButton[kind=number] {{ font-size: {s27}px; padding: 0; }}
QPushButton[kind=letter] {{ font-size: {s20}px; border-radius: {p10}px; padding: 0; }}
QPushButton[kind=big] {{ font-size: {s32}px; padding: 0; }}
QPushButton[kind=verb] {{ background: {sunken}; border: 0; font-size: {s18}px; font-weight: 700;
  padding: 0; }}
QPushButton[kind=bigverb] {{ background: {sunken}; border: 0; font-size: {s32}px; padding: 0; }}
QPushButton[kind=times] {{ background: {sunken}; border: 0; font-size: {s28}px; font-weight: 700;
  padding: 0; }}
QPushButton[kind=go] {{ background: {go}; color: {on_go}; border: 0; font-size: {s18}px;
  font-weight: 700; padding: 0 {p10}px; }}
QPushButton[kind=verb]:pressed, QPushButton[kind=times]:pressed, QPushButton[kind=go]:pressed
  {{ border: {p3}px solid {text_2}; }}
QPushButton[kind=function] {{ text-align: left; padding-left: {p12}px; padding-right: {p2}px; }}
QPushButton[kind=function][small=true] {{ font-size: {s15_5}px; }}
QPushButton[kind=chip] {{ border: {p1_5}px solid {line}; border-radius: {p10}px;
  font-size: {s16}px; padding: 0 {p12}px; }}
QPushButton[kind=line] {{ border: {p1_5}px solid {go_line}; border-radius: {p10}px;
  font-size: {s16}px; padding: 0 {p6}px; }}
QPushButton[kind=step] {{ border: {p1_5}px solid {go_line}; border-radius: {p10}px;
  font-size: {s24}px; padding: 0; }}
QPushButton[kind=void] {{ border: {p1_5}px solid {danger_line}; border-radius: {p10}px;
  color: {danger}; font-size: {s16}px; padding: 0 {p6}px; }}
QPushButton[kind=line][tight=true], QPushButton[kind=void][tight=true] {{ padding: 0; }}
QPushButton[kind=stripgo] {{ background: {go}; color: {on_go}; border: 0;
  border-radius: {p10}px; font-size: {s16}px; }}
QPushButton[kind=choice] {{ border: {p1_5}px solid {line_control}; border-radius: {p10}px;
  font-size: {s16_5}px; padding: 0 {p8}px; }}
QPushButton[kind=choice]:checked {{ background: {tab}; color: {on_tab}; border: 0; }}
QPushButton[ring=true] {{ border: {p3}px solid {focus}; }}
QLabel[kind=counttitle] {{ font-size: {s28}px; font-weight: 800; }}
QLabel[kind=tag] {{ background: {info_tint}; color: {info}; font-size: {s16}px; font-weight: 700;
  border-radius: {p6}px; padding: {p3}px {p8}px; }}
QPushButton[kind=countermore] {{ background: {counter_2}; color: {on_counter};
  border: {p1_5}px solid {counter_3}; border-radius: {p13}px; font-size: {s22}px;
  font-weight: 700; }}
QLabel[kind=good] {{ font-size: {s17}px; font-weight: 700; color: {go}; }}
QLabel[kind=warnvalue] {{ font-size: {s17}px; font-weight: 700; color: {warn}; }}
QLabel[kind=ringcaption] {{ color: {focus}; font-size: {s15}px; font-weight: 700; }}
QLabel[kind=fieldtext] {{ font-size: {s24}px; font-weight: 700; }}
QPushButton[kind=typedfield] {{ background: {surface}; border: {p1_5}px solid {line_control};
  border-radius: {p12}px; }}
QPushButton[kind=typedfield][ring=true] {{ border: {p3}px solid {focus}; }}
QPushButton[kind=go][ring=true], QPushButton[kind=stripgo][ring=true]
  {{ border: {p3}px solid {text}; }}
QFrame[kind=askbox] {{ background: {surface}; border: {p1_5}px solid {line_control};
  border-radius: {p10}px; }}
QFrame[kind=askbox][ring=true] {{ border: {p3}px solid {focus}; }}
QLabel[kind=asktext] {{ font-size: {s26}px; font-weight: 700; }}
QPushButton[kind=tab] {{ background: transparent; color: {text_2}; border: 0;
  border-radius: {p11}px; padding: 0 {p11}px; }}
QPushButton[kind=tab]:checked {{ background: {tab}; color: {on_tab}; }}
QPushButton[kind=method] {{ background: {surface}; }}
QPushButton[kind=method]:checked {{ background: {tab}; color: {on_tab}; border: 0; }}
QListView {{ background: transparent; border: 0; outline: 0; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: {p8}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {paper_rule}; border-radius: {p4}px;
  min-height: {p32}px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page
  {{ background: none; border: 0; height: 0; }}
"""

_COLOURS: Final = (
    "bg",
    "surface",
    "sunken",
    "paper-rule",
    "line",
    "line-control",
    "text",
    "text-2",
    "text-3",
    "counter",
    "counter-2",
    "counter-3",
    "on-counter",
    "on-counter-2",
    "go",
    "on-go",
    "go-line",
    "warn",
    "danger",
    "focus",
    "info",
    "danger-tint",
    "info-tint",
)
_SIZES: Final = (13, 15, 15.5, 16, 16.5, 17, 18, 19, 20, 21, 22, 24, 26, 27, 28, 32, 34)
_LENGTHS: Final = (1.5, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 32)


def _name(letter: str, number: float) -> str:
    return f"{letter}{number:g}".replace(".", "_")


def _mixed(over: str, under: str, share: float) -> str:
    both = zip(bytes.fromhex(over[1:]), bytes.fromhex(under[1:]), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in both)


def sheet(look: Look) -> str:
    """The window's style sheet in a look. Fonts of labels and buttons live here only."""
    words = {name.replace("-", "_"): look.hex(name) for name in _COLOURS}
    words |= {_name("s", size): str(int(look.size(size) * look.u + 0.5)) for size in _SIZES}
    words |= {_name("p", length): str(look.px(length)) for length in _LENGTHS}
    dark = look.theme == "dark"
    return _SHEET.format(
        ui=fonts.UI,
        tab=look.hex("go" if dark else "counter"),
        on_tab=look.hex("on-go" if dark else "on-counter"),
        danger_line=_mixed(look.hex("danger"), look.hex("surface"), 0.35),
        **words,
    )
