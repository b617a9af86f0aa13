"""Everything the environment decides, read once and checked at start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent
MEBIBYTE = 1024 * 1024
ROBOT_HOSTS = "qyapi.weixin.qq.com"
"""Where the group robots of 企业微信 take messages."""


class SettingsError(RuntimeError):
    """The environment lacks or contradicts something the portal needs."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The portal's settings; every default suits one machine with nothing else installed."""

    secret_key: str
    sealing_key: str
    """Locks what the database stores but must not tell; keep it apart from the database's backups."""
    database_url: str
    mail_url: str
    """``folder:PATH``, ``smtp://[user:password@]host[:port][?starttls=1]`` or ``smtps://…``."""
    broker_url: str
    """Empty for the worker inside the server process, else ``redis://…`` or ``amqp://…``."""
    files_url: str
    """``file:///PATH`` or ``s3://BUCKET``."""
    model_dir: Path
    public_url: str
    """Scheme and host that links in mails start with, without a trailing slash."""
    mail_from: str
    instance_dir: Path
    is_production: bool = False
    worker_threads: int = 1
    max_request_bytes: int = 32 * MEBIBYTE
    max_file_bytes: int = 10 * MEBIBYTE
    trusted_proxies: int = 0
    dkim_key: Path | None = None
    """PEM file of the RSA key that signs messages; None: they go unsigned."""
    dkim_selector: str = "chipbridge"
    mail_reports_secret: str = ""
    """The word with which a mail service hands in bounces and complaints; empty: nobody can."""
    mail_reports_url: str = ""
    """``maildir:PATH``, ``imap://user:password@host/FOLDER`` or ``imaps://…`` to read them from; empty: none."""
    robot_hosts: tuple[str, ...] = (ROBOT_HOSTS,)
    """The only hosts to which messages for group chats are posted."""
    has_loopback_robots: bool = False
    """Whether robots may live on this very machine, without TLS; for development and tests only."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of ``environ``; raise SettingsError naming everything missing."""
        env = os.environ if environ is None else environ
        is_production = env.get("CHIPBRIDGE_ENV", "local") == "production"
        missing = [name for name in ("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "MAIL_URL") if not env.get(name)]
        if is_production and missing:
            raise SettingsError("Set these environment variables: " + ", ".join(missing))
        instance = Path(env.get("INSTANCE_DIR", ROOT / "instance")).resolve()
        secret_key = env.get("SECRET_KEY") or _local_secret(instance)
        return cls(
            secret_key=secret_key,
            sealing_key=env.get("SEALING_KEY") or secret_key,
            database_url=_driver(env.get("DATABASE_URL") or f"sqlite:///{instance / 'chipbridge.sqlite3'}"),
            mail_url=env.get("MAIL_URL") or f"folder:{instance / 'mailbox'}",
            broker_url=env.get("BROKER_URL", ""),
            files_url=env.get("FILES_URL") or (instance / "files").as_uri(),
            model_dir=Path(env.get("MODEL_DIR", instance / "model")),
            public_url=(env.get("PUBLIC_URL") or "http://" + env.get("BIND", "127.0.0.1:8000")).rstrip("/"),
            mail_from=env.get("MAIL_FROM") or "芯端桥 Chipbridge <noreply@chipbridge.example>",
            instance_dir=instance,
            is_production=is_production,
            worker_threads=_number(env, "WORKER_THREADS", 1),
            max_request_bytes=_number(env, "MAX_REQUEST_MIB", 32) * MEBIBYTE,
            max_file_bytes=_number(env, "MAX_FILE_MIB", 10) * MEBIBYTE,
            trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
            dkim_key=Path(env["DKIM_KEY"]) if env.get("DKIM_KEY") else None,
            dkim_selector=env.get("DKIM_SELECTOR") or "chipbridge",
            mail_reports_secret=env.get("MAIL_REPORTS_SECRET", ""),
            mail_reports_url=env.get("MAIL_REPORTS_URL", ""),
            robot_hosts=tuple(env.get("ROBOT_HOSTS", ROBOT_HOSTS).lower().replace(",", " ").split()),
            has_loopback_robots=_loopback(env, is_production=is_production),
        )


def _loopback(env: Mapping[str, str], *, is_production: bool) -> bool:
    is_wanted = env.get("ROBOT_LOOPBACK", "") == "1"
    if is_wanted and is_production:
        raise SettingsError("ROBOT_LOOPBACK lets the portal post to itself; it is not for production")
    return is_wanted


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _driver(url: str) -> str:
    """Name the one PostgreSQL driver that is installed."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _local_secret(instance: Path) -> str:
    """Return this installation's own key, made at the first start and readable by its owner only."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
