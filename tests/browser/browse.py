"""Opens each page of a folder in Chromium through its WebDriver, and claims what a reader needs of it.

Arguments: a folder of NAME.html, and a folder for the browser's own files."""

import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SIZES = [(1280, 900), (1000, 900), (400, 800)]

# The ratio of WCAG 2.1 for each text that is seen, against the nearest background that is not transparent.
CONTRAST = """
const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => { v = v / 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                     return .2126 * r + .7152 * g + .0722 * b; };
const worst = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest('svg,script,.vh,.skip') || !element.getClientRects().length) continue;
  let behind = element;
  while (behind && /rgba\\(0, 0, 0, 0\\)/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  const a = light(getComputedStyle(element).color), b = light(getComputedStyle(behind || document.body).backgroundColor);
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) worst.push(ratio.toFixed(2) + ' ' + element.className + ' ' + walker.currentNode.data.slice(0, 30));
}
return worst;"""


# Words of usual length, or the parts of one that has hyphens, in the cells of tables, but for names, paths and reasons, that stand on more than one line.
BROKEN = """
const broken = [];
document.querySelectorAll('td').forEach(cell => {
  if (cell.querySelector('code') || /why|wrong|hosts|interrupts|CPUs/.test(cell.dataset.l)) return;
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    for (const word of walker.currentNode.parentElement.closest('.any') ? [] : walker.currentNode.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top)));
      if (word[0].length <= 20 && lines.size > 1) broken.push(cell.dataset.l + ': ' + word[0]);
    }
});
return broken;"""


