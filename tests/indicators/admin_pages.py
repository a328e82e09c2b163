"""What the administration answered."""


def errors(answer) -> str:
    """What is shown beside the fields, in one text."""
    assert answer.status_code == 200
    return "\n".join(str(error) for error in answer.context["errors"])
