from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from groups.content.models import GuideIndexPage, GuidePage, HomePage
        from groups.listings.models import GroupIndexPage, GroupPage
        from groups.serving import serve_with
        from portal import checks  # noqa: F401 (registers itself)
        from portal.accounts.access import note_signing_in
        from portal.group_index.views import group_index
        from portal.group_page.views import group_page
        from portal.guides.views import guide, guide_index
        from portal.home.views import home

        user_logged_in.connect(note_signing_in, dispatch_uid="waymark_signed_in")
        serve_with(HomePage, home)
        serve_with(GroupIndexPage, group_index)
        serve_with(GroupPage, group_page)
        serve_with(GuideIndexPage, guide_index)
        serve_with(GuidePage, guide)
