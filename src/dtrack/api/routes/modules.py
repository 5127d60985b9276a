"""``/api/v1/reporting-modules``: reports to several instruments that one text would serve."""

from typing import Annotated

from fastapi import APIRouter, Query

from dtrack.answer.modules import ModulesView, reporting_modules
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.linked import LinkedRoute
from dtrack.api.narrowing import LimitOf, MoreOf, OffsetOf

router = APIRouter(prefix="/api/v1", tags=["Overlap"], route_class=LinkedRoute)


@router.get("/reporting-modules", summary="Reporting modules that several reports share")
def get_reporting_modules(
    service: ServiceOf,
    language: LanguageOf,
    more: MoreOf,
    party: Annotated[str | None, Query(description="Only this Party, by code or name")] = None,
    module: Annotated[str | None, Query(description="Only this module, by key or name")] = None,
    limit: LimitOf = 50,
    offset: OffsetOf = 0,
) -> ModulesView:
    """Modules of option 2.1 of the options paper, with the Parties that would write each once.

    Pages are pages of Parties: those bound by two or more of a module's instruments.
    """
    view = reporting_modules(
        service.answers, party=party, module=module, language=language, limit=limit, offset=offset
    )
    more(view.total, offset + limit)
    return view
