"""Pages and settings that staff edit: home page, guides, area, help lines."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Orderable, Page, TranslatableMixin

from groups.serving import ServedByPortal


class GuideBody(blocks.StreamBlock):
    """What a guide is made of."""

    heading = blocks.CharBlock(icon="title", max_length=120)
    text = blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul", "document-link"])
    steps = blocks.ListBlock(blocks.CharBlock(max_length=300), icon="list-ol", label=_("Steps"))
    note = blocks.TextBlock(icon="info-circle", label=_("Note in a box"))
    image = blocks.StructBlock(
        [
            ("image", ImageChooserBlock()),
            (
                "alt",
                blocks.CharBlock(
                    required=False, help_text=_("Say what it shows. Empty if it only decorates.")
                ),
            ),
        ],
        icon="image",
    )


class HomePage(ServedByPortal, Page):
    """The front door of a place's directory."""

    heading = models.CharField(_("heading"), max_length=120, default="Find a group near you")
    lead = models.TextField(_("first words"), blank=True)
    about_heading = models.CharField(_("heading of the words below"), max_length=120, blank=True)
    about = models.TextField(_("words below the topics"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        InlinePanel("topics", heading=_("Topics shown"), label=_("Topic")),
        MultiFieldPanel([FieldPanel("about_heading"), FieldPanel("about")], heading=_("About this place")),
    ]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["groups.GroupIndexPage", "groups.GuideIndexPage"]

    class Meta:
        verbose_name = _("home page")


class HomeTopic(TranslatableMixin, Orderable):
    """A topic on the home page: an activity or a need. Those with no groups are not shown."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="topics")
    activity = models.ForeignKey(
        "groups.Activity", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    need = models.ForeignKey("groups.Need", null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("activity"), FieldPanel("need")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass


class GuideIndexPage(ServedByPortal, Page):
    """All guides."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar = ["groups.HomePage"]
    subpage_types: ClassVar = ["groups.GuidePage"]

    class Meta:
        verbose_name = _("guides")


class GuidePage(ServedByPortal, Page):
    """A guide: how to ask for help, what a link worker does, your first visit."""

    summary = models.CharField(_("in one sentence"), max_length=200)
    body = StreamField(GuideBody(), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    parent_page_types: ClassVar = ["groups.GuideIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("guide")


@register_setting(icon="site")
class AreaSettings(BaseSiteSetting):
    """What is particular to the place this site serves."""

    site_name = models.CharField(_("name of this site"), max_length=80, default="Waymark")
    area_name = models.CharField(
        _("name of the area"), max_length=120, blank=True, help_text=_("Such as Chelmsford and Brighton.")
    )
    default_place = models.CharField(
        _("default place"),
        max_length=120,
        blank=True,
        help_text=_("A town or postcode, for pages that need one before a visitor gives theirs."),
    )
    run_by = models.CharField(_("who runs this site"), max_length=160, blank=True)
    help_phone = models.CharField(_("help phone"), max_length=40, blank=True)
    help_hours = models.CharField(_("when it is answered"), max_length=120, blank=True)
    help_email = models.EmailField(_("help e-mail"), blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("site_name"),
                FieldPanel("area_name"),
                FieldPanel("default_place"),
                FieldPanel("run_by"),
            ],
            heading=_("This place"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("help_phone"),
                FieldPanel("help_hours"),
                FieldPanel("help_email"),
                FieldPanel("postal_address"),
            ],
            heading=_("Help lines"),
        ),
    ]

    class Meta:
        verbose_name = _("area and help lines")
