"""Who may see and set the group robots of a company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from app.core.actor import Actor
    from app.robots.models import GroupRobot

MOST = 3
"""Robots of one company."""


def can_see(actor: Actor) -> Decision:
    """Every member sees which groups are told what."""
    if actor.organization_id is None:
        return no("You belong to no company.", way_out="company.show")
    return YES


def can_set(actor: Actor) -> Decision:
    """Owners and editors say which groups are told what."""
    seen = can_see(actor)
    if not seen:
        return seen
    return YES if actor.can_edit else no("Only owners and editors of your company set group robots.")


def can_add(actor: Actor, n_robots: int) -> Decision:
    """A company has a few groups at most."""
    if n_robots >= MOST:
        return no("Your company has three group robots already. Remove one first.")
    return can_set(actor)


def can_change(actor: Actor, robot: GroupRobot) -> Decision:
    """A robot is changed by its own company."""
    if not actor.belongs_to(robot.organization_id):
        return no("This group robot belongs to another company.")
    return can_set(actor)


def can_try(actor: Actor, robot: GroupRobot, *, is_trying: bool) -> Decision:
    """A robot that is on is tried out, one message at a time."""
    if robot.off_at is not None:
        return no("This group robot is switched off. Switch it on first.")
    if is_trying:
        return no("A test message is on its way already.")
    return can_change(actor, robot)
