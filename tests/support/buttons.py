"""Every button of a view-model, wherever it stands."""

from kiosk.screen.staff.views import BoardView, LinesView, PartView, SheetView
from kiosk.screen.views import ButtonView, EntryView, OfferView, TilesView, TypingView, View, WelcomeView


def buttons(view: View) -> list[ButtonView]:
    """Every button of a view."""
    chrome, dialog = view.chrome, view.dialog
    found = [*chrome.languages, chrome.secondary, chrome.primary]
    found += [dialog.primary, dialog.alternative] if dialog else []
    found += view.keys if isinstance(view, EntryView) else ()
    found += [key for row in view.rows for key in row] if isinstance(view, TypingView) else []
    found += [view.alternative] if isinstance(view, OfferView) else []
    found += [ButtonView(tile.role, tile.text) for tile in view.tiles] if isinstance(view, TilesView) else []
    found += [ButtonView(choice.role, choice.text) for choice in view.choices] if isinstance(view, WelcomeView) else []
    found += [ButtonView(light.role, light.text) for light in view.lights] if isinstance(view, BoardView) else []
    found += view.actions if isinstance(view, PartView | SheetView | LinesView) else ()
    return [button for button in found if button is not None]
