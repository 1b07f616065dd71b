"""Models from a file: rows of one product are its variants, and its options are their axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from schemas.keys import ModelKey
from schemas.model import Axis, Model, Value
from services.database.models import ModelRow
from services.importing.row import Said, Variant


def modelled(session: Session, said: Iterable[Said], language: str) -> dict[ModelKey, Model]:
    """The models that rows name and that are new, or have values now that they had not.

    language  of a new model's name
    """
    found: dict[ModelKey, Model] = {}
    wanted = [(each.variant, each.values.get("group")) for each in said if each.variant]
    there = _there(session, {variant.model for variant, _ in wanted})
    for variant, group in wanted:
        known = found.get(variant.model) or there.get(variant.model)
        if known is None:
            named: dict[str, Any] = {language: variant.name}
            known = Model(variant.model, group=group, **named)
        found[variant.model] = _with(known, variant)
    return {key: model for key, model in found.items() if there.get(key) != model}


def _there(session: Session, keys: set[ModelKey]) -> dict[ModelKey, Model]:
    found: dict[ModelKey, Model] = {}
    listed = sorted(keys)
    for begin in range(0, len(listed), 500):
        some = sa.select(ModelRow).where(ModelRow.key.in_(listed[begin : begin + 500]))
        found.update({ModelKey(row.key): row.document() for row in session.scalars(some)})
    return found


def _with(model: Model, variant: Variant) -> Model:
    """The model with a variant's values on its axes, each once and in the order of the file."""
    axes = list(model.axes)
    for n, (name, value) in enumerate(zip(variant.axes, variant.options, strict=True)):
        if n == len(axes):
            axes.append(Axis(name))
        if value not in axes[n].names:
            axes[n] = replace(axes[n], values=(*axes[n].values, Value(value)))
    return replace(model, axes=tuple(axes))
