"""What a buyer sees on the glass, and what the demo's story calls it. Pure; no Kivy.

Answers for: reading a view by the roles of its buttons. Does not answer for: what to do (`buyer_mind`), touching (`buyer`).
"""

from collections.abc import Iterator, Mapping

from kiosk.demo.buyer_mind import AcceptorSight, Sight
from kiosk.demo.money_words import major
from kiosk.domain.catalogue import Field, FieldKind, in_language, service_of
from kiosk.domain.fields import shown
from kiosk.link.messages import OrderView, Snapshot
from kiosk.screen import glass as glasses
from kiosk.screen.browsing import At, field_of, is_ready, text_of
from kiosk.screen.glass import Glass
from kiosk.screen.views import EntryView, TilesView, TypingView, View

STORY = "en"  #: the language the story is told in


def sight_of(glass: Glass, snapshot: Snapshot, view: View, acceptor: AcceptorSight | None, now_s: float) -> Sight:
    """Everything a buyer sees now."""
    place = glasses.place(glass)
    in_field = place is At.FIELD
    return Sight(
        snapshot=snapshot,
        place=place,
        field=field_of(glass.browsing).name if in_field else "",
        typed=text_of(glass.browsing) if in_field else glass.typed,
        roles=frozenset(_roles(view)),
        acceptor=acceptor,
        now_s=now_s,
    )


def _roles(view: View) -> Iterator[str]:
    """Of the buttons of choosing that may be touched."""
    frame = (view.chrome.secondary, view.chrome.primary)
    yield from (button.role for button in frame if button is not None and button.enabled)
    match view:
        case TilesView():
            yield from (tile.role for tile in view.tiles if tile.enabled)
        case EntryView():
            yield from (key.role for key in view.keys if key.enabled)
        case TypingView():
            yield from (key.role for row in view.rows for key in row if key.enabled)
        case _:
            pass


def is_filled_in(glass: Glass, order_number: str) -> bool:
    """Whether what is being typed has come to its end."""
    match glasses.place(glass):
        case At.FIELD:
            field = field_of(glass.browsing)
            return field.kind is not FieldKind.CHOICE and is_ready(glass.browsing)
        case _:
            return len(glass.typed) == len(order_number)


def what_of(role: str, glass: Glass, snapshot: Snapshot) -> str:
    """What a tap is about, in words; empty where the role says it all. Nothing personal whole."""
    name, _, argument = role.partition(":")
    match name:
        case "group":
            labels = {group.group_id: group.labels for group in glass.catalogue.groups}
            return _label(labels.get(argument, {}), argument)
        case "service":
            service = service_of(glass.catalogue, argument)
            return _label(service.labels if service else {}, argument)
        case "choice":
            return _filled(field_of(glass.browsing), argument)
        case "next" if glasses.place(glass) is At.FIELD:
            return _filled(field_of(glass.browsing), text_of(glass.browsing))
        case "next":
            return f"the order number {glass.typed}"
        case _:
            return _offer(snapshot.order) if snapshot.order else ""


def _label(labels: Mapping[str, str], otherwise: str) -> str:
    return in_language(labels, STORY) or otherwise


def _filled(field: Field, text: str) -> str:
    label = _label(field.labels, field.name)
    choices = {choice.value: choice.labels for choice in field.choices}
    return f"{label}: {_label(choices[text], text) if text in choices else shown(field, text)}"


def _offer(order: OrderView) -> str:
    """What is paid, how much, to whom."""
    what = f"{order.description} for {order.account}" if order.account else order.description
    amount = major(order.due_minor, order.currency)
    if order.open_amount:
        amount = f"from {amount} to {major(order.max_minor, order.currency)}"
    return f"{what}, {amount} to {order.payee}"
