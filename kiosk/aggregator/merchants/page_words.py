"""What the pages for buyers say, in the languages a merchant may ask for (Culture)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Texts with `{…}` are filled by the page. `language`: as its speakers call it."""

    language: str
    title: str
    amount: str
    no_fee: str
    number: str
    number_hint: str
    valid: str
    utc: str
    how: str
    steps: tuple[str, str, str]
    look_again: str
    paid: str
    paid_hint: str
    over: str
    over_hint: str
    refused: str
    refused_hint: str
    held: str
    held_hint: str
    to_shop: str
    give_up: str
    goes_by_itself: str
    test: str
    test_hint: str
    test_pay: str
    test_fail: str
    refund: str
    refund_hint: str
    refund_done: str
    invoice: str
    invoice_hint: str
    invoice_start: str
    invoice_closed: str
    wrong: str
    wrong_hint: str
    unknown: str
    qr: str
    other_languages: str


ENGLISH = Words(
    language="English",
    title="Pay at a terminal",
    amount="Amount",
    no_fee="no fee",
    number="Order number",
    number_hint="Type it at the terminal, or hold the code below under its scanner.",
    valid="Valid until {until}",
    utc="UTC",
    how="How to pay",
    steps=(
        "Find a payment terminal and touch “Pay an order”.",
        "Type the order number or scan the code, and check the shop and the amount.",
        "Put in banknotes and take your receipt. Done!",
    ),
    look_again="I have paid: check",
    paid="Paid. Thank you!",
    paid_hint="The shop has been told, or will be in a moment. Keep your receipt.",
    over="This order number is no longer valid",
    over_hint="Do not pay it. Order again in the shop to get a new number.",
    refused="The payment was not accepted",
    refused_hint="Your money is safe: the slip from the terminal has a code under which you get it back.",
    held="This order is being checked",
    held_hint="Do not pay it now. Ask the shop, or look again later.",
    to_shop="Back to the shop",
    give_up="Cancel and go back to the shop",
    goes_by_itself="You are taken back in a few seconds.",
    test="Test order",
    test_hint="No money moves. Choose how this test ends; the shop is told as it would be of a real payment.",
    test_pay="As if paid",
    test_fail="As if given up",
    refund="The shop has returned money: {amount}",
    refund_hint="Get it in cash with this code, at a desk or a terminal that pays out. Whoever has the code gets the money.",
    refund_done="paid out",
    invoice="Invoice",
    invoice_hint="Get a number of your own and pay it at any terminal.",
    invoice_start="Get an order number",
    invoice_closed="This invoice is closed. Ask the shop for a new one.",
    wrong="This payment cannot be started",
    wrong_hint="Tell the shop what is written here:",
    unknown="There is nothing here. Check the address, or order again in the shop.",
    qr="QR code of the order number",
    other_languages="Other languages",
)

BULGARIAN = Words(
    language="Български",
    title="Плащане на терминал",
    amount="Сума",
    no_fee="без такса",
    number="Номер на поръчката",
    number_hint="Въведете го на терминала или поднесете кода отдолу към скенера му.",
    valid="Валиден до {until}",
    utc="UTC",
    how="Как се плаща",
    steps=(
        "Намерете платежен терминал и докоснете „Плащане на поръчка“.",
        "Въведете номера или сканирайте кода и проверете магазина и сумата.",
        "Поставете банкноти и вземете бележката. Готово!",
    ),
    look_again="Платих: провери",
    paid="Платено. Благодарим!",
    paid_hint="Магазинът е уведомен или ще бъде след малко. Пазете бележката.",
    over="Този номер вече не е валиден",
    over_hint="Не го плащайте. Поръчайте отново в магазина, за да получите нов номер.",
    refused="Плащането не беше прието",
    refused_hint="Парите ви са запазени: на бележката от терминала има код, с който ще ги получите обратно.",
    held="Поръчката се проверява",
    held_hint="Не я плащайте сега. Попитайте магазина или погледнете по-късно.",
    to_shop="Към магазина",
    give_up="Отказ и връщане в магазина",
    goes_by_itself="След няколко секунди ще бъдете върнати.",
    test="Тестова поръчка",
    test_hint="Не се движат пари. Изберете как да завърши тестът; магазинът се уведомява като при истинско плащане.",
    test_pay="Все едно е платена",
    test_fail="Все едно е отказана",
    refund="Магазинът върна пари: {amount}",
    refund_hint="Получете ги в брой с този код на каса или на терминал, който изплаща. Парите получава този, у когото е кодът.",
    refund_done="изплатено",
    invoice="Сметка",
    invoice_hint="Вземете свой номер и го платете на който и да е терминал.",
    invoice_start="Вземи номер за плащане",
    invoice_closed="Тази сметка е затворена. Поискайте нова от магазина.",
    wrong="Плащането не може да започне",
    wrong_hint="Кажете на магазина какво пише тук:",
    unknown="Тук няма нищо. Проверете адреса или поръчайте отново в магазина.",
    qr="QR код на номера на поръчката",
    other_languages="Други езици",
)

RUSSIAN = Words(
    language="Русский",
    title="Оплата в терминале",
    amount="Сумма",
    no_fee="без комиссии",
    number="Номер заказа",
    number_hint="Введите его в терминале или поднесите код ниже к сканеру.",
    valid="Действует до {until}",
    utc="UTC",
    how="Как оплатить",
    steps=(
        "Найдите платёжный терминал и нажмите «Оплата заказа».",
        "Введите номер или отсканируйте код и проверьте магазин и сумму.",
        "Вставьте купюры и возьмите чек. Готово!",
    ),
    look_again="Я оплатил: проверить",
    paid="Оплачено. Спасибо!",
    paid_hint="Магазин уже знает об оплате или узнает через минуту. Сохраните чек.",
    over="Этот номер больше не действует",
    over_hint="Не оплачивайте его. Сделайте заказ в магазине ещё раз, чтобы получить новый номер.",
    refused="Платёж не принят",
    refused_hint="Деньги не пропали: на чеке терминала есть код, по которому их вернут.",
    held="Заказ проверяется",
    held_hint="Не оплачивайте его сейчас. Спросите в магазине или загляните позже.",
    to_shop="Вернуться в магазин",
    give_up="Отказаться и вернуться в магазин",
    goes_by_itself="Через несколько секунд вы вернётесь в магазин.",
    test="Тестовый заказ",
    test_hint="Деньги не движутся. Выберите, чем закончится проверка; магазин узнает о ней так же, как о настоящей оплате.",
    test_pay="Как будто оплачен",
    test_fail="Как будто отменён",
    refund="Магазин вернул деньги: {amount}",
    refund_hint="Получите их наличными по этому коду в кассе или в терминале с выдачей. Деньги получит тот, у кого код.",
    refund_done="выплачено",
    invoice="Счёт",
    invoice_hint="Получите свой номер и оплатите его в любом терминале.",
    invoice_start="Получить номер для оплаты",
    invoice_closed="Этот счёт закрыт. Попросите у магазина новый.",
    wrong="Оплату не удалось начать",
    wrong_hint="Сообщите магазину, что здесь написано:",
    unknown="Здесь ничего нет. Проверьте адрес или сделайте заказ ещё раз.",
    qr="QR-код номера заказа",
    other_languages="Другие языки",
)

WORDS: Mapping[str, Words] = {"bg": BULGARIAN, "ru": RUSSIAN, "en": ENGLISH}
