"""What people type into the form of a need."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.datastructures import MultiDict

from app.compliance import Asked
from app.demands.forms import NeedForm, change_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def _request(portal: Flask) -> Iterator[None]:
    with portal.test_request_context("/?", headers={"Accept-Language": "en"}):
        yield


def typed(**values: Any) -> NeedForm:
    """Return the form as it arrives with these texts."""
    return NeedForm(formdata=MultiDict(values), meta={"csrf": False})


def errors_of(name: str, text: str) -> list[str]:
    form = typed(**{name: text})
    form.validate()
    return list(form._fields[name].errors)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("temp_min", "nan"),
        ("temp_min", "inf"),
        ("temp_min", "1e999"),
        ("temp_max", "warm"),
        ("temp_max", "501"),
        ("target_price_cny", "NaN"),
        ("target_price_cny", "sNaN"),
        ("target_price_cny", "Infinity"),
        ("target_price_cny", "1e30"),
        ("target_price_cny", "0"),
        ("target_price_cny", "0.00001"),
        ("target_price_cny", "=1+1"),
        ("annual_volume_kpcs", "1.5"),
        ("annual_volume_kpcs", "many"),
        ("annual_volume_kpcs", "9" * 5000),
        ("annual_volume_kpcs", "0"),
        ("sample_by", "2027-02-30"),
        ("sample_by", "tomorrow"),
        ("title", "长" * 61),
        ("end_product", "长" * 121),
        ("use_description", "长" * 801),
        ("software_needs", "长" * 501),
        ("quality_grade", "military"),
        ("terminal_category", "T9999"),
        ("urgency", "6"),
        ("current_supply", "stolen"),
    ],
)
def test_bad_input_is_refused_beside_its_field(name: str, text: str) -> None:
    assert errors_of(name, text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temp_min", "－４０", -40.0),
        ("temp_max", "８５．５", 85.5),
        ("annual_volume_kpcs", "４００", 400),
        ("target_price_cny", "１２．５", Decimal("12.5")),
        ("sample_by", "２０２７-０１-３１", dt.date(2027, 1, 31)),
        ("title", "  采样\x00芯片\t", "采样芯片"),
        ("end_product", "=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("end_product", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_full_width_digits_count_and_texts_stay_as_typed(name: str, text: str, value: object) -> None:
    form = typed(**{name: text})

    assert form.validate(), form.errors
    assert getattr(form.to_command(), name) == value


def test_a_requirement_is_stored_in_half_width_with_its_canonical_unit() -> None:
    form = typed(**{
        "params-0-key": "cell_err", "params-0-op": "<=", "params-0-value": "２．５", "params-0-unit": "mv",
        "params-0-level": "wish", "params-0-condition": "25 ℃",
    })  # fmt: skip

    assert form.to_command().params == (Asked("cell_err", "<=", "2.5", "mV", is_must=False, condition="25 ℃"),)


def test_blank_rows_are_left_out() -> None:
    form = typed(**{
        "params-0-key": "", "params-0-op": ">=", "params-0-value": "", "params-0-level": "must",
        "params-1-key": "cells", "params-1-op": "covers", "params-1-value": "14～18", "params-1-level": "must",
        "categories-0": "", "categories-1": "C0407", "categories-2": "C0407",
    })  # fmt: skip

    command = form.to_command()

    assert [asked.value for asked in command.params] == ["14~18"]
    assert command.categories == ("C0407",)


def test_a_fault_of_a_row_stands_in_its_cell_though_blank_rows_come_before_it() -> None:
    form = typed(**{
        "params-0-key": "", "params-0-op": ">=", "params-0-value": "", "params-0-level": "must",
        "params-1-key": "cells", "params-1-op": "covers", "params-1-value": "abc", "params-1-level": "must",
    })  # fmt: skip
    form.wants_complete = True

    form.validate()

    assert form.params.entries[1].form.value.errors == ["Enter a range as low~high, for example -40~85."]
    assert not form.params.entries[0].form.value.errors


def test_a_wrong_operator_is_no_choice() -> None:
    form = typed(**{"params-0-key": "cells", "params-0-op": "'; DROP TABLE needs", "params-0-value": "1"})

    assert not form.validate()


def test_qualification_standards_are_split_at_either_semicolon() -> None:
    form = typed(qual_standards="AEC-Q100 G2；ISO 26262; ;IEC 60730")

    assert form.to_command().qual_standards == ("AEC-Q100 G2", "ISO 26262", "IEC 60730")


def test_parameters_of_the_chosen_category_come_first() -> None:
    form = typed(**{"categories-0": "C0407"})

    choices = form.params.append_entry().form.key.choices

    assert [choice.value for choice in choices[:3]] == ["", "cells", "cell_err"]
    assert [choice.optgroup for choice in choices if choice.value == "cells"] == ["Usual for the chip category"]


def test_without_a_category_every_parameter_can_be_chosen() -> None:
    choices = typed().params.append_entry().form.key.choices

    assert {choice.optgroup for choice in choices} == {None, "Other parameters"}
    assert "cells" in [choice.value for choice in choices]


@pytest.mark.parametrize("category", ["", "C0407"])
def test_a_new_row_of_categories_can_be_chosen_from(category: str) -> None:
    form = typed(**{"categories-0": category})

    assert change_rows(form, {"add_categories": "1"})
    assert len(form.categories.entries) == 2
    assert len(list(form.categories.entries[1].iter_choices())) > 100


def test_a_button_removes_its_row_and_keeps_the_others() -> None:
    form = typed(**{
        "params-0-key": "cells", "params-0-value": "1", "params-1-key": "cell_err", "params-1-value": "2",
        "params-2-key": "sleep_i", "params-2-value": "3",
    })  # fmt: skip

    assert change_rows(form, {"remove_params": "1"})
    assert [entry.form.value.data for entry in form.params.entries] == ["1", "3"]


@pytest.mark.parametrize("button", [{}, {"remove_params": "99"}, {"remove_params": "-1"}, {"remove_params": "x"},
                                    {"remove_params": "1" * 5000}])  # fmt: skip
def test_other_buttons_change_no_row(button: dict[str, str]) -> None:
    assert not change_rows(typed(), button)


def test_no_row_is_added_beyond_the_limit() -> None:
    form = typed(**{f"categories-{place}": "C0407" for place in range(5)})

    assert not change_rows(form, {"add_categories": "1"})


def test_more_rows_than_allowed_are_not_read() -> None:
    form = typed(**{f"params-{place}-value": "1" for place in range(60)})

    assert len(form.params.entries) == 40
