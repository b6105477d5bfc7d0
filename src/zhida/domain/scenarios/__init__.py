"""What a policy would cost and whom it would reach, before it is issued: pure parts; services/simulation runs them.

Read it in this order. `overlay`: a scenario is a small file laid over a pack. `offers`: what of an item a population is
asked. `stacking`, `claiming` and `allocation`: who gets how much where items exclude each other, where not everybody
claims, and where money or places are short. `cells`: the sums, and the small ones folded together. `changing`: what one
subject could change to be entitled. `combining`: which items pay it most together.

The reader's page is docs/explanation/simulation.md.
"""

from zhida.domain.scenarios.allocation import allotted
from zhida.domain.scenarios.cells import Cell, Dimension, folded
from zhida.domain.scenarios.claiming import Forecast, TakeUp, arrivals, claims, forecast
from zhida.domain.scenarios.offers import Offer, offer_of
from zhida.domain.scenarios.overlay import Base, Scenario, in_force, read_scenario
from zhida.domain.scenarios.stacking import stacked

__all__ = [
    "Base",
    "Cell",
    "Dimension",
    "Forecast",
    "Offer",
    "Scenario",
    "TakeUp",
    "allotted",
    "arrivals",
    "claims",
    "folded",
    "forecast",
    "in_force",
    "offer_of",
    "read_scenario",
    "stacked",
]
