"""The Django project and the room of perspectives, objectives, weights, scores and dashboards."""

# Tasks declared with shared_task belong to this application, in every process that runs Django.
from scorecard.celery import app as celery_app

__all__ = ["celery_app"]
