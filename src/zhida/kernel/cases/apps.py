"""The Django app of cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registered as `cases`."""

    name = "zhida.kernel.cases"
    label = "cases"
