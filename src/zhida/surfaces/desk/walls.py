"""The second wall: while a page of money is read, the database itself shows no other office's lines and payments.

Row security on PostgreSQL, narrowed for one transaction; a mistake in a query's own conditions then shows too little,
never another office's rows. An act may reach further (a stop that is lifted wakes payments of every office): it is held
by the kernel's own checks alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from zhida.surfaces.desk.officers import Officer

View = Callable[..., HttpResponse]


def behind_wall(view: View) -> View:
    """Reading this view, the database shows only the money of the officer's offices. To stand below `for_duty`."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, officer: Officer, **kwargs: Any) -> HttpResponse:
        offices = officer.scope.offices
        if request.method == "POST" or offices is None or connection.vendor != "postgresql":
            return view(request, *args, officer=officer, **kwargs)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('zhida.offices', %s, true)", [",".join(sorted(offices))])
            return view(request, *args, officer=officer, **kwargs)

    answer.walled = True  # type: ignore[attr-defined]
    return answer
