"""A questionnaire's content as one document, and back into rows.

Versions are compared, copied and created through this document, so that nothing is forgotten in one
of the three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from surveys.models import Characteristic, Dimension, Item, Questionnaire

if TYPE_CHECKING:
    from surveys.questionnaire_schema import QuestionnaireTable

#: Fields of `Questionnaire` that are content, as they are named there.
FIELDS = (
    "name_en",
    "name_id",
    "introduction_en",
    "introduction_id",
    "audience",
    "kind",
    "scale",
    "satisfied_from",
    "index",
    "comment",
    "publishes",
    "source",
    "secondary",
    "checked",
)

Content = dict[str, Any]


def content_of_table(table: QuestionnaireTable) -> Content:
    """The content a definition file asks for. Items get their codes q1, q2, … here."""
    content: Content = {
        "name_en": table.name.en,
        "name_id": table.name.id,
        "introduction_en": table.introduction.en,
        "introduction_id": table.introduction.id,
        "audience": table.audience,
        "kind": table.kind,
        "scale": [word.model_dump() for word in table.scale],
        "satisfied_from": table.satisfied_from,
        "index": table.index,
        "comment": table.comment,
        "publishes": table.publishes.elements,
        "source": table.source,
        "secondary": table.secondary,
        "checked": table.checked,
        "dimensions": [],
        "characteristics": [
            {
                "code": c.code,
                "name_en": c.name.en,
                "name_id": c.name.id,
                "is_segment": c.segment,
                "options": [option.model_dump() for option in c.options],
            }
            for c in table.characteristics
        ],
    }
    number = 0
    for dimension in table.dimensions:
        items = []
        for text in dimension.items:
            number += 1
            items.append({"code": f"q{number}", "text_en": text.en, "text_id": text.id})
        content["dimensions"].append(
            {"code": dimension.code, "name_en": dimension.name.en, "name_id": dimension.name.id}
            | {"items": items}
        )
    return content


def content_of_row(questionnaire: Questionnaire) -> Content:
    """The content of a stored version, in the shape of `content_of_table`."""
    content: Content = {field: getattr(questionnaire, field) for field in FIELDS}
    content["dimensions"] = [
        {
            "code": dimension.code,
            "name_en": dimension.name_en,
            "name_id": dimension.name_id,
            "items": [
                {"code": item.code, "text_en": item.text_en, "text_id": item.text_id}
                for item in dimension.items.all()
            ],
        }
        for dimension in questionnaire.dimensions.prefetch_related("items")
    ]
    content["characteristics"] = [
        {field: getattr(c, field) for field in ("code", "name_en", "name_id", "is_segment", "options")}
        for c in questionnaire.characteristics.all()
    ]
    return content


def write_content(questionnaire: Questionnaire, content: Content) -> None:
    """Make an unused version say `content`; call inside a transaction. Raises FrozenError."""
    for field in FIELDS:
        setattr(questionnaire, field, content[field])
    questionnaire.save()
    questionnaire.dimensions.all().delete()
    questionnaire.characteristics.all().delete()
    number = 0
    items = []
    for position, part in enumerate(content["dimensions"]):
        fields = {key: value for key, value in part.items() if key != "items"}
        dimension = Dimension(questionnaire=questionnaire, position=position, **fields)
        dimension.save()
        for item in part["items"]:
            number += 1
            items.append(Item(questionnaire=questionnaire, dimension=dimension, position=number, **item))
    Item.objects.bulk_create(items)
    Characteristic.objects.bulk_create(
        Characteristic(questionnaire=questionnaire, position=position, **part)
        for position, part in enumerate(content["characteristics"])
    )
