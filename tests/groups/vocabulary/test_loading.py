"""The shipped vocabulary: whole, once, and never over what staff wrote."""

import pytest
from django.core.management import call_command

from groups.listings import changes
from groups.models import Activity, Circumstance, FalseFriend, HelpPanel, Language, Need, NeedActivity
from groups.vocabulary import loading
from groups.vocabulary.lexicon import Meaning, lexicon

pytestmark = pytest.mark.django_db


def everything():
    models = (Activity, Need, NeedActivity, Circumstance, Language, FalseFriend, HelpPanel)
    return {model.__name__: model.objects.count() for model in models}


def test_every_shipped_term_arrives_with_its_links():
    loading.load()
    assert Activity.objects.count() == 64
    assert Need.objects.count() == 57
    lonely = Need.objects.get(slug="lonely")
    helping = [(row.activity.slug, row.strength) for row in lonely.helping_activities.all()]
    assert helping[:3] == [("coffee_morning", 100), ("befriending", 100), ("lunch_club", 84)]
    walking = Activity.objects.get(slug="walking")
    assert {other.slug for other in walking.related.all()} == {"outdoors", "gentle_exercise", "conservation"}
    assert (walking.family.slug, walking.family.colour, walking.short) == ("move", "ochre", "Walking")
    assert Need.objects.get(slug="not_safe_at_home").help_panel.slug == "abuse"


def test_what_people_type_is_understood_at_once():
    loading.load()
    found = lexicon().find("somewhere to knit and natter")
    assert Meaning("activity", "craft") in {meaning for item in found for meaning in item.meanings}


def test_the_second_time_changes_nothing():
    loading.load()
    before = everything()
    again = loading.load()
    assert everything() == before
    assert not any(again.added.values())
    assert again.phrases == set()


def test_what_staff_changed_stays():
    loading.load()
    walking = Activity.objects.get(slug="walking")
    walking.label, walking.phrases = "Strolls", "stroll"
    walking.save()
    Activity.objects.get(slug="art").delete()

    loading.load()
    walking.refresh_from_db()
    assert (walking.label, walking.phrases) == ("Strolls", "stroll")
    assert Activity.objects.filter(slug="art").exists()


def test_reset_puts_shipped_words_back_and_keeps_terms_of_our_own():
    loading.load()
    before = everything()
    Activity.objects.filter(slug="walking").update(label="Strolls")
    own = Activity.objects.create(
        slug="kites",
        label="Kite flying",
        family=Activity.objects.first().family,
        locale=Activity.objects.first().locale,
    )
    loading.load(reset=True)
    assert Activity.objects.get(slug="walking").label == "Walking groups"
    assert Activity.objects.filter(pk=own.pk).exists()
    assert everything() == {**before, "Activity": before["Activity"] + 1}


def test_it_passes_the_vocabulary_door_once(monkeypatch):
    heard = []
    monkeypatch.setattr(changes, "_watchers", [heard.append])
    loading.load()
    assert len(heard) == 1
    assert "coffee morning" in heard[0]


def test_an_unknown_id_is_named_and_nothing_is_written(monkeypatch):
    read = loading._read

    def broken(name):
        data = read(name)
        if name != "needs":
            return data
        need = {**data["areas"][0]["needs"][0], "activities": ["juggling"]}
        return {"areas": [{**data["areas"][0], "needs": [need]}]}

    monkeypatch.setattr(loading, "_read", broken)
    with pytest.raises(loading.VocabularyFileError, match="juggling"):
        loading.load()
    assert not any(everything().values())


def test_the_command_says_what_it_did(capsys):
    call_command("load_vocabulary")
    assert "64 activities" in capsys.readouterr().out
    call_command("load_vocabulary")
    assert "everything is here already" in capsys.readouterr().out
