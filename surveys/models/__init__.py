from surveys.models.campaign import Access, AddressCount, Campaign, Invitation, PublishMark, new_link_token
from surveys.models.questionnaire import (
    AnswerKind,
    Audience,
    Characteristic,
    Dimension,
    FrozenError,
    Item,
    Questionnaire,
)
from surveys.models.response import Answer, Response, Source
from surveys.models.tally import TallyCount, TallySheet

__all__ = [
    "Access",
    "AddressCount",
    "Answer",
    "AnswerKind",
    "Audience",
    "Campaign",
    "Characteristic",
    "Dimension",
    "FrozenError",
    "Invitation",
    "Item",
    "PublishMark",
    "Questionnaire",
    "Response",
    "Source",
    "TallyCount",
    "TallySheet",
    "new_link_token",
]
