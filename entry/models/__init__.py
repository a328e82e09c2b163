from entry.models.cell import CellNote, DraftValue
from entry.models.form import Form, FormAssignment, FormElement, FormSection, Scope
from entry.models.submission import Confirmation, Event, State, Submission, SubmissionEvent

__all__ = [
    "CellNote",
    "Confirmation",
    "DraftValue",
    "Event",
    "Form",
    "FormAssignment",
    "FormElement",
    "FormSection",
    "Scope",
    "State",
    "Submission",
    "SubmissionEvent",
]
