"""A person's own page: name, password, second step."""

from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as second_step_done

from groups.people.permissions import needs_second_factor
from groups.people.signing_in import second_step as verbs
from groups.people.verbs import change_name, change_password
from portal.accounts.access import SignedInRequest, after_signing_in, safe_next, signed_in
from portal.accounts.forms import CodeForm, NameForm, PasswordForm
from portal.accounts.pages import values_and_errors
from portal.accounts.qr import picture_of

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@signed_in
def account(request: SignedInRequest) -> HttpResponse:
    user = request.user
    done = {
        "name": _("Your name is saved."),
        "password": _("Your password is saved."),
        "email": _("Your new e-mail address is saved. Sign in with it from now on."),
    }
    context = {
        "name": user.get_full_name(),
        "email": user.email,
        "has_password": user.has_usable_password(),
        "has_second_step": verbs.has_second_step(user),
        "needs_second_step": needs_second_factor(user),
        "done": done.get(request.GET.get("done", ""), ""),
    }
    return render(request, "accounts/account.html", context)


@never_cache
@_GET_OR_POST
@signed_in
def name(request: SignedInRequest) -> HttpResponse:
    """How others read of this person. New people come here first, on their way to somewhere."""
    next_path = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    form = NameForm(request.POST or None, initial={"name": request.user.get_full_name()})
    if request.method == "POST" and form.is_valid():
        was_new = not request.user.first_name
        change_name(request.user, form.cleaned_data["name"])
        return HttpResponseRedirect(
            after_signing_in(next_path) if was_new or next_path else f"{reverse('account')}?done=name"
        )
    context = {**values_and_errors(form), "next": next_path, "is_new": not request.user.first_name}
    return render(request, "accounts/name.html", context, status=422 if form.errors else 200)


@never_cache
@_GET_OR_POST
@sensitive_post_parameters("password")
@signed_in
def password(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        change_password(request.user, form.cleaned_data["password"])
        update_session_auth_hash(request, request.user)
        return redirect(f"{reverse('account')}?done=password")
    context = {**values_and_errors(form), "has_password": request.user.has_usable_password()}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


@never_cache
@_GET_OR_POST
@signed_in
def second_step(request: SignedInRequest) -> HttpResponse:
    """The code that staff, moderators and link workers type after signing in."""
    next_path = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_verified():
        return HttpResponseRedirect(after_signing_in(next_path))
    if not verbs.has_second_step(request.user):
        return redirect(f"{reverse('set_up_second_step')}?{request.GET.urlencode()}")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = verbs.verify(request.user, form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            second_step_done(request, device)
            return HttpResponseRedirect(after_signing_in(next_path))
    context = {**values_and_errors(form), "next": next_path}
    return render(request, "accounts/second_step.html", context, status=422 if form.errors else 200)


@never_cache
@_GET_OR_POST
@signed_in
def set_up_second_step(request: SignedInRequest) -> HttpResponse:
    """Connect an app, then show the backup codes once."""
    next_path = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if verbs.has_second_step(request.user) and not request.user.is_verified():
        return redirect("second_step")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = verbs.finish_set_up(request.user, form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            second_step_done(request, device)
            return _backup_codes_page(request, codes, next_path)
    device = verbs.app_being_set_up(request.user)
    key = verbs.key_to_type(device)
    context = {
        **values_and_errors(form),
        "next": next_path,
        "picture": picture_of(device.config_url),
        "key": key,
    }
    return render(request, "accounts/set_up.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@signed_in
def backup_codes(request: SignedInRequest) -> HttpResponse:
    """New codes to write down, for somebody who has done the second step in this session."""
    if not request.user.is_verified():
        return redirect(f"{reverse('second_step')}?next={reverse('account')}")
    return _backup_codes_page(request, verbs.new_backup_codes(request.user), "")


def _backup_codes_page(request: HttpRequest, codes: list[str], next_path: str) -> HttpResponse:
    context = {"codes": codes, "onward": after_signing_in(next_path)}
    return render(request, "accounts/backup_codes.html", context)
