from django.urls import include, path

from hospitals.lazy_views import LazyViews

cells = LazyViews("entry.views.cells")
files = LazyViews("entry.views.files")
lists = LazyViews("entry.views.lists")
sheet = LazyViews("entry.views.sheet")
steps = LazyViews("entry.views.steps")
table = LazyViews("entry.views.table")

app_name = "entry"

of_one_form = [
    path("", sheet.sheet, name="sheet"),
    path("live/", sheet.live, name="live"),
    path("caught-up/", sheet.caught_up, name="caught_up"),
    path("blank/", sheet.blank, name="blank"),
    path("confirm/", sheet.confirm_problem, name="confirm"),
    path("submit/", steps.submit, name="submit"),
    path("withdraw/", steps.withdraw, name="withdraw"),
    path("return/", steps.return_for_mending, name="return"),
    path("approve/", steps.approve, name="approve"),
    path("reopen/", steps.reopen, name="reopen"),
    path("cells/<slug:element>/", cells.cell, name="cell"),
    path("cells/<slug:element>/details/", sheet.cell_details, name="cell_details"),
    path("cells/<slug:element>/note/", sheet.write_note, name="write_note"),
]

urlpatterns = [
    path("", lists.my_forms, name="my_forms"),
    path("<slug:hospital>/", lists.completeness, name="completeness"),
    path("<slug:hospital>/<slug:form>/", files.files, name="files"),
    path("<slug:hospital>/<slug:form>/download/", files.download, name="download"),
    path("<slug:hospital>/<slug:form>/uploads/<int:upload>/", files.save, name="save_upload"),
    path("<slug:hospital>/<slug:form>/table/<slug:month>/", table.table, name="table"),
    path("<slug:hospital>/<slug:form>/<slug:unit>/<slug:month>/", include(of_one_form)),
]
