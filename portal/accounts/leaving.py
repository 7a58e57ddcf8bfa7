"""Taking everything with oneself, and deleting the account."""

import json
from typing import Any

from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from groups.leaving.download import everything_about
from groups.leaving.people import delete_account
from groups.people.membership.models import Membership, Role
from portal.accounts.access import SignedInRequest, signed_in_lately

FILE_NAME = "waymark-about-you.json"


@never_cache
@require_safe
@signed_in_lately
def download(request: SignedInRequest) -> HttpResponse:
    """One file, laid out to be read."""
    text = json.dumps(everything_about(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_lately
def delete(request: SignedInRequest) -> HttpResponse:
    """A page that says what happens, and the press that does it."""
    problem = ""
    if request.method == "POST":
        try:
            delete_account(request.user)
            logout(request)
            return redirect(f"{reverse('sign_in')}?out=deleted")
        except ValidationError as error:
            problem = " ".join(error.messages)
    context = {"email": request.user.email, "places": _places(request.user), "problem": problem}
    return render(request, "accounts/delete.html", context, status=409 if problem else 200)


def _places(user: Any) -> list[dict[str, Any]]:
    """Each page this person keeps: alone, as the lead of others, or with others."""
    places = []
    for row in Membership.objects.active().filter(user=user).select_related("organisation"):
        others = Membership.objects.active().of(row.scope).exclude(pk=row.pk).exists()
        kind = ("organisation", row.organisation.uid) if row.organisation else ("group", row.group_uid)
        leads = row.role == Role.LEAD and others
        href = reverse("people", args=kind)
        places.append({"name": row.scope.name, "href": href, "leads": leads, "alone": not others})
    return places
