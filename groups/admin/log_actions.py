"""What staff read in a page's history for verbs of ours."""

from django.utils.translation import gettext_lazy as _


def register(actions) -> None:
    actions.register_action("waymark.hide_places", _("Hide the place"), _("Hid where the group meets"))
    actions.register_action(
        "waymark.publish_beside_the_draft",
        _("Publish safe changes"),
        _("Published safe changes while a draft waits"),
    )
    actions.register_action(
        "waymark.erase_contacts",
        _("Erase contacts"),
        _("Erased the contacts of a group that closed three months ago"),
    )
    actions.register_action("waymark.merge_tags", _("Merge tags"), _("Merged other tags into this one"))
    actions.register_action(
        "waymark.accept_suggestions", _("Accept suggestions"), _("Accepted suggested activities and needs")
    )
    actions.register_action(
        "waymark.take_down_for_age",
        _("Take down for its age"),
        _("Took the page down: nobody had checked it for 18 months"),
    )
    actions.register_action(
        "waymark.tell_of_an_old_draft",
        _("Tell of an old draft"),
        _("Told its people that the unfinished draft goes in two weeks"),
    )
    actions.register_action(
        "waymark.tell_of_an_unused_account",
        _("Tell of an unused account"),
        _("Told the owner that the account goes in two weeks"),
    )
