"""The frame of every page for buyers: one document without scripts, its style, its headers.

Answers for: escaping, looks, what a browser may do with the page. Does not answer for: what a page says (`pay_page`).
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse

from kiosk.aggregator.merchants.page_words import WORDS, Words

STYLE = """
:root{--ink:#14202b;--soft:#51606e;--paper:#fff;--desk:#eef2f5;--line:#d4dce3;--go:#0b5fa5;--good:#0f6b3c;--bad:#9b1c1c}
*{box-sizing:border-box}
body{margin:0;background:var(--desk);color:var(--ink);font:1.125rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1rem}
section{background:var(--paper);border:1px solid var(--line);border-radius:.9rem;padding:1.1rem 1.2rem;margin:0 0 1rem}
h1{font-size:1.35rem;line-height:1.25;margin:.4rem 0 1rem}
h2{font-size:1rem;margin:0 0 .3rem;color:var(--soft);font-weight:600}
p{margin:.3rem 0}
.who{font-weight:600;overflow-wrap:anywhere}
.what{color:var(--soft);overflow-wrap:anywhere}
.sum{font-size:2rem;font-weight:700;margin:.5rem 0 0}
.sum small{display:block;font-size:1rem;font-weight:400;color:var(--soft)}
.number{font-size:clamp(1.7rem,9.3vw,2.9rem);font-weight:700;letter-spacing:.02em;white-space:nowrap;line-height:1.2;
margin:.1rem 0 .4rem;font-variant-numeric:tabular-nums}
.code{font-size:1.6rem;font-weight:700;font-family:ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.qr{display:block;width:13rem;max-width:80%;margin:1rem auto .6rem;background:#fff}
ol{margin:.2rem 0;padding-left:1.5rem}
li{margin:.45rem 0;padding-left:.2rem}
.go{display:block;width:100%;text-align:center;font:inherit;font-weight:600;text-decoration:none;color:#fff;background:var(--go);
border:2px solid var(--go);border-radius:.7rem;padding:.8rem 1rem;margin:.8rem 0 0;cursor:pointer;min-height:3rem}
.plain{color:var(--go);background:transparent}
.go:focus-visible,a:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
.state{border-left:.5rem solid var(--go)}
.good{border-left-color:var(--good)}.bad{border-left-color:var(--bad)}
.state h1{margin:.1rem 0 .3rem}
footer{text-align:center;font-size:1rem;color:var(--soft);padding:.2rem 0 1.5rem}
footer a{color:var(--go);padding:.5rem .4rem;display:inline-block}
@media (prefers-color-scheme:dark){:root{--ink:#eef3f7;--soft:#a9b7c4;--paper:#17212b;--desk:#0d141b;--line:#2c3a47;
--go:#7db9ee;--good:#58c78c;--bad:#f08a8a}.go{color:#08131d}
.plain{color:var(--go)}.qr{border:.5rem solid #fff;border-radius:.4rem}}
@media print{body{background:#fff}.go,footer{display:none}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

DOCUMENT = Template(
    '<!doctype html>\n<html lang="$language"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
    "$refresh<title>$title</title><style>$style</style></head>\n"
    "<body><main>$body</main>$languages</body></html>\n"
)


def page(
    words: Words, title: str, body: Iterable[str], *, status: int = 200, onward: str = "", posts_to: Iterable[str] = ()
) -> HTMLResponse:
    """A whole answer. `body`: HTML that is escaped already. `onward`: where the browser goes by itself after a while.

    `posts_to`: URLs beside our own that a form on the page may be sent to.
    """
    text = DOCUMENT.substitute(
        language=next(code for code, one in WORDS.items() if one is words),
        refresh=f'<meta http-equiv="refresh" content="8;url={escape(onward)}">' if onward else "",
        title=escape(title),
        style=STYLE,
        body="".join(body),
        languages=_languages(words),
    )
    return HTMLResponse(text, status, headers=_headers(posts_to))


def _languages(words: Words) -> str:
    links = " ".join(
        f'<a href="?culture={code}" lang="{code}" hreflang="{code}">{escape(one.language)}</a>'
        for code, one in WORDS.items()
        if one is not words
    )
    return f'<footer><nav aria-label="{escape(words.other_languages)}">{links}</nav></footer>'


def _headers(posts_to: Iterable[str]) -> Mapping[str, str]:
    """Nothing is loaded, nothing is run, nobody frames the page, its address is told to nobody and kept nowhere."""
    targets = " ".join(["'self'", *sorted({_origin(url) for url in posts_to if url})])
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def section(*inner: str, kind: str = "") -> str:
    """A card; `kind`: `state good`, `state bad`."""
    return f'<section class="{kind}">{"".join(inner)}</section>' if kind else f"<section>{''.join(inner)}</section>"


def line(text: str, kind: str = "", tag: str = "p") -> str:
    """One escaped text."""
    return f'<{tag} class="{kind}">{escape(text)}</{tag}>' if kind else f"<{tag}>{escape(text)}</{tag}>"


def link(text: str, url: str, *, plain: bool = False) -> str:
    """A link that looks like a button."""
    return f'<a class="go{" plain" if plain else ""}" href="{escape(url)}" rel="noreferrer">{escape(text)}</a>'


def button(text: str, action: str, hidden: Mapping[str, str], *, plain: bool = False) -> str:
    """A form of hidden fields with one button."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    kind = "go plain" if plain else "go"
    return (
        f'<form method="post" action="{escape(action)}">{fields}<button class="{kind}">{escape(text)}</button></form>'
    )
