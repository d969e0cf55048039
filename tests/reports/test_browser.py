"""The HTML page in a headless Chromium, where one is installed: filter, sort, deep link, keyboard, no request.

A copy of the page gets a script that acts like a reader and writes what it saw into the document; the page itself
forbids any script but its own, so the copy's policy is taken out first.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.html import render_html

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        BROWSER is None, reason="no Chromium is installed; the page's markup is tested without it"
    ),
]
READER = """
<pre id="seen"></pre><script>
const seen = {};
const visible = (css) => [...document.querySelectorAll(css)].filter((node) => node.checkVisibility()).length;
const form = document.getElementById("filter");
const pick = (name, value) => {
  form.elements[name].value = value;
  form.dispatchEvent(new Event("input", { bubbles: true }));
};
seen.all = visible("article.claim");
pick("verdict", "supported");
seen.supported = visible("article.claim");
seen.ladder = visible("#ladder table.sortable tbody tr");
seen.told = form.querySelector("output").value;
pick("report", "report-2");
seen.both = visible("article.claim");
const hidden = document.querySelector("article.claim[data-verdict=contradicted]");
location.hash = "#" + hidden.id;
setTimeout(() => {
  seen.deep = hidden.checkVisibility();
  seen.reset = visible("article.claim");
  const head = document.querySelector("#ladder th button");
  head.focus(); seen.focus = document.activeElement === head;
  head.click();
  const cells = () => [...document.querySelectorAll("#ladder table.sortable td:first-child")];
  const names = () => cells().map((cell) => cell.textContent);
  seen.up = names(); head.click(); seen.down = names();
  seen.sort = head.closest("th").getAttribute("aria-sort");
  const before = getComputedStyle(document.body).backgroundColor;
  document.getElementById("theme").click();
  seen.theme = before !== getComputedStyle(document.body).backgroundColor;
  seen.wide = document.documentElement.scrollWidth <= innerWidth;
  seen.fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const links = [...document.querySelectorAll("a[href^='#']")];
  seen.dead = links.filter((a) => !document.getElementById(a.hash.slice(1))).length;
  document.getElementById("seen").textContent = JSON.stringify(seen);
}, 300);
</script></body>
"""


def chromium(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    quiet = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--virtual-time-budget=4000",
    )
    closed = ("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={page.parent / 'profile'}")
    command = [str(BROWSER), *quiet, *closed, *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def seen(outcome, tmp_path_factory) -> dict:
    text = render_html(outcome)
    without = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    page = tmp_path_factory.mktemp("page") / "report.html"
    page.write_text(without.replace("</body>\n", READER), encoding="utf-8")
    shown = chromium(page, "--dump-dom", "--window-size=1280,900")
    found = re.search(r'<pre id="seen">(.*?)</pre>', shown.stdout)
    assert found, shown.stderr
    return json.loads(found[1].replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))


def test_filter_shows_what_fits_and_says_how_many(seen, outcome) -> None:
    supported = [claim for claim in outcome.claims if claim.verdict == "supported"]
    assert seen["all"] == len(outcome.claims)
    assert seen["supported"] == seen["ladder"] == len(supported)
    assert seen["told"] == f"{len(supported)} of {len(outcome.claims)} claims"
    assert seen["both"] == sum("report-2" in {m.report for m in claim.mentions} for claim in supported)


def test_a_deep_link_shows_a_claim_that_the_filter_hid(seen, outcome) -> None:
    assert seen["deep"] is True
    assert seen["reset"] == len(outcome.claims)


def test_heads_sort_by_keyboard_and_tell_their_direction(seen) -> None:
    assert seen["focus"] is True
    assert seen["up"] == list(reversed(seen["down"]))
    assert seen["sort"] == "descending"


def test_theme_width_links_and_requests(seen) -> None:
    assert seen["theme"] is True
    assert seen["wide"] is True
    assert seen["dead"] == 0
    assert seen["fetched"] == []


@pytest.mark.parametrize("which", ["outcome", "hostile"])
def test_no_message_on_the_console(which: str, request, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(render_html(request.getfixturevalue(which)).encode("utf-8", "replace"))
    shown = chromium(page, "--dump-dom")
    assert "</html>" in shown.stdout
    assert not re.findall(r".*CONSOLE.*", shown.stderr)


@pytest.mark.parametrize("width", [500, 1280])
def test_nothing_is_wider_than_the_window(width: int, hostile, tmp_path: Path) -> None:
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", render_html(hostile))
    script = "document.title = 'over ' + Math.max(0, document.documentElement.scrollWidth - innerWidth);"
    page = tmp_path / "report.html"
    page.write_bytes(text.replace("</body>", f"<script>{script}</script></body>").encode("utf-8", "replace"))
    shown = chromium(page, "--dump-dom", f"--window-size={width},800")
    assert "<title>over 0</title>" in shown.stdout
