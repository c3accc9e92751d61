"""The keyboard on the glass: rows of keys, as wide as the window allows.

Answers for: keys that stay where they are while somebody types, so that a held key stays held. Does not answer for: which keys
there are (`keyboards`), what they mean (`glass`).
"""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.views import KeyView
from kiosk.screen.widgets.button import LETTER_LEAST_MM, KeyButton

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class LetterKey(KeyButton):
    """One key; `span` columns wide."""

    least_mm = LETTER_LEAST_MM
    columns = NumericProperty(1)
    view = ObjectProperty(KeyView("", "", enabled=False), rebind=True)


class KeyRow(BoxLayout):
    """One row, `span` columns wide, in the middle."""

    columns = NumericProperty(1)
    span = NumericProperty(0)
    keys = ObjectProperty(())

    def on_keys(self, _self: object, keys: tuple[KeyView, ...]) -> None:
        """Keys are made once, as long as there are as many."""
        row = self.ids.row
        if len(row.children) != len(keys):
            row.clear_widgets()
            for _ in keys:
                row.add_widget(LetterKey())
        for button, view in zip(reversed(row.children), keys, strict=True):
            button.view = view
            button.size_hint_x = view.span
        self.span = sum(key.span for key in keys)


class Keyboard(BoxLayout):
    """All rows, as high as the largest keys are (`whole`), or as there is `room`."""

    columns = NumericProperty(1)
    whole = NumericProperty(0)
    room = NumericProperty(0)
    rows = ObjectProperty(())

    def on_rows(self, _self: object, rows: tuple[tuple[KeyView, ...], ...]) -> None:
        """Rows are made once, as long as there are as many."""
        if len(self.children) != len(rows):
            self.clear_widgets()
            for _ in rows:
                self.add_widget(KeyRow(columns=self.columns))
        for row, keys in zip(reversed(self.children), rows, strict=True):
            row.columns = self.columns
            row.keys = keys
