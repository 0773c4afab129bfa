"""What insight knows about a person: sums of what others announced."""

from __future__ import annotations

from weike.kernel.personal import Holding, PersonalData

PERSONAL_DATA = PersonalData("insight", (Holding("sales", "insight.sales", is_kept=True),))
