"""Answers of Robokassa's XML web service, plain or in a SOAP 1.1 envelope.

Answers for: elements, namespaces, reading an envelope safely. Does not answer for: what is in an answer (`web_service`).
Element names: aggregator protocols 1.5; those of the roots are recalled, unverified.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kiosk.aggregator.errors import MerchantError, MerchantFault

NAMESPACE = "http://merchant.roboxchange.com/WebService/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"

#: Root element of every method's answer.
ROOTS: Mapping[str, str] = {
    "OpState": "OperationStateResponse",
    "OpStateExt": "OperationStateResponse",
    "GetCurrencies": "CurrenciesList",
    "GetPaymentMethods": "PaymentMethodsList",
    "GetRates": "RatesList",
    "CalcOutSumm": "CalcSummsResponseData",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One element; without children it has a text."""

    tag: str
    text: str = ""
    children: tuple["Node", ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


def node(tag: str, *children: Node, **attributes: str) -> Node:
    """An element with children."""
    return Node(tag, "", children, attributes)


def result(code: int, description: str = "") -> Node:
    """The Result every answer begins with; a refused one has nothing else."""
    said = (Node("Description", _clean(description)),) if description else ()
    return node("Result", Node("Code", str(code)), *said)


def document(method: str, nodes: Iterable[Node]) -> bytes:
    """An answer over GET or POST."""
    root = ET.Element(ROOTS[method], xmlns=NAMESPACE)
    for one in nodes:
        _add(root, one)
    return _bytes(root)


def envelope(method: str, nodes: Iterable[Node]) -> bytes:
    """The same answer over SOAP."""
    root = ET.Element("soap:Envelope", {"xmlns:soap": SOAP})
    answer = ET.SubElement(ET.SubElement(root, "soap:Body"), f"{method}Response", xmlns=NAMESPACE)
    inner = ET.SubElement(answer, f"{method}Result")
    for one in nodes:
        _add(inner, one)
    return _bytes(root)


def soap_fault(message: str) -> bytes:
    """An envelope that could not be read."""
    root = ET.Element("soap:Envelope", {"xmlns:soap": SOAP})
    fault = ET.SubElement(ET.SubElement(root, "soap:Body"), "soap:Fault")
    ET.SubElement(fault, "faultcode").text = "soap:Client"
    ET.SubElement(fault, "faultstring").text = _clean(message)
    return _bytes(root)


def read_envelope(body: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Method and parameters of a SOAP 1.1 request. Raises MerchantError; entities and document types are refused unread."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError):
        raise _no_envelope("it is not plain XML") from None
    asked = list(root.find(f"{{{SOAP}}}Body") or ())
    if root.tag != f"{{{SOAP}}}Envelope" or len(asked) != 1:
        raise _no_envelope("it has to hold one Body with one method")
    prefix = f"{{{NAMESPACE}}}"
    method = asked[0].tag.removeprefix(prefix)
    if method not in ROOTS:
        message = f"{method[:40]!r} is not one of {', '.join(ROOTS)}"
        raise MerchantError(MerchantFault.METHOD_UNKNOWN, message)
    return method, [(one.tag.removeprefix(prefix), one.text or "") for one in asked[0]]


def _no_envelope(why: str) -> MerchantError:
    return MerchantError(MerchantFault.ENVELOPE_INVALID, f"this is not a SOAP 1.1 envelope: {why}")


def _add(parent: ET.Element, one: Node) -> None:
    made = ET.SubElement(parent, one.tag, {name: _clean(value) for name, value in one.attributes.items()})
    made.text = _clean(one.text) or None
    for child in one.children:
        _add(made, child)


def _clean(text: str) -> str:
    """Without the control characters XML 1.0 has no way to write."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _bytes(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
