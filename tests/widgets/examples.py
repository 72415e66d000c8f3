"""Examples of the panels that several lessons share."""

from tests.widgets.made import PanelExample

PANELS = {"sharing": PanelExample()}
