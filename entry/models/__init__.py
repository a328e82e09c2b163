from entry.models.cell import CellNote, DraftValue
from entry.models.form import Form, FormAssignment, FormElement, FormSection, Scope
from entry.models.move import HistoryMove
from entry.models.reminder import Occasion, Reminder
from entry.models.submission import Confirmation, Event, State, Submission, SubmissionEvent
from entry.models.upload import Upload

__all__ = [
    "CellNote",
    "Confirmation",
    "DraftValue",
    "Event",
    "Form",
    "FormAssignment",
    "FormElement",
    "FormSection",
    "HistoryMove",
    "Occasion",
    "Reminder",
    "Scope",
    "State",
    "Submission",
    "SubmissionEvent",
    "Upload",
]
