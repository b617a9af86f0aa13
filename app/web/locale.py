"""Which language a page or a mail is in, and how numbers and times look."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import g, has_request_context, request, session
from flask_babel import Babel, Domain, _get_current_context, format_date, format_datetime, gettext
from flask_babel.speaklater import LazyString

from app.accounts.current import current_actor
from app.core.actor import DEFAULT_LOCALE, LOCALES
from app.core.text import with_zone
from app.taxonomy.spoken import said, unit_name, with_unit

if TYPE_CHECKING:
    from flask import Flask


class _Catalogue(Domain):
    """Finds the texts of a language once a page: Flask-Babel works out its name again for each of a thousand texts."""

    def get_translations(self) -> Any:
        """Return the texts of the page's language; Flask-Babel forgets what is kept here when the language changes."""
        page = _get_current_context()
        if page is None:
            return super().get_translations()
        if getattr(page, "babel_translations", None) is None:
            page.babel_translations = super().get_translations()
        return page.babel_translations


babel = Babel()
babel.domain_instance = _Catalogue()
if "__html__" in vars(LazyString):
    # It would pass a whole sentence as safe HTML, with the names and titles that people have put into it.
    del LazyString.__html__
THIN_SPACE = "\u2009"


def init_locale(app: Flask) -> None:
    """Attach Flask-Babel: Chinese unless the reader chose English; Shanghai time everywhere."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel.init_app(
        app,
        default_locale=DEFAULT_LOCALE,
        default_timezone="Asia/Shanghai",
        locale_selector=select_locale,
        timezone_selector=lambda: "Asia/Shanghai",
    )
    app.jinja_env.filters.update(
        datetime=show_datetime,
        zoned=show_zone,
        date=show_date,
        number=show_number,
        wan=show_wan,
        quantity=show_quantity,
        unit=unit_name,
        said=partial(said, ""),
    )


def select_locale() -> str:
    """Return the locale of this page: chosen here, else of the account, else of the browser, else Chinese."""
    if not has_request_context():
        return DEFAULT_LOCALE
    if "locale" not in g:
        g.locale = _select()
    return str(g.locale)


def _select() -> str:
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    actor = current_actor()
    if actor.is_authenticated:
        return actor.locale
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en", "en-US", "en-GB"])
    return "en" if best and best.startswith("en") else DEFAULT_LOCALE


def show_datetime(instant: dt.datetime | None) -> str:
    """Return an instant in Shanghai time with its zone, or a dash."""
    if instant is None:
        return "—"
    return show_zone(format_datetime(instant, "yyyy-MM-dd HH:mm"))


def show_zone(time: str) -> str:
    """Return a time of Shanghai that is written out already with its zone behind it."""
    return with_zone(time, gettext("(Beijing time)"))


def show_date(day: dt.date | None) -> str:
    """Return a day as 2026-11-24, or a dash."""
    if day is None:
        return "—"
    if isinstance(day, dt.datetime):
        return format_datetime(day, "yyyy-MM-dd")
    return format_date(day, "yyyy-MM-dd")


def show_number(value: float | Decimal | None) -> str:
    """Return a number without trailing zeros, thousands grouped by thin spaces, or a dash."""
    if value is None:
        return "—"
    text = f"{Decimal(str(value)).normalize():f}"
    whole, dot, places = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    groups = [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)]
    return sign + THIN_SPACE.join(reversed(groups)) + dot + places


def show_wan(value: Decimal | None) -> str:
    """Return an amount kept in ten thousand yuan: 1500 万元, or CNY 15 000 000 in English."""
    if value is None:
        return "—"
    if select_locale() == DEFAULT_LOCALE:
        return f"{show_number(value)}{THIN_SPACE}万元"
    return f"CNY{THIN_SPACE}{show_number(value * 10_000)}"


def show_quantity(value: float | Decimal | None, unit: str = "") -> str:
    """Return a value and its unit, never wrapped apart."""
    if value is None:
        return "—"
    return with_unit(show_number(value), unit)
