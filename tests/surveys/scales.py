"""What a browser sends for the scale of a questionnaire."""

from __future__ import annotations

from surveys.models import Questionnaire


def scale_fields(questionnaire: Questionnaire) -> dict[str, object]:
    """The scale as it is stored, five rows, the last one empty on a scale of four."""
    words = [*questionnaire.scale, {"id": "", "en": ""}][:5]
    fields: dict[str, object] = {"scale-satisfied_from": questionnaire.satisfied_from}
    for point, word in enumerate(words, 1):
        fields |= {f"scale-id_{point}": word["id"], f"scale-en_{point}": word["en"]}
    return fields


def edit_fields(questionnaire: Questionnaire) -> dict[str, object]:
    """The whole page of an own version, nothing changed."""
    items = list(questionnaire.items.all())
    fields: dict[str, object] = {
        name: getattr(questionnaire, name)
        for name in ("name_id", "name_en", "introduction_id", "introduction_en")
    }
    fields |= {"form-TOTAL_FORMS": len(items), "form-INITIAL_FORMS": len(items)}
    fields |= {"new-TOTAL_FORMS": 0, "new-INITIAL_FORMS": 0} | scale_fields(questionnaire)
    for number, item in enumerate(items):
        fields |= {
            f"form-{number}-id": item.pk,
            f"form-{number}-text_id": item.text_id,
            f"form-{number}-text_en": item.text_en,
        }
    return fields
