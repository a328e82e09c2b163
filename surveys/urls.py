from django.urls import path

from hospitals.lazy_views import LazyViews

answering = LazyViews("surveys.views.answering")
campaigns = LazyViews("surveys.views.campaigns")
paper = LazyViews("surveys.views.paper")
questionnaires = LazyViews("surveys.views.questionnaires")

_of_hospital = "hospitals/<slug:code>/surveys/"
_of_campaign = f"{_of_hospital}<int:pk>/"

urlpatterns = [
    path("s/worker.js", answering.worker, name="survey_worker"),
    path("s/<str:token>/", answering.answer, name="survey_answer"),
    path("s/<str:token>/answers", answering.save, name="survey_save"),
    path(_of_hospital, campaigns.campaign_list, name="surveys"),
    path(f"{_of_hospital}new/", campaigns.edit_campaign, name="survey_campaign_new"),
    path(f"{_of_hospital}sample/", campaigns.sample, name="survey_sample"),
    path(_of_campaign, campaigns.campaign_page, name="survey_campaign"),
    path(f"{_of_campaign}edit/", campaigns.edit_campaign, name="survey_campaign_edit"),
    path(f"{_of_campaign}switch/", campaigns.switch_campaign, name="survey_switch"),
    path(f"{_of_campaign}poster/", campaigns.poster, name="survey_poster"),
    path(f"{_of_campaign}invitations/", campaigns.invitations, name="survey_invitations"),
    path(f"{_of_campaign}paper/", paper.paper, name="survey_paper"),
    path(f"{_of_campaign}paper/upload/", paper.upload, name="survey_paper_upload"),
    path(f"{_of_campaign}paper/<int:response>/remove/", paper.remove, name="survey_paper_remove"),
    path(f"{_of_campaign}tally/", paper.tally, name="survey_tally"),
    path(f"{_of_hospital}questionnaires/", questionnaires.questionnaire_list, name="survey_questionnaires"),
    path(
        f"{_of_hospital}questionnaires/<int:pk>/",
        questionnaires.questionnaire_page,
        name="survey_questionnaire",
    ),
    path(
        f"{_of_hospital}questionnaires/<int:pk>/copy/",
        questionnaires.copy,
        name="survey_questionnaire_copy",
    ),
    path(
        f"{_of_hospital}questionnaires/<int:pk>/edit/",
        questionnaires.edit,
        name="survey_questionnaire_edit",
    ),
]
