from entry.actions.cells import CellLockedError, Conflict, Kept, SavedCell, Total, save_cell, save_note
from entry.actions.duties import assign_form, take_form_away
from entry.actions.history import move_history
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
from entry.actions.uploads import OutdatedUploadError, keep_upload, save_upload

__all__ = [
    "CellLockedError",
    "Conflict",
    "Kept",
    "NotReadyError",
    "OutdatedUploadError",
    "ReasonMissingError",
    "SavedCell",
    "Total",
    "approve",
    "assign_form",
    "confirm",
    "keep_upload",
    "move_history",
    "reopen",
    "return_for_mending",
    "save_cell",
    "save_note",
    "save_upload",
    "submit",
    "take_form_away",
    "withdraw",
]
