"""Commands of the operator: ``flask --app wsgi GROUP COMMAND``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.core import clock
from app.core.actor import StaffRole
from app.db import current_session, db, transaction

if TYPE_CHECKING:
    from flask import Flask

    from app.sample.people import Account

STAFF_ROLES = [role.value for role in StaffRole]
system = AppGroup("system", help="Prepare and upgrade an installation.")
sample = AppGroup("sample", help="Load the fictional sample data.")
users = AppGroup("users", help="Administrators and passwords.")
matching = AppGroup("matching", help="Compute suggestions.")
digests = AppGroup("digests", help="Make and send digests.")


def init_cli(app: Flask) -> None:
    """Register every group."""
    for group in (system, sample, users, matching, digests):
        app.cli.add_command(group)


@system.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database up to date."""
    from app.migrate import upgrade

    upgrade(db.engine)
    click.echo("The database is up to date.")


@system.command("draft-migration")
@click.argument("message")
@with_appcontext
def draft_migration(message: str) -> None:
    """Let Alembic compare the models with the database and draft a migration called MESSAGE."""
    from alembic import command

    from app.migrate import configuration

    with db.engine.begin() as connection:
        command.revision(configuration(connection), message=message, autogenerate=True)


@system.command("prepare")
@click.pass_context
def prepare(context: click.Context) -> None:
    """Make a new installation ready: database, programmes, sample data, suggestions. What is there already stays."""
    context.invoke(migrate)
    context.invoke(seed_programmes)
    context.invoke(load_sample)


@system.command("seed-programmes")
@with_appcontext
def seed_programmes() -> None:
    """Add the programmes every installation begins with; those that are there stay as they are."""
    from app.challenges.service import seed_programmes as seed

    with transaction() as session:
        click.echo(f"{seed(session, now=clock.now())} programmes added.")


@system.command("verify-audit")
@with_appcontext
def verify_audit() -> None:
    """Check every hash of the audit trail; ends with an error when something is not as it was written."""
    from app.audit.verify import verify

    verdict = verify(current_session())
    click.echo(f"{verdict.n_events} entries and {verdict.n_days} published days checked.")
    if not verdict.is_whole:
        _refuse(f"{verdict.fault} ({verdict.where})")


@sample.command("load")
@with_appcontext
def load_sample() -> None:
    """Load what of the sample is missing; log-ins are shown once, when they are made."""
    from app.sample import loader, meetings, pairings
    from app.sample.people import DEMO_PEOPLE

    is_new = not loader.is_loaded(current_session())
    loader.load(now=clock.now(), announce=_announce)
    if not loader.is_matched(current_session()):
        from app.jobs.matching import recompute_all

        click.echo(f"{recompute_all(_progress, trigger='sample')} pairings suggested.")
        with transaction() as session:
            click.echo(f"{pairings.decide_some(session, now=clock.now())} of them approved.")
    with transaction() as session:
        if not meetings.is_loaded(session):
            click.echo(f"{meetings.load_events(session, now=clock.now())} meetings of an event held.")
    if not is_new:
        click.echo("The sample data is loaded. Its log-ins (their passwords were shown at the first run):")
        for person in DEMO_PEOPLE:
            click.echo(f"  {person.email}  {person.role}")
        click.echo("For a new password: flask --app wsgi users set-password EMAIL")


def _announce(accounts: list[Account]) -> None:
    click.echo("Demo accounts. The passwords were made just now and are kept nowhere else:")
    for account in accounts:
        click.echo(f"  {account.email:32} {account.password:20} {account.role:20} {account.organization}")
    click.echo("Passphrases of their keys, which open sealed bids after a deadline:")
    for account in accounts:
        if account.passphrase:
            click.echo(f"  {account.email:32} {account.passphrase}")


def _progress(done: int, total: int) -> None:
    click.echo(f"Needs matched: {done} of {total}")


@users.command("make-admin")
@click.argument("email")
@click.option("--name", default="", help="As other people see it.")
@click.password_option(help="Asked for when it is not given.")
@with_appcontext
def make_admin(email: str, name: str, password: str) -> None:
    """Give EMAIL, new or known, the authority's role and a password; the address counts as confirmed."""
    from app.accounts.service import make_administrator
    from app.core.errors import RuleViolation

    given = {"email": _address(email), "name": name, "password_hash": _hash(password)}
    try:
        with transaction() as session:
            user = make_administrator(session, now=clock.now(), **given)
            click.echo(f"{user.email} decides for the authority now.")
    except RuleViolation as error:
        _refuse(error.message)


@users.command("make-staff")
@click.argument("email")
@click.option("--role", type=click.Choice(STAFF_ROLES), required=True, help="In which capacity the person acts.")
@click.option("--city", default="", help="Code of the city (440300) for whose authority a prefecture officer decides.")
@click.option("--name", default="", help="As other people see it.")
@click.password_option(help="Asked for when it is not given.")
@with_appcontext
def make_staff(email: str, role: str, city: str, name: str, password: str) -> None:
    """Give EMAIL, new or known, a role outside of the companies and a password; the address counts as confirmed."""
    from app.accounts.service import make_staff as make
    from app.core.errors import RuleViolation

    given = {"email": _address(email), "name": name, "city_code": city, "password_hash": _hash(password)}
    try:
        with transaction() as session:
            user = make(session, role=StaffRole(role), now=clock.now(), **given)
            click.echo(f"{user.email} acts as {role}{f' of {city}' if city else ''} now.")
    except RuleViolation as error:
        _refuse(error.message)


@users.command("set-password")
@click.argument("email")
@click.password_option(help="Asked for when it is not given.")
@with_appcontext
def set_password(email: str, password: str) -> None:
    """Give a known person a new password; ends the person's sessions."""
    from app.accounts.service import set_password as change

    with transaction() as session:
        change(session, email=_address(email), password_hash=_hash(password))
    click.echo("The password has been changed.")


def _address(email: str) -> str:
    from app.accounts.mail import normal_address

    try:
        return normal_address(email)
    except ValueError:
        _refuse("This is not an e-mail address.")


def _hash(password: str) -> str:
    from flask_security import hash_password

    from app.accounts.login_forms import PasswordRules

    problems, normal = PasswordRules(current_app).validate(password, is_register=False)
    if problems:
        _refuse(" ".join(str(problem) for problem in problems))
    hashed: str = hash_password(normal)
    return hashed


def _refuse(message: str) -> NoReturn:
    raise click.ClickException(message)


@matching.command("recompute")
@with_appcontext
def recompute() -> None:
    """Fit the model on the whole catalogue and compute the suggestions of every open need."""
    from app.jobs.matching import recompute_all

    click.echo(f"{recompute_all(_progress, trigger='command')} pairings suggested.")


@digests.command("send")
@click.option("--frequency", type=click.Choice(["daily", "weekly", "monthly", "all"]), default="all", show_default=True)
@with_appcontext
def send(frequency: str) -> None:
    """Make the digests of everybody who wants them that often and deliver them."""
    from app.jobs.digests import run_digests
    from app.mail.delivery import deliver_due
    from app.mail.transports import transport_for

    n_made = run_digests(lambda done, total: click.echo(f"Readers: {done} of {total}"), frequency=frequency)
    n_sent = deliver_due(transport_for(current_app.extensions["chipbridge_settings"].mail_url))
    click.echo(f"{n_made} digests made, {n_sent} messages delivered.")
