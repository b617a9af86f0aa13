"""The desk's blueprints; each of its pages has a module of its own."""

from __future__ import annotations

from app.admin import (
    amendments,
    audit,
    awards,
    calendar,
    challenges,
    companies,
    desk_digests,  # noqa: F401 - adds its pages to the blueprint
    digests,
    event_desk,
    experts,
    funnel,
    interests,
    jobs,
    lexicon,
    mail,
    message_reports,
    model,
    overview,
    pairing_bulk,  # noqa: F401 - adds its pages to the blueprint
    pairing_lists,  # noqa: F401 - adds its pages to the blueprint
    pairings,
    postings,
    programmes,
    reviews,
    runs,
    taxonomy,
    teams,
)

blueprints = (
    overview.bp,
    model.bp,
    lexicon.bp,
    taxonomy.bp,
    companies.bp,
    pairings.bp,
    postings.bp,
    message_reports.bp,
    funnel.bp,
    runs.bp,
    amendments.bp,
    awards.bp,
    challenges.bp,
    programmes.bp,
    calendar.bp,
    teams.bp,
    reviews.bp,
    experts.bp,
    interests.bp,
    event_desk.bp,
    digests.bp,
    mail.bp,
    jobs.bp,
    audit.bp,
)
