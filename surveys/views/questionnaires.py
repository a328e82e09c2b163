"""Questionnaires: what is asked, and an administrator's own versions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.forms import formset_factory, modelformset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospitals.access import can
from hospitals.models import Hospital
from surveys.actions import copy_questionnaire, edit_questionnaire
from surveys.item_elements import ITEMS, MOST_ITEMS
from surveys.models import FrozenError, Item, Questionnaire
from surveys.queries import last_item_number
from surveys.questionnaire_content import Content, content_of_row
from surveys.questionnaire_forms import ItemForm, NewItemForm, QuestionnaireForm, ScaleForm
from surveys.views.campaigns import find_hospital

ItemForms = modelformset_factory(Item, form=ItemForm, extra=0)
#: Three at a time: who wants more saves in between.
NewItemForms = formset_factory(NewItemForm, extra=3)


def find_questionnaire(hospital: Hospital, pk: int) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.filter(Q(hospital=None) | Q(hospital=hospital)), pk=pk)


@login_required
@require_safe
def questionnaire_list(request: HttpRequest, code: str) -> HttpResponse:
    hospital = find_hospital(request, code)
    theirs = Questionnaire.objects.filter(Q(hospital=None) | Q(hospital=hospital), retired=False)
    context = {
        "hospital": hospital,
        "questionnaires": theirs.prefetch_related("items"),
        "may_administer": can(request.user, "administer", hospital.root),
    }
    return render(request, "surveys/questionnaires.html", context)


@login_required
@require_safe
def questionnaire_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    hospital = find_hospital(request, code)
    questionnaire = find_questionnaire(hospital, pk)
    context = {
        "hospital": hospital,
        "questionnaire": questionnaire,
        "dimensions": questionnaire.dimensions.prefetch_related("items"),
        "scale": list(enumerate(questionnaire.scale_words, 1)),
        "is_frozen": questionnaire.is_frozen,
        "may_administer": can(request.user, "administer", hospital.root),
    }
    return render(request, "surveys/questionnaire.html", context)


@login_required
@require_POST
def copy(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The hospital's own next version of a questionnaire."""
    hospital = _administered(request, code)
    made = copy_questionnaire(original=find_questionnaire(hospital, pk), hospital=hospital)
    messages.success(request, _("This is your own version %s. Edit it before it is used.") % made.version)
    return redirect("survey_questionnaire_edit", code=code, pk=made.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Texts and scale of a version that nobody has used yet; items can be left out and added."""
    hospital = _administered(request, code)
    questionnaire = get_object_or_404(Questionnaire, pk=pk, hospital=hospital)
    if questionnaire.is_frozen:
        messages.error(request, " ".join(FrozenError().messages))
        return redirect("survey_questionnaire", code=code, pk=pk)
    form = QuestionnaireForm(request.POST or None, instance=questionnaire)
    scale = ScaleForm(request.POST or None, prefix="scale", questionnaire=questionnaire)
    items = ItemForms(request.POST or None, queryset=questionnaire.items.select_related("dimension"))
    dimensions = [(dimension.code, dimension.name) for dimension in questionnaire.dimensions.all()]
    new_items = NewItemForms(request.POST or None, prefix="new", form_kwargs={"dimensions": dimensions})
    if request.method == "POST" and all(each.is_valid() for each in (form, scale, items, new_items)):
        changed = _with_changes(questionnaire, form, scale, items, new_items)
        codes = [item["code"] for dimension in changed["dimensions"] for item in dimension["items"]]
        if not codes:
            messages.error(request, _("A questionnaire needs at least one item."))
        elif questionnaire.index and not set(codes) <= set(ITEMS):
            said = _("The index has room for items up to %s.")
            messages.error(request, said % f"q{MOST_ITEMS}")
        else:
            edit_questionnaire(questionnaire=questionnaire, content=changed)
            messages.success(request, _("Saved."))
            return redirect("survey_questionnaire", code=code, pk=pk)
    context = {
        "hospital": hospital,
        "questionnaire": questionnaire,
        "form": form,
        "scale": scale,
        "items": items,
        "new_items": new_items,
    }
    return render(request, "surveys/questionnaire_form.html", context)


def _with_changes(questionnaire, form, scale, items, new_items) -> Content:
    """The stored content with what was typed; item codes stay, so that years can be compared."""
    content = content_of_row(Questionnaire.objects.get(pk=questionnaire.pk)) | form.cleaned_data
    content |= {"scale": scale.words, "satisfied_from": scale.cleaned_data["satisfied_from"]}
    texts = {item.instance.code: item.cleaned_data for item in items}
    for dimension in content["dimensions"]:
        dimension["items"] = [
            {
                "code": item["code"],
                "text_en": texts[item["code"]]["text_en"],
                "text_id": texts[item["code"]]["text_id"],
            }
            for item in dimension["items"]
            if not texts[item["code"]]["remove"]
        ]
    number = last_item_number(questionnaire)
    by_code = {dimension["code"]: dimension for dimension in content["dimensions"]}
    for added in (new.cleaned_data for new in new_items if new.cleaned_data.get("text_id")):
        number += 1
        by_code[added["dimension"]]["items"].append(
            {"code": f"q{number}", "text_en": added["text_en"], "text_id": added["text_id"]}
        )
    content["dimensions"] = [dimension for dimension in content["dimensions"] if dimension["items"]]
    return content


def _administered(request: HttpRequest, code: str) -> Hospital:
    hospital = find_hospital(request, code)
    if not can(request.user, "administer", hospital.root):
        raise Http404
    return hospital