class Browser:
    def __init__(self, folder):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = None
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                self.base = f"http://127.0.0.1:{found[1]}"
                break
        options = {"args": FLAGS + [f"--user-data-dir={folder}"]}
        session = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += "/session/" + session["sessionId"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def run(self, script, *arguments):
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def cdp(self, command, **parameters):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def find(self, selector):
        return self.ask("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def shown(self, selector):
        return self.ask("GET", f"/element/{self.find(selector)}/displayed")

    def click(self, selector):
        self.ask("POST", f"/element/{self.find(selector)}/click", {})

    def press(self, *keys):
        actions = [step for key in keys for step in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def complaints(self):
        return [entry["message"] for entry in self.ask("POST", "/se/log", {"type": "browser"})]

    def close(self):
        try:
            self.ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=20)


class Claims:
    def __init__(self):
        self.passed = self.failed = 0
        self.where = ""

    def hold(self, what, holds, seen=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {self.where}: {what} {seen}"[:600])


def look(browser, claims, size, scheme):
    """What holds of every page, however it is looked at."""
    complaints = browser.complaints()
    claims.hold("loads without an error", not complaints, complaints)
    claims.hold("loads nothing else", browser.run("return performance.getEntriesByType('resource').length") == 0)
    claims.hold("is as narrow as the window", browser.run("return document.documentElement.scrollWidth <= innerWidth"),
                browser.run("return [document.documentElement.scrollWidth, innerWidth]"))
    claims.hold("the verdict is seen first", browser.run("const r = document.getElementById('verdict').getBoundingClientRect();"
                                                         "return r.top >= 0 && r.bottom < 200 && r.height > 30"))
    claims.hold("is " + scheme, browser.run("return matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark"))
    sum_of = browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((a, b) => a + +b, 0)")
    claims.hold("its ground is " + scheme, (sum_of < 200) == (scheme == "dark"), sum_of)
    browser.run("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    claims.hold("every text can be read", not (worst := browser.run(CONTRAST)), worst)
    claims.hold("unfolded it is as narrow as the window", browser.run("return document.documentElement.scrollWidth <= innerWidth"))
    wide = browser.run("return [...document.querySelectorAll('details > div')].map(box => box.scrollWidth - box.clientWidth).filter(more => more > 0)")
    claims.hold("no table is wider than its box", not wide, wide)
    claims.hold("no word of a table is broken", not (broken := browser.run(BROKEN)), broken[:9])
    if size[0] > 700:
        tops = browser.run("return [...document.querySelectorAll('.tiles > div')].map(tile => Math.round(tile.getBoundingClientRect().top))")
        claims.hold("no tile stands alone in its row", all(tops.count(top) > 1 for top in tops), tops)
    browser.run("document.querySelectorAll('details').forEach(fold => fold.open = false)")


def type_instead(browser, text):
    browser.run("document.getElementById('search').select()")
    browser.ask("POST", f"/element/{browser.find('#search')}/value", {"text": text})


def fold_and_search(browser, claims):
    row = "#tables tbody tr"
    claims.hold("tables are folded", not browser.shown(row))
    browser.click("#tables summary")
    claims.hold("a click unfolds", browser.shown(row))
    browser.run("document.querySelector('#tables summary').focus()")
    browser.press("\ue007")
    claims.hold("Enter folds", not browser.shown(row))
    browser.click("#unfold")
    claims.hold("all are unfolded", browser.run("return [...document.querySelectorAll('details')].every(fold => fold.open)"))
    browser.click("#fold")
    claims.hold("all are folded", browser.run("return [...document.querySelectorAll('details')].every(fold => !fold.open)"))
    word = browser.run("return document.querySelectorAll('#tables details')[1].querySelector('tbody th').textContent")
    browser.ask("POST", f"/element/{browser.find('#search')}/value", {"text": word.upper()})
    left = browser.run("return [...document.querySelectorAll('[data-row]')].filter(row => row.getClientRects().length).map(row => row.textContent)")
    claims.hold("the search finds", left and all(word in text for text in left), left)
    claims.hold("the search says how many", browser.run("return document.getElementById('found').textContent").startswith(f"{len(left)} of "))
    type_instead(browser, "nothing is called so")
    claims.hold("the search finds nothing", browser.run("return [...document.querySelectorAll('[data-row]')].every(row => row.hidden)"))
    type_instead(browser, "\ue003")
    claims.hold("an empty search shows all", browser.run("return [...document.querySelectorAll('[data-row]')].every(row => !row.hidden)"))


def by_key_and_ear(browser, claims, name):
    browser.ask("POST", "/refresh", {})
    browser.press("\ue004")
    claims.hold("the first key leads to what is wrong", browser.run("return document.activeElement.getAttribute('href')") == "#wrong",
                browser.run("return document.activeElement.outerHTML.slice(0, 80)"))
    claims.hold("and is seen", browser.run("return document.activeElement.getBoundingClientRect().left >= 0"))
    if name != "fleet":
        svg = browser.find(".sheet svg")
        claims.hold("the drawing has a role", browser.ask("GET", f"/element/{svg}/computedrole") in ("img", "image"))
        claims.hold("and a name", browser.ask("GET", f"/element/{svg}/computedlabel").startswith("The machine: "))
    table = browser.find("#tables table")
    browser.click("#unfold")
    claims.hold("a table is one at any width", browser.ask("GET", f"/element/{table}/computedrole") == "table")
    claims.hold("headings go down step by step", browser.run(
        "const l = [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]); return l[0] === 1 && l.every((v, i) => !i || v <= l[i - 1] + 1)"))
    browser.click("#fold")


def on_paper(browser, claims):
    browser.cdp("Emulation.setDeviceMetricsOverride", width=700, height=900, deviceScaleFactor=1, mobile=False)
    browser.cdp("Emulation.setEmulatedMedia", media="print")
    browser.run("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    claims.hold("no word is broken on paper", not (broken := browser.run(BROKEN)), broken[:9])
    claims.hold("all is on the sheet", browser.run("return document.documentElement.scrollWidth <= innerWidth"))
    browser.run("document.querySelectorAll('details').forEach(fold => fold.open = false)")
    browser.cdp("Emulation.setEmulatedMedia", media="")
    before = browser.run("return [...document.querySelectorAll('details')].map(fold => fold.open)")
    browser.run("addEventListener('beforeprint', () => window.printed = [...document.querySelectorAll('details')].every(fold => fold.open))")
    claims.hold("it prints", len(browser.cdp("Page.printToPDF")["data"]) > 10000)
    claims.hold("unfolded", browser.run("return window.printed") is True)
    claims.hold("and is as it was", browser.run("return [...document.querySelectorAll('details')].map(fold => fold.open)") == before)
    hidden = "return [...document.querySelectorAll('[data-row]')].map(row => row.hidden)"
    type_instead(browser, browser.run("return document.querySelector('#tables tbody th').textContent"))
    found = browser.run(hidden)
    browser.run("addEventListener('beforeprint', () => window.printed = [...document.querySelectorAll('[data-row]')].filter(row => row.hidden).length)")
    browser.cdp("Page.printToPDF")
    claims.hold("all rows are printed after a search", any(found) and browser.run("return window.printed") == 0, browser.run("return window.printed"))
    claims.hold("and the search is as it was", browser.run(hidden) == found)
    type_instead(browser, "\ue003")


def closed(browser, claims):
    """What got into the page all the same could not run."""
    browser.complaints()
    browser.run("const s = document.createElement('script'); s.textContent = \"document.title='broken'\"; document.body.append(s);"
                "const i = new Image(); i.src = 'data:,'; i.setAttribute('onerror', \"document.title='broken'\"); document.body.append(i)")
    time.sleep(0.2)
    claims.hold("no other script runs", "broken" not in browser.run("return document.title").replace("document.title='broken'", ""))
    claims.hold("the policy says so", any("Content Security Policy" in text for text in browser.complaints()))


def of_page(browser, claims, name):
    """What is the matter with each host."""
    text = browser.run("return document.body.textContent")
    count = lambda selector: browser.run("return document.querySelectorAll(arguments[0]).length", selector)
    if name == "many-cpus":
        claims.hold("draws every CPU", count(".sheet svg g") == 128, count(".sheet svg g"))
        claims.hold("sees what is far", "ens2f0 is at node 2; 16 of 32 queues handled on another node: queues 16-31 on CPUs 0-15 (node 0)" in text)
        claims.hold("marks what is far", count(".sheet svg rect.e.far") == 16 and count(".sheet svg rect.v.far") == 1)
        claims.hold("tells what is isolated", count(".sheet .c.i") == 62 and count(".sheet .c.o") == 2)
    if name == "offline-cpus":
        claims.hold("tells what is offline", count(".sheet .c.o") > 0 and count(".sheet .c.o") == count(".sheet .x"))
    if name == "markup":
        claims.hold("markup stays text", count("#wrong img, #tables img, main script, main b b, svg[onload]") == 0)
        claims.hold("the title is whole", browser.run("return document.title").startswith("NOT READY: <script>document.title='broken'</script> - "),
                    browser.run("return document.title"))
        claims.hold("a card is called so", "<b>'\"&" in text)
    if name == "past":
        claims.hold("a strip of audits", count(".strip li") >= 4 and count(".strip li.boot") == 1 and count(".strip li.ok") >= 1 and count(".strip li.bad") == 2,
                    browser.run("return document.querySelector('.strip').outerHTML"))
        claims.hold("since when", re.search(r"since\d{4}-[-0-9T:]+Z; not yet wrong at ", text))
        claims.hold("what differs from the baseline", "Differs from the baseline: " in text and "sysctl.vm.swappinessrunning6010" in text)
    if name == "fleet":
        claims.hold("names who stands out", count("article.f") == 1 and "three<b>" in text and count("main b b, article b") == 0)
        claims.hold("and in what", re.search(r"sysctl\.vm\.swappiness.*2 of 3", text))
    if name == "ready":
        claims.hold("says so", browser.run("return document.getElementById('verdict').textContent") == "\u2713 READY")


def claim_all(browser, claims, page):
    for size in SIZES:
        for scheme in ("light", "dark"):
            claims.where = f"{page.name} {size[0]} {scheme}"
            browser.cdp("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False)
            browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.ask("POST", "/url", {"url": page.resolve().as_uri()})
            look(browser, claims, size, scheme)
            if scheme == "dark":
                continue
            fold_and_search(browser, claims)
            by_key_and_ear(browser, claims, page.stem)
            of_page(browser, claims, page.stem)
    claims.where = page.name
    on_paper(browser, claims)
    closed(browser, claims)


def main():
    folder, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    claims = Claims()
    browser = Browser(work / "profile")
    try:
        for page in sorted(folder.glob("*.html")):
            try:
                claim_all(browser, claims, page)
            except urllib.error.HTTPError as error:
                claims.hold("the browser can do what was asked", False, json.load(error)["value"]["message"])
    finally:
        browser.close()
    print(f"{claims.passed} passed, {claims.failed} failed")
    return 1 if claims.failed or not claims.passed else 0


sys.exit(main())
