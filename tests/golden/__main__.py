"""Write every golden e-mail anew: ``python -m tests.golden``; then read the difference before it is committed."""

from __future__ import annotations

from tests.golden.letters import FOLDER, write_all

print(f"{write_all()} files written to {FOLDER}")
