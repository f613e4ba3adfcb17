"""Reads an HTML report as a browser would, by html5lib, and says what it shows."""

import base64
import hashlib
import re

import html5lib

VERDICTS = {"ready": "READY", "not-ready": "NOT READY", "pending": "READY AFTER A REBOOT", "unknown": "CANNOT TELL"}
# What may stand in a page that loads nothing, sends nothing and runs only its own script.
ATTRIBUTES = {"about", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "autocomplete", "charset", "class", "content",
              "cx", "cy", "d", "data-l", "data-row", "datetime", "fill", "for", "height", "hidden", "href", "http-equiv", "id", "lang",
              "markerHeight", "markerWidth", "name", "open", "orient", "patternUnits", "r", "refX", "refY", "role", "rx", "scope",
              "spellcheck", "tabindex", "type", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2", "colspan"}
ELEMENTS = set("html head body meta title style script a header main footer nav section article div p span b h1 h2 h3 h4 dl dt dd ul ol li "
               "time code details summary table thead tbody tr th td input label button svg g rect path line circle text tspan "
               "desc pattern defs figure figcaption".split())


class Page:
    def __init__(self, raw, require):
        text = raw.decode("utf-8")
        require(not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]", text), "a control character")
        self.root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        self.require = require
        self.check_closed()
        self.check_policy()

    def check_closed(self):
        for element in self.root.iter():
            if not isinstance(element.tag, str):
                continue
            tag = element.tag.rsplit("}", 1)[-1]
            self.require(tag in ELEMENTS, f"element {tag}")
            for name, value in element.attrib.items():
                name = name if isinstance(name, str) else name[1]
                self.require(name in ATTRIBUTES, f"attribute {name} of {tag}")
                self.require(name != "href" or value.startswith("#"), f"leads to {value}")
                self.require(name != "href" or self.named(value[1:]) is not None, f"leads nowhere: {value}")
        ids = [element.get("id") for element in self.root.iter() if element.get("id")]
        self.require(len(ids) == len(set(ids)), "an id stands twice")
        for element in self.root.iter():
            for name in ("aria-labelledby", "aria-describedby", "for"):
                for one in (element.get(name) or "").split():
                    self.require(one in ids, f"{name} of {one}, which is not there")

    def check_policy(self):
        """What runs is what the policy names by its hash, and the policy stands before it."""
        head = [element for element in self.root.find("head") if isinstance(element.tag, str)]
        order = [element.tag + (element.get("http-equiv") or "") for element in head]
        self.require("metaContent-Security-Policy" in order and order.index("metaContent-Security-Policy") < order.index("style"),
                     "no policy before the style sheet")
        policy = head[order.index("metaContent-Security-Policy")].get("content")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        self.require(rules.pop("default-src") == "'none'", "the policy lets something in")
        for tag in ("style", "script"):
            found = list(self.root.iter(tag))
            self.require(len(found) == 1 and not found[0].attrib, f"{len(found)} of {tag}")
            digest = base64.b64encode(hashlib.sha256((found[0].text or "").encode()).digest()).decode()
            self.require(rules.pop(tag + "-src") == f"'sha256-{digest}'", f"the policy does not name this {tag}")
            self.require("//" not in found[0].text and "url(" not in found[0].text.replace("url(#hatch)", "") and "@import" not in found[0].text, f"{tag} loads something")
        self.require(set(rules.values()) == {"'none'"}, f"the policy lets in {rules}")

    def named(self, name):
        return next((element for element in self.root.iter() if element.get("id") == name), None)

    def classed(self, name, under=None):
        return [element for element in (under if under is not None else self.root).iter() if name in (element.get("class") or "").split()]

    def rows(self, table):
        """Rows of the table of this name, each a dictionary by column."""
        for fold in self.named("tables").iter("details"):
            if words(fold.find("summary")).startswith(table + ":"):
                columns = [words(cell) for cell in fold.iter("th") if cell.get("scope") == "col"]
                return [dict(zip(columns, [words(cell) for cell in row])) for row in fold.iter("tr") if row.get("data-row") is not None]
        return None


def words(element):
    return "".join(element.itertext())


def read_fleet(page, answer, printable, require):
    require(words(page.classed("host")[0]) == f"{answer['hosts']} hosts", "hosts")
    rows = page.rows("Hosts")
    said = {"ready": "ready", "not-ready": "not ready", "pending": "ready after a reboot", "unknown": "cannot tell", None: ""}
    partly = {"ready": "ready as far as looked", "pending": "ready after a reboot, as far as looked"}
    wanted = [(printable(one["host"]), one["partial"] and partly.get(one["verdict"]) or said[one["verdict"]], str(one["outliers"]),
               printable(one["place"])) for one in answer["reports"]]
    require(sorted((row["host"], row["verdict"][2:], row["stands out in"], row["file"]) for row in rows) == sorted(wanted), "hosts")
    concern = {}
    for one in answer["reports"]:
        rank = [None, "ready", "pending", "unknown", "not-ready"].index(one["verdict"])
        concern[printable(one["host"])] = max(rank, concern.get(printable(one["host"]), 0))
    ranks = [concern[row["host"]] for row in rows]
    require(ranks == sorted(ranks, reverse=True), "those that are not ready are first")
    outlying = sorted({printable(one["host"]) for one in answer["reports"] if one["outliers"]})
    require(outlying == sorted(words(page.classed("id", card)[0]) for card in page.classed("f")), "cards")
    for table, key in (("Damaged, and skipped", "damaged"), ("Older than another of the same host, and skipped", "older")):
        require([(row["file"], row["why"]) for row in page.rows(table) or []] ==
                [(printable(one["place"]), printable(one["why"])) for one in answer[key]], table)
    split = [printable(item["name"]) for item in answer["items"] if item["split"]]
    rows = page.rows("No answer that more than half give") or []
    require(list(dict.fromkeys(row["name"] for row in rows)) == split, "items without a majority")


def read(path, answer, status, printable, require):
    raw = path.read_bytes()
    if answer["verb"] == "fleet":
        require(status == answer["exit"], f"exit status {status}, and JSON says {answer['exit']}")
        read_fleet(Page(raw, require), answer, printable, require)
        return
    require(len(raw) < 400 * 1024, f"{len(raw)} bytes")
    page = Page(raw, require)
    require(status == answer["exit"], f"exit status {status}, and JSON says {answer['exit']}")
    verdict = words(page.named("verdict"))[2:].removesuffix(" AS FAR AS LOOKED")
    require(verdict == VERDICTS[answer["verdict"]], f"verdict {verdict!r}")
    head = {words(one.find("dt")): words(one.find("dd")) for one in page.classed("about")[0]}
    require(head["boot"] == printable(answer["boot_id"] or "not known"), f"boot {head['boot']!r}")
    require(head["profile"].startswith(printable(answer["profile"]["name"]) + " ("), f"profile {head['profile']!r}")
    require(words(page.classed("host")[0]) == printable(answer["host"] or "this host"), "host")
    for table, kinds in (("Requirements", {"requirement"}), ("Settings", {"setting", "conflict"})):
        findings = [finding for finding in answer["findings"] if finding["kind"] in kinds]
        rows = page.rows(table)
        require(len(rows) == len(findings), f"{table}: {len(rows)} rows of {len(findings)}")
        for row, finding in zip(rows, findings):
            require(row["name"] == printable(finding["id"]), f"row {row['name']!r} for {finding['id']!r}")
            require(row["status"][2:] == {"unread": "left unread"}.get(finding["status"], finding["status"]), f"{row}")
            require(row["tier"] == finding["tier"], f"{row}")
            for column, key in (("have", "have"), ("want", "want"), ("from", "from"), ("where", "source")):
                if finding["status"] == "unread":
                    continue
                require(column not in row or row[column] == printable(finding.get(key) or ""),
                        f"{row['name']}: {column} {row.get(column)!r} for {finding.get(key)!r}")
    wrong = [finding for finding in answer["findings"] if finding["status"] not in
             {"pass", "not-applicable", "exempt", "no-effect", "waived", "unread"}]
    cards = page.classed("f")
    require(len(cards) == len(wrong), f"{len(cards)} cards of {len(wrong)}")
    shown = sorted((words(page.classed("id", card)[0]), words(page.classed("st", card)[0]).split(" ", 1)[1].split(",")[0]) for card in cards)
    require(shown == sorted((printable(finding["id"]), finding["status"]) for finding in wrong), f"cards {shown}")
