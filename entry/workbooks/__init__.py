"""Forms as spreadsheets: written for people to fill in, read back with distrust. No database here."""
