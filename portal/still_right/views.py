"""The page behind a reminder's link. Looking changes nothing; one press confirms; nobody is signed in by it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groups.editing.today import CapacityForm
from groups.listings.boundary import listing_of
from groups.listings.choices import Capacity
from groups.listings.facts import GroupFacts
from groups.people.permissions import may
from groups.reviews.links import Link, State, confirm, link_of
from groups.reviews.models import Step
from portal.my_group.shown import Field, errors_of, fields_of
from portal.still_right.facts import basics, the_rest
from portal.words import checked_words, day_month_year


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest) -> HttpResponse:
    """The key travels in the query, which stays out of our logs, or in the form."""
    key = request.POST.get("key") or request.GET.get("key", "")
    link = link_of(key)
    if link is None or link.state != State.OPEN or not may(link.member.user, "change_today", link.page):
        return _closed(request, link)
    form = _space_form(request, link)
    if request.method != "POST" or (form and form.is_bound and not form.is_valid()):
        return _ask(request, link, key, form)
    confirm(link, space=form if form and form.is_bound else None)
    return redirect(f"{reverse('still_right')}?{urlencode({'key': key})}")


def _space_form(request: HttpRequest, link: Link) -> CapacityForm | None:
    """The question about space, where the last answer is too old to be shown. It may stay unanswered."""
    uid, by = link.page.uid, link.member.user
    facts = GroupFacts.objects.filter(group_uid=uid).first() or GroupFacts(group_uid=uid)
    if facts.space_is_known(timezone.localdate()):
        return None
    answered = request.POST if f"{CapacityForm.name}-capacity" in request.POST else None
    form = CapacityForm(answered, page=link.page, facts=facts, sessions=(), by=by)
    form.initial = {}  # an old answer is never given again by pressing on
    return form


def _ask(request: HttpRequest, link: Link, key: str, form: CapacityForm | None) -> HttpResponse:
    listing = listing_of(link.page)
    everything = link.step.step != Step.FIRST
    errors = errors_of(form) if form and form.is_bound else []
    context = {
        "name": listing.name,
        "key": key,
        "everything": everything,
        "basics": basics(listing, timezone.localdate()),
        "the_rest": the_rest(listing) if everything else [],
        "space": _space(form) if form else None,
        "errors": errors,
        "path": listing.path,
        "my_group": reverse("my_group", args=[link.page.uid]),
    }
    return render(request, "still_right/ask.html", context, status=422 if errors else 200)


def _space(form: CapacityForm) -> Field:
    asked = next(field for field in fields_of(form) if field.name == f"{form.prefix}-capacity")
    hint = _("You may leave this open.")
    if form.facts.capacity_on and form.facts.capacity != Capacity.UNKNOWN:
        said = {"space": form.facts.get_capacity_display(), "day": day_month_year(form.facts.capacity_on)}
        hint = _("You said on %(day)s: %(space)s. You may leave this open.") % said
    return replace(asked, label=str(form.heading), hint=hint)


def _closed(request: HttpRequest, link: Link | None) -> HttpResponse:
    """A kind answer where there is nothing to press."""
    if link is None:
        words, way = (
            _("This link does not work. Copy the whole address from the e-mail, or sign in."),
            "my_groups",
        )
        return _tell(request, _("Is your page still right?"), words, reverse(way), _("Sign in to My group"))
    name, mine = link.page.title, reverse("my_group", args=[link.page.uid])
    match link.state:
        case State.DONE:
            heading = _("Thank you")
            words = f"{checked_words(listing_of(link.page))}."
            return _tell(request, heading, words, link.page.url or mine, _("See the page"), status=200)
        case State.LEFT:
            words = _("You no longer look after the page of %(name)s. You can ask to look after it again.")
            way, button = reverse("claim", args=[link.page.uid]), _("Ask for it")
            if not link.page.live:
                words, way, button = (
                    _("You no longer look after the page of %(name)s."),
                    reverse("contact"),
                    _("Contact us"),
                )
        case State.HIDDEN:
            words = _("The page of %(name)s is not published now, so there is nothing to check.")
            way, button = mine, _("Go to My group")
        case _:
            words = _("This link is too old. Sign in, and press “Everything is still right” there.")
            way, button = mine, _("Go to My group")
    return _tell(request, name, words % {"name": name}, way, button)


def _tell(
    request: HttpRequest, heading: str, words: str, way: str, button: str, *, status: int = 410
) -> HttpResponse:
    context = {"heading": heading, "words": words, "href": way, "button": button, "is_well": status == 200}
    return render(request, "still_right/told.html", context, status=status)
