"""Pages of this slice."""

from __future__ import annotations

from app.catalog.routes.downloads import bp as product_files
from app.catalog.routes.imports import bp as product_imports
from app.catalog.routes.public import bp as public
from app.catalog.routes.workspace import bp as workspace

blueprints = (public, workspace, product_imports, product_files)
