"""Options of selects, whose markup is made once and shown again."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from wtforms import FieldList, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from app.core.forms import RowForm

COLOURS = [SelectChoice("r", "Red"), SelectChoice("g", "Green")]


class ColourForm(RowForm):
    colour = SelectField(choices=COLOURS)
    several = SelectMultipleField(choices=COLOURS)
    rows = FieldList(SelectField(choices=COLOURS), min_entries=2)


class Word:
    """A text that is another one in another language, as lazy translations are."""

    language = "en"

    def __str__(self) -> str:
        return {"en": "Red", "zh": "红"}[self.language]


def drawn(*choices: SelectChoice) -> str:
    form = ColourForm(data={"colour": "r"})
    form.colour.choices = list(choices)
    return str(form.colour())


def test_what_is_chosen_is_marked_however_often_the_list_was_shown() -> None:
    first, second = ColourForm(data={"colour": "r"}), ColourForm(data={"colour": "g"})

    assert str(first.colour()).count("selected") == str(second.colour()).count("selected") == 1
    assert '<option selected value="r">Red</option><option value="g">Green</option>' in first.colour()
    assert '<option value="r">Red</option><option selected value="g">Green</option>' in second.colour()


def test_several_may_be_chosen() -> None:
    form = ColourForm(data={"several": ["r", "g"]})

    assert str(form.several()).count("<option selected") == 2
    assert " multiple " in form.several()


def test_rows_of_a_list_are_drawn_like_single_selects() -> None:
    form = ColourForm(data={"rows": ["r", "g"]})

    assert [str(entry()).count("<option selected") for entry in form.rows] == [1, 1]
    assert '<select id="rows-1" name="rows-1">' in form.rows[1]()


def test_an_option_speaks_the_language_of_each_page(monkeypatch: pytest.MonkeyPatch) -> None:
    word = Word()
    english = drawn(SelectChoice("r", word))

    monkeypatch.setattr(Word, "language", "zh")

    assert ">Red</option>" in english
    assert ">红</option>" in drawn(SelectChoice("r", word))


def test_what_people_typed_is_text_even_after_markup_of_the_same_characters() -> None:
    assert ">1 < 2<b>!</b></option>" in drawn(SelectChoice("r", Markup("1 < 2<b>!</b>")))
    assert ">1 &lt; 2&lt;b&gt;!&lt;/b&gt;</option>" in drawn(SelectChoice("r", "1 < 2<b>!</b>"))
    assert 'value="&#34;&gt;&lt;script&gt;"' in drawn(SelectChoice('"><script>', "x"))


def test_attributes_belong_to_the_option_that_has_them() -> None:
    usual = SelectChoice("r", "Red", {"data-usual": 'a "b"', "disabled": True})

    assert '<option data-usual="a &#34;b&#34;" disabled selected value="r">Red</option>' in drawn(usual)
    assert '<option selected value="r">Red</option>' in drawn(SelectChoice("r", "Red"))


def test_groups_keep_their_options() -> None:
    groups = [SelectChoice("r", "Red", optgroup="Warm"), SelectChoice("b", "Blue", optgroup="Cold")]

    assert '<optgroup label="Warm"><option selected value="r">Red</option></optgroup>' in drawn(*groups)
    assert '<optgroup label="Cold"><option value="b">Blue</option></optgroup>' in drawn(*groups)
