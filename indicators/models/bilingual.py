from django.utils.translation import get_language


def in_active_language(*, indonesian: str, english: str) -> str:
    """The text in the language of the page; the other one where it is missing."""
    if (get_language() or "id").startswith("en"):
        return english or indonesian
    return indonesian or english
