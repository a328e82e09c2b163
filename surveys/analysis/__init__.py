"""The statistics of surveys: plain functions over counts and answers, without database or request."""
