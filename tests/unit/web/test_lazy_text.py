"""Sentences that are translated later."""

from __future__ import annotations

from flask import Flask, render_template_string
from flask_babel import Babel, lazy_gettext

import app.web.locale  # noqa: F401 - the module under test changes Flask-Babel's class


def test_what_people_typed_is_escaped_inside_a_sentence_that_is_translated_late() -> None:
    flask = Flask(__name__)
    Babel(flask)
    sentence = lazy_gettext("Finish “%(title)s”", title="<script>alert(1)</script>")

    with flask.test_request_context():
        shown = render_template_string("{{ sentence }}", sentence=sentence)

    assert shown == "Finish “&lt;script&gt;alert(1)&lt;/script&gt;”"
