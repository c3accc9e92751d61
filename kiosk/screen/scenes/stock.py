"""A catalogue with a service of every kind, one to be filled in with letters, one that is far too long, one with many shelves."""

from dataclasses import replace

from kiosk.domain.catalogue import AmountKind, Catalogue, Choice, Field, FieldKind, Group, Service
from kiosk.domain.facts import OverpayPolicy

PHONE = Field(
    "phone",
    FieldKind.PHONE,
    {"en": "Phone number", "bg": "Телефонен номер", "ru": "Номер телефона"},
    {"en": "Nine digits after +359", "bg": "Девет цифри след +359", "ru": "Девять цифр после +359"},
    "+359 ## ### ####",
    9,
    9,
    personal=True,
)
CUSTOMER = Field(
    "customer",
    FieldKind.DIGITS,
    {"en": "Customer number", "bg": "Абонатен номер", "ru": "Номер абонента"},
    {"en": "It stands at the top of your bill", "bg": "Намира се най-горе на фактурата", "ru": "Указан вверху счёта"},
    "###-####",
    7,
    7,
    personal=False,
)
PERIOD = Field(
    "months",
    FieldKind.CHOICE,
    {"en": "How long", "bg": "За колко време", "ru": "На какой срок"},
    {},
    "",
    1,
    10,
    personal=False,
    choices=(
        Choice("1", {"en": "One month", "bg": "Един месец", "ru": "Один месяц"}),
        Choice("12", {"en": "One year", "bg": "Една година", "ru": "Один год"}),
    ),
)
NAME = Field("name", FieldKind.TEXT, {"en": "Name", "bg": "Име", "ru": "Имя"}, {}, "", 2, 40, personal=True)
MAIL = Field("mail", FieldKind.EMAIL, {"en": "E-mail", "bg": "Имейл", "ru": "Эл. почта"}, {}, "", 5, 60, personal=True)

GROUPS = (
    Group("mobile", {"en": "Mobile phones", "bg": "Мобилни телефони", "ru": "Мобильная связь"}, icon="phone"),
    Group("home", {"en": "Home", "bg": "Дом", "ru": "Дом"}),
    Group("net", {"en": "Internet and television", "bg": "Интернет и телевизия", "ru": "Интернет и ТВ"}, "home"),
)
TOP_UP = Service(
    "top-up",
    "mobile",
    {"en": "Prepaid top-up", "bg": "Зареждане на предплатена карта", "ru": "Пополнение предоплаченной карты"},
    "Northern Mobile",
    "EUR",
    AmountKind.OPEN,
    500,
    20_000,
    OverpayPolicy.CREDIT_ALL,
    (PHONE,),
    promoted=True,
)
WATER = Service(
    "water",
    "home",
    {"en": "Water", "bg": "Вода", "ru": "Вода"},
    "City Water",
    "EUR",
    AmountKind.DUE,
    1,
    0,
    OverpayPolicy.HOLD,
    (CUSTOMER,),
)
INTERNET = Service(
    "internet",
    "net",
    {"en": "Internet at home", "bg": "Домашен интернет", "ru": "Домашний интернет"},
    "Fibre Ltd.",
    "EUR",
    AmountKind.FIXED,
    2500,
    0,
    OverpayPolicy.EXACT,
    (CUSTOMER, PERIOD),
)
CHARITY = Service(
    "charity",
    "home",
    {"en": "A gift to the shelter", "bg": "Дарение за приюта", "ru": "Пожертвование приюту"},
    "Animal Shelter",
    "EUR",
    AmountKind.OPEN,
    500,
    0,
    OverpayPolicy.CREDIT_ALL,
    (),
)
OFFERED = Catalogue(7, GROUPS, (TOP_UP, WATER, INTERNET, CHARITY))

LONG_WORDS = {
    "bg": "Топлоснабдяване и битово горещо водоснабдяване за домакинства",
    "ru": "Теплоснабжение и горячее водоснабжение для населения",
    "en": "District heating and domestic hot water for households",
}
MANY = replace(
    OFFERED,
    groups=(*GROUPS, *(Group(f"g{n}", LONG_WORDS if n % 2 else {"en": f"Group {n}"}) for n in range(9))),
    services=(
        *OFFERED.services,
        *(
            replace(
                WATER,
                service_id=f"s{n}",
                group_id=f"g{n % 9}",
                labels=LONG_WORDS,
                payee="Международен търговски дом „Светлина и синове“ ООД",
                promoted=n < 2,
            )
            for n in range(20)
        ),
    ),
)
LONG_FIELD = Field("f", FieldKind.DIGITS, LONG_WORDS, LONG_WORDS, "", 1, 60, personal=False)
LONG = replace(OFFERED, services=(replace(TOP_UP, service_id="long", labels=LONG_WORDS, fields=(LONG_FIELD,)),))

PLATE = Field(
    "plate",
    FieldKind.TEXT,
    {"en": "Number plate", "bg": "Регистрационен номер", "ru": "Номер машины"},
    {"en": "Without spaces", "bg": "Без интервали", "ru": "Без пробелов"},
    "AA #### AA",
    8,
    8,
    personal=False,
)
WISH = replace(NAME, name="wish", labels={"en": "A word with it, if you like"}, min_length=0, max_length=80)
LETTERS = replace(
    OFFERED,
    services=tuple(
        replace(WATER, service_id=f"with-{field.name}", fields=(field,)) for field in (NAME, MAIL, PLATE, WISH)
    ),
)
TWO = replace(OFFERED, groups=GROUPS[:1], services=(TOP_UP, replace(TOP_UP, service_id="second", promoted=False)))
