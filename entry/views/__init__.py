"""Pages of the forms: they parse, call and render."""
