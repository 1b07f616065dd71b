"""An example of each form, put together from those of its fields: it cannot go out of date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_PLAIN: Final = {
    "string": "text", "integer": 1, "number": 1, "boolean": False, "null": None,
}  # fmt: skip
_FORMATS: Final = {"date-time": "2031-11-24T06:00:00+01:00", "date": "2031-11-24"}


def of(schema: Mapping[str, Any], forms: Mapping[str, Any]) -> Any:
    """A value that fits a schema: its own example, else one made of its parts.

    forms  the forms that it may speak of, by name
    """
    if "$ref" in schema:
        return of(forms[str(schema["$ref"]).rpartition("/")[2]], forms)
    if schema.get("examples"):
        return schema["examples"][0]
    for known in ("const", "default"):
        if schema.get(known) is not None:
            return schema[known]
    if schema.get("enum"):
        return schema["enum"][0]
    if "anyOf" in schema:
        return of(schema["anyOf"][0], forms)
    kind = schema.get("type")
    if kind == "array":
        return [of(schema["items"], forms)]
    if kind == "object":
        return {
            name: of(each, forms) for name, each in schema.get("properties", {}).items()
        }  # fmt: skip
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    return max(_PLAIN[str(kind)], schema["minimum"]) if "minimum" in schema else _PLAIN[str(kind)]
