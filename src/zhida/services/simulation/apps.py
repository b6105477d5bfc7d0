"""The Django app of simulation."""

from __future__ import annotations

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """What was simulated, and what came of it."""

    name = "zhida.services.simulation"
    label = "simulation"
