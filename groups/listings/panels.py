"""The admin's edit screen of a group: tabs in the order of a visitor's questions."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from groups.listings.ticks import Ticks


class UidPanel(FieldPanel):
    """A row's lasting name: it travels hidden with the form, and nobody needs to compare it."""

    def get_comparison_class(self):
        return None


SESSION_PANELS = [
    UidPanel("uid"),
    FieldRowPanel([FieldPanel("label"), FieldPanel("mode")]),
    FieldPanel("frequency"),
    FieldPanel("weekdays"),
    FieldPanel("weeks_of_month"),
    FieldRowPanel([FieldPanel("start"), FieldPanel("end"), FieldPanel("interval")]),
    FieldRowPanel([FieldPanel("first_date"), FieldPanel("until"), FieldPanel("term_time_only")]),
    FieldPanel("venue"),
    MultiFieldPanel(
        [
            FieldPanel("place_name", heading=_("Its name")),
            FieldPanel("place_address"),
            FieldPanel("place_postcode"),
        ],
        heading=_("A place that is not public"),
        classname="collapsed",
    ),
]


def group_page_edit_handler() -> TabbedInterface:
    """What, who, when and where, cost, access, first visit, contacts, then what only staff need."""
    what = [
        FieldPanel("title", heading=_("Name of the group")),
        FieldPanel("summary"),
        FieldPanel("description"),
        FieldPanel("organisation"),
        FieldPanel("activities", widget=Ticks),
        FieldPanel("needs", widget=Ticks),
        FieldPanel("tags"),
        InlinePanel("photos", heading=_("Photos"), label=_("Photo")),
    ]
    who = [
        FieldPanel("circumstances", widget=Ticks),
        FieldRowPanel([FieldPanel("age_min"), FieldPanel("age_max"), FieldPanel("gender")]),
        FieldPanel("languages", widget=Ticks),
        FieldPanel("children_young_people"),
        FieldPanel("outdoors_nature"),
        InlinePanel("served_areas", heading=_("Where people may live"), label=_("Area")),
    ]
    when_where = [
        HelpPanel(
            content=_("Cancelled and moved dates, closures and space are under Today, and show at once."),
        ),
        InlinePanel("sessions", heading=_("Sessions"), label=_("Session")),
        FieldPanel("times_note"),
        FieldPanel("area_name"),
        FieldPanel("getting_there"),
    ]
    cost = [
        MultiFieldPanel(
            [FieldPanel("cost_kind"), FieldPanel("cost_amount"), FieldPanel("cost_note")], heading=_("Cost")
        ),
        MultiFieldPanel([FieldPanel("joining_kind"), FieldPanel("joining_note")], heading=_("How to join")),
    ]
    access = [InlinePanel("access_answers", heading=_("Access"), label=_("Answer"))]
    first_visit = [
        FieldPanel("first_visit_welcome"),
        FieldPanel("bring_someone"),
        FieldPanel("first_visit_note"),
    ]
    contacts = [
        InlinePanel("contacts", heading=_("Contacts"), label=_("Contact")),
        MultiFieldPanel(
            [FieldPanel("accepts_referrals"), FieldPanel("referral_how")], heading=_("Link workers")
        ),
        MultiFieldPanel([FieldPanel("safeguarding_lead"), FieldPanel("dbs_note")], heading=_("Safety")),
    ]
    staff = [
        FieldPanel("suggested_activities", widget=Ticks),
        FieldPanel("suggested_needs", widget=Ticks),
        FieldPanel("slug"),
        FieldPanel("seo_title"),
        FieldPanel("search_description"),
        PublishingPanel(),
    ]
    return TabbedInterface(
        [
            ObjectList(what, heading=_("What it is")),
            ObjectList(who, heading=_("Who it is for")),
            ObjectList(when_where, heading=_("When and where")),
            ObjectList(cost, heading=_("Cost and joining")),
            ObjectList(access, heading=_("Access")),
            ObjectList(first_visit, heading=_("First visit")),
            ObjectList(contacts, heading=_("Contacts and safety")),
            ObjectList(staff, heading=_("For staff")),
        ],
        # The form the tabs share is the page's own (`GroupPage.base_form_class`).
    )
