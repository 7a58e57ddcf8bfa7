"""Staff's roles as Wagtail groups with their permissions. Setting them up again adds what is missing and removes nothing."""

from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from groups.checking.workflow import ensure_workflow

_ALL = ("add", "change", "delete")
_WORDS = (
    "activity",
    "activityfamily",
    "circumstance",
    "falsefriend",
    "helppanel",
    "language",
    "need",
    "needarea",
)


@dataclass(frozen=True)
class Role:
    """pages: what it may do to every page of a site. models: verbs for each of our models. extra: named permissions.

    enters_admin: link workers and supporters have no business there.
    """

    name: str
    pages: tuple[str, ...] = ()
    models: dict[str, tuple[str, ...]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    enters_admin: bool = True


EDITORS = Role(
    "Editors",
    pages=("add_page", "change_page"),
    models={"venue": ("add", "change"), "organisation": ("add", "change")},
)
MODERATORS = Role(
    "Moderators",
    pages=("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    models={
        **dict.fromkeys(("venue", "organisation", "grouptag", "termdates", *_WORDS), _ALL),
        "areasettings": ("change",),
        "checkingsettings": ("change",),
        "sourcerecord": ("view",),
    },
    extra=("groups.moderate",),
)
# Few people: making a hidden place public can put someone in danger (`domain.md`, "Places that must not be found").
LOCATION_LEADS = Role(
    "Location leads",
    pages=MODERATORS.pages,
    models=MODERATORS.models,
    extra=(*MODERATORS.extra, "groups.loosen_location"),
)
LINK_WORKERS = Role("Link workers", extra=("groups.see_for_link_workers",), enters_admin=False)
SUPPORTERS = Role("Supporters", extra=("groups.support_groups",), enters_admin=False)
ROLES = (EDITORS, MODERATORS, LOCATION_LEADS, LINK_WORKERS, SUPPORTERS)


@transaction.atomic
def ensure_roles() -> list[Group]:
    """Make the roles where they are missing, for the pages of every site, and the workflow in which moderators look.

    Returns the roles' groups.
    """
    groups = [_ensure(role) for role in ROLES]
    ensure_workflow()
    return groups


def _ensure(role: Role) -> Group:
    group, _created = Group.objects.get_or_create(name=role.name)
    wanted = [("wagtailadmin", "access_admin")] if role.enters_admin else []
    wanted += [("groups", f"{verb}_{model}") for model, verbs in role.models.items() for verb in verbs]
    for name in role.extra:
        app, _dot, codename = name.partition(".")
        wanted.append((app, codename))
    for app, codename in wanted:
        group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    if not role.enters_admin:
        return group
    roots = Page.objects.filter(pk__in=Site.objects.values("root_page"))
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=role.pages
    ):
        for root in roots:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    files = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"),
        codename__in=("add_image", "choose_image", "add_document", "choose_document"),
    )
    for permission in files:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    return group
