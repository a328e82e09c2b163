"""The Django project and the room of perspectives, objectives, weights, scores and dashboards."""
