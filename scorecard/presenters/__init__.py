"""What pages show, in words and in order: no database, no request."""
