from entry.actions.cells import CellLockedError, Conflict, Kept, SavedCell, save_cell, save_note
from entry.actions.duties import assign_form, take_form_away
from entry.actions.submissions import (
    NotReadyError,
    ReasonMissingError,
    approve,
    confirm,
    reopen,
    return_for_mending,
    submit,
    withdraw,
)

__all__ = [
    "CellLockedError",
    "Conflict",
    "Kept",
    "NotReadyError",
    "ReasonMissingError",
    "SavedCell",
    "approve",
    "assign_form",
    "confirm",
    "reopen",
    "return_for_mending",
    "save_cell",
    "save_note",
    "submit",
    "take_form_away",
    "withdraw",
]
