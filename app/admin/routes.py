"""The desk's blueprints; each of its pages has a module of its own."""

from __future__ import annotations

from app.admin import (
    amendments,
    audit,
    awards,
    calendar,
    challenges,
    companies,
    digests,
    event_desk,
    experts,
    jobs,
    lexicon,
    mail,
    model,
    overview,
    pairings,
    postings,
    programmes,
    reviews,
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
    amendments.bp,
    awards.bp,
    challenges.bp,
    programmes.bp,
    calendar.bp,
    teams.bp,
    reviews.bp,
    experts.bp,
    event_desk.bp,
    digests.bp,
    mail.bp,
    jobs.bp,
    audit.bp,
)
