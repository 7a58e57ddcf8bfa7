"""The fixed answers of a listing, in plain words. Stored values are lasting names; labels may be reworded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from groups.schedule.rules import Frequency


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    TELEPHONE = "telephone", _("By telephone")
    HOME = "home", _("At your home")


class FrequencyChoice(models.TextChoices):
    WEEKLY = Frequency.WEEKLY.value, _("Every week, or every few weeks")
    MONTHLY = Frequency.MONTHLY.value, _("Every month")
    ONCE = Frequency.ONCE.value, _("Once")
    ARRANGED = Frequency.ARRANGED.value, _("By arrangement")


class Answer(models.TextChoices):
    """An answer about access. "Not known" is never shown as "no" (`domain.md`, "Access answers")."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    ASK = "ask", _("Ask us")
    UNKNOWN = "unknown", _("Not known")


class Gender(models.TextChoices):
    ANYONE = "anyone", _("Anyone")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")


class Cost(models.TextChoices):
    FREE = "free", _("Free")
    DONATION = "donation", _("Pay what you can")
    PAID = "paid", _("There is a charge")
    VARIES = "varies", _("It varies")
    UNKNOWN = "unknown", _("Not known")


class Joining(models.TextChoices):
    DROP_IN = "drop_in", _("Just turn up")
    CONTACT_FIRST = "contact_first", _("Get in touch first")
    BOOK = "book", _("Book a place")
    REFERRAL = "referral", _("Someone refers you")
    UNKNOWN = "unknown", _("Not known")


class Served(models.TextChoices):
    PLACE = "place", _("A town, village or suburb")
    RADIUS = "radius", _("So many miles around a place")
    DISTRICT = "district", _("A whole council area")
    COUNTRY = "country", _("The whole country")


class ContactKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WEBSITE = "website", _("Website")


class ContactVisibility(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    LINK_WORKERS = "link_workers", _("Link workers only")
    ORGANISERS = "organisers", _("Organisers and staff only")


class Capacity(models.TextChoices):
    SPACE = "space", _("Has space")
    WAITING_LIST = "waiting_list", _("Waiting list")
    FULL = "full", _("Full")
    UNKNOWN = "unknown", _("Not known")


class Status(models.TextChoices):
    OPEN = "open", _("Running")
    PAUSED = "paused", _("Taking a break")
    CLOSED = "closed", _("Closed for good")


class LocationVisibility(models.TextChoices):
    """Strictest last (`model.md`, "Venues and private places")."""

    PUBLIC = "public", _("Everyone can see where we meet")
    AREA_ONLY = "area_only", _("Show the area only")
    ON_CONTACT = "on_contact", _("Show the area, and people ask us where")
    HIDDEN = "hidden", _("Hidden: town only, and no address is kept")


class Stage(models.TextChoices):
    """Assurance: never "approved" or "safe" (`domain.md`, "Assurance")."""

    LISTED = "listed", _("Listed")
    READY = "ready", _("Ready for referrals")
    QUALITY = "quality", _("Quality mark held")


class ConfirmedBy(models.TextChoices):
    GROUP = "group", _("the group")
    STAFF = "staff", _("our staff")
    LINK_WORKER = "link_worker", _("a link worker")


class Weekday(models.TextChoices):
    MON = "mon", _("Monday")
    TUE = "tue", _("Tuesday")
    WED = "wed", _("Wednesday")
    THU = "thu", _("Thursday")
    FRI = "fri", _("Friday")
    SAT = "sat", _("Saturday")
    SUN = "sun", _("Sunday")

    @property
    def number(self) -> int:
        """Monday is 0, as in `datetime.date.weekday`."""
        return list(Weekday).index(self)


class WeekOfMonth(models.TextChoices):
    FIRST = "1", _("First")
    SECOND = "2", _("Second")
    THIRD = "3", _("Third")
    FOURTH = "4", _("Fourth")
    LAST = "-1", _("Last")


class AccessFeature(models.TextChoices):
    """What people need to know to get in and feel all right (`domain.md`, "Access answers")."""

    STEP_FREE = "step_free", _("Step-free all the way in")
    LEVEL_ROUTE = "level_route", _("Level route from the stop")
    WIDE_DOORS = "wide_doors", _("Wide doors")
    LIFT = "lift", _("Lift")
    PARKING = "parking", _("Parking close by")
    ACCESSIBLE_TOILET = "accessible_toilet", _("Accessible toilet")
    CHANGING_PLACES = "changing_places", _("Changing Places toilet")
    GENDER_NEUTRAL_TOILET = "gender_neutral_toilet", _("Toilet for any gender")
    HEARING_LOOP = "hearing_loop", _("Hearing loop")
    BSL = "bsl", _("British Sign Language")
    CAPTIONS = "captions", _("Captions")
    QUIET_SPACE = "quiet_space", _("Quiet space")
    GOOD_LIGHT = "good_light", _("Good light and clear signs")
    ASSISTANCE_DOGS = "assistance_dogs", _("Assistance dogs welcome")
    CALM_SENSES = "calm_senses", _("Low noise and few smells")
    EASY_READ = "easy_read", _("Easy read papers")
    CARER_FREE = "carer_free", _("A carer comes free")
    REST_BREAKS = "rest_breaks", _("Rest breaks")
    PUBLIC_TRANSPORT = "public_transport", _("Near a bus or train")
