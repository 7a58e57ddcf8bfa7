import pytest

from groups.imports.plain_text import cell_text, plain, shortened, tidy
from groups.imports.sentences import split_summary


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>We offer</p><ul><li>tea</li><li>cake &amp; chat</li></ul>", "We offer\n\n- tea\n- cake & chat"),
        ("Tea<br>Cake<br/>Chat", "Tea\nCake\nChat"),
        ("<p><br></p>", ""),
        ("<script>alert(1)</script><b>Bold</b> words", "Bold words"),
        ("Tea &lt;b&gt; cake", "Tea <b> cake"),
        ("5 < 6 and R&D", "5 < 6 and R&D"),
        ("caf\u00e9\u00a0\u200bopen\x07 now", "café open now"),
        ("cafÃ©", "cafÃ©"),
        ("<!-- a note --><h2>Title</h2>Text", "Title\n\nText"),
        ("<div>" * 5000 + "deep", "deep"),
    ],
)
def test_html_becomes_plain_text(html, expected):
    assert plain(html) == expected


@pytest.mark.parametrize("value", [None, "", "  ", "NA", "n/a", "null", "-", {}, {"a": 1}, [], [None, "N/A"]])
def test_what_says_nothing_is_empty(value):
    assert cell_text(value) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Tea and chat. Phone: [phone removed] Email [email removed]", "Tea and chat."),
        ("[email removed]", ""),
        (42, "42"),
        (True, "yes"),
        (False, "no"),
        (["a", "b"], "a, b"),
        ("\ud800x", "x"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_what_is_not_text_becomes_text(value, expected):
    assert cell_text(value) == expected


def test_joiners_stay_inside_other_scripts_only():
    assert tidy("می\u200cخواهم a\u200cb") == "می\u200cخواهم ab"


@pytest.mark.parametrize("limit", range(8, 30))
def test_cuts_between_words(limit):
    text = "walks and talks by the river"
    cut = shortened(text, limit)
    assert len(cut) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]) and text[len(cut) - 1] in " ")


@pytest.mark.parametrize(
    ("text", "summary", "description"),
    [
        (
            "We knit. We chat about everything under the sun here.",
            "We knit. We chat about everything under the sun here.",
            "",
        ),
        (
            "St. Mary's runs a lunch club for people over sixty. It is warm.",
            "St. Mary's runs a lunch club for people over sixty.",
            "It is warm.",
        ),
        ("A choir for all.\n\n- Mondays\n- Fridays", "A choir for all.", "- Mondays\n- Fridays"),
        ("", "", ""),
    ],
)
def test_the_first_sentence_is_the_summary_and_the_rest_is_kept(text, summary, description):
    assert split_summary(text) == (summary, description)


def test_a_sentence_too_long_for_a_summary_is_kept_whole_below_it():
    text = "We " + "walk and talk and " * 30 + "rest."
    summary, description = split_summary(text)
    assert len(summary) <= 200
    assert summary.endswith("…")
    assert description == text
