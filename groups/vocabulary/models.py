"""What people need, what groups do, and who they are for: staff's words, edited in the admin.

Each term carries the phrases people type, one a line. A term's `slug` is its lasting name in URLs, files and indexes.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Locale, Orderable, TranslatableMixin

from groups.listings import changes
from groups.listings.shared import SharedByListings


class Pillar(models.TextChoices):
    """The four usual families of social prescribing (NIHR 21/06), or beyond them."""

    PHYSICAL = "physical", _("Sport and exercise")
    ARTS = "arts", _("Arts and creativity")
    NATURE = "nature", _("Natural world")
    ADVICE = "advice", _("Advice and guidance")
    BEYOND = "beyond", _("Beyond the four")


class Colour(models.TextChoices):
    """The disc's colour; never the only sign of anything."""

    MOSS = "moss", _("Moss")
    PLUM = "plum", _("Plum")
    BLUE = "blue", _("Blue")
    BRICK = "brick", _("Brick")
    OCHRE = "ochre", _("Ochre")


def phrase_lines(text: str) -> list[str]:
    """The phrases of a text field: one a line, blank lines dropped."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class Term(SharedByListings, TranslatableMixin):
    """What needs, activities, circumstances and languages share."""

    slug = models.SlugField(_("short name for links"), max_length=60)
    label = models.CharField(_("name"), max_length=120, help_text=_("As visitors read it."))
    short = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("One to three words, for buttons.")
    )
    phrases = models.TextField(
        _("what people type"),
        blank=True,
        help_text=_(
            "One phrase a line, in small letters. Searches for any of them find this. "
            "Put = in front of a word that counts only as written: =parking is not found in park."
        ),
    )

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs):
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        with transaction.atomic():
            super().save(*args, **kwargs)
            changes.vocabulary_changed(set(self.said) ^ set(before.said if before else ()))

    def listings_using(self):
        from groups.listings.models import GroupPage

        return GroupPage.objects.using_term(self).values_list("translation_key", flat=True)

    @property
    def name(self) -> str:
        return self.short or self.label

    @property
    def said(self) -> list[str]:
        return phrase_lines(self.phrases)


class ActivityFamily(TranslatableMixin, models.Model):
    slug = models.SlugField(max_length=60)
    label = models.CharField(_("name"), max_length=120)
    colour = models.CharField(_("disc colour"), max_length=10, choices=Colour, default=Colour.MOSS)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta(TranslatableMixin.Meta):
        ordering = ["sort_order", "label"]
        verbose_name = _("activity family")
        verbose_name_plural = _("activity families")

    def __str__(self) -> str:
        return self.label


class Activity(Term):
    """What a group does."""

    family = models.ForeignKey(ActivityFamily, on_delete=models.PROTECT, related_name="activities")
    pillar = models.CharField(max_length=10, choices=Pillar, default=Pillar.BEYOND)
    checks = models.TextField(
        _("extra checks"),
        blank=True,
        help_text=_("One a line, such as safeguarding_children or fca_authorised."),
    )
    related = models.ManyToManyField(
        "self", blank=True, symmetrical=False, verbose_name=_("nearest activities")
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    panels = [
        MultiFieldPanel([FieldPanel("label"), FieldPanel("short"), FieldPanel("slug")], heading=_("Name")),
        FieldPanel("family"),
        FieldPanel("phrases"),
        FieldPanel("related"),
        FieldPanel("pillar"),
        FieldPanel("checks"),
    ]

    class Meta(Term.Meta):
        ordering = ["family__sort_order", "sort_order", "label"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"],
                name="one_activity_a_slug",
                violation_error_message=_("Another activity has this short name. Choose a different one."),
            )
        ]


class NeedArea(TranslatableMixin, models.Model):
    slug = models.SlugField(max_length=60)
    label = models.CharField(_("name"), max_length=120)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta(TranslatableMixin.Meta):
        ordering = ["sort_order", "label"]
        verbose_name = _("area of need")
        verbose_name_plural = _("areas of need")

    def __str__(self) -> str:
        return self.label


class Need(Term, ClusterableModel):
    """What a person says is the matter. It is not a circumstance (`domain.md`, "Needs")."""

    area = models.ForeignKey(NeedArea, on_delete=models.PROTECT, related_name="needs")
    help_panel = models.ForeignKey(
        "groups.HelpPanel",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("urgent help shown first"),
    )
    help_softly = models.BooleanField(_("show only its one line"), default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)

    panels = [
        MultiFieldPanel([FieldPanel("label"), FieldPanel("short"), FieldPanel("slug")], heading=_("Name")),
        FieldPanel("area"),
        FieldPanel("phrases"),
        InlinePanel("helping_activities", heading=_("Activities that help"), label=_("Activity")),
        FieldPanel("help_panel"),
        FieldPanel("help_softly"),
    ]

    class Meta(Term.Meta):
        ordering = ["area__sort_order", "sort_order", "label"]
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"],
                name="one_need_a_slug",
                violation_error_message=_("Another need has this short name. Choose a different one."),
            )
        ]


class NeedActivity(Orderable):
    """An activity that helps with a need, strongest first."""

    need = ParentalKey(Need, on_delete=models.CASCADE, related_name="helping_activities")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="helps_needs")
    strength = models.PositiveSmallIntegerField(
        _("how strongly, 1 to 100"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    panels = [FieldPanel("activity"), FieldPanel("strength")]


class Circumstance(Term):
    """Who a group is for. Never stored about a person."""

    sort_order = models.PositiveSmallIntegerField(default=0)

    panels = [
        MultiFieldPanel([FieldPanel("label"), FieldPanel("short"), FieldPanel("slug")], heading=_("Name")),
        FieldPanel("phrases"),
    ]

    class Meta(Term.Meta):
        ordering = ["sort_order", "label"]
        verbose_name = _("circumstance")
        verbose_name_plural = _("circumstances")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"],
                name="one_circumstance_a_slug",
                violation_error_message=_(
                    "Another circumstance has this short name. Choose a different one."
                ),
            )
        ]


class Language(Term):
    """A language a group speaks. The slug is its ISO 639 code."""

    panels = [FieldPanel("label"), FieldPanel("slug"), FieldPanel("phrases")]

    class Meta(Term.Meta):
        ordering = ["label"]
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"],
                name="one_language_a_code",
                violation_error_message=_("Another language has this code. Choose a different one."),
            )
        ]


class FalseFriend(models.Model):
    """A longer phrase that stops a shorter one from meaning something: "bank holiday" is no bank."""

    phrase = models.CharField(_("phrase"), max_length=120, unique=True)
    means_needs = models.ManyToManyField(Need, blank=True, verbose_name=_("needs it does mean"))
    means_activities = models.ManyToManyField(Activity, blank=True, verbose_name=_("activities it does mean"))

    help_panel = models.ForeignKey(
        "groups.HelpPanel",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("urgent help it shows all the same"),
    )
    help_softly = models.BooleanField(_("show only its one line"), default=False)

    panels = [
        FieldPanel("phrase"),
        FieldPanel("means_needs"),
        FieldPanel("means_activities"),
        FieldPanel("help_panel"),
        FieldPanel("help_softly"),
    ]

    class Meta:
        ordering = ["phrase"]
        verbose_name = _("phrase that misleads")
        verbose_name_plural = _("phrases that mislead")

    def __str__(self) -> str:
        return self.phrase


class HelpPanel(TranslatableMixin, models.Model):
    """Urgent help, shown above results. Numbers are checked by an editor before the site opens."""

    slug = models.SlugField(max_length=60)
    heading = models.CharField(max_length=120)
    lines = models.TextField(help_text=_("One line each: who to call, and when."))
    phrases = models.TextField(blank=True, help_text=_("One phrase a line. Any of them shows this panel."))
    soft_line = models.CharField(
        _("in one line"),
        max_length=200,
        blank=True,
        help_text=_("Shown where the words may mean it, but need not."),
    )
    quick_exit = models.BooleanField(_('show "Exit this page"'), default=False)
    checked_on = models.DateField(_("numbers checked on"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    panels = [
        FieldPanel("heading"),
        FieldPanel("lines"),
        FieldPanel("soft_line"),
        FieldPanel(
            "phrases",
            help_text=_(
                "One phrase a line. Any of them shows this panel. "
                "Put = in front of one that shows it only where nothing else was typed: =help."
            ),
        ),
        FieldPanel("quick_exit"),
        FieldPanel("checked_on"),
        FieldPanel("sort_order"),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["sort_order", "heading"]
        verbose_name = _("urgent help panel")

    def __str__(self) -> str:
        return self.heading

    @property
    def said(self) -> list[str]:
        return phrase_lines(self.phrases)

    @property
    def line_list(self) -> list[str]:
        return phrase_lines(self.lines)


def terms_by_slug(locale: Locale) -> dict[str, dict[str, Term]]:
    """The terms that a group may carry in a language, by the field of its page that holds them, then by slug. Four queries."""
    kinds = {"activities": Activity, "needs": Need, "circumstances": Circumstance, "languages": Language}
    return {
        field: {term.slug: term for term in model.objects.filter(locale=locale)}
        for field, model in kinds.items()
    }
