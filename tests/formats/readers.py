"""Has each report read by a program that is not plumbline's, and compares what it understood with the JSON of the same host.

Arguments: a folder of NAME.json, NAME.facts.json, NAME.FORMAT and NAME.FORMAT.status, and the promtool to use."""

import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile

import html5lib.html5parser
import junitparser

import html_page

FINE = {"pass", "not-applicable", "exempt", "no-effect", "waived"}
STATES = ("ok", "waived", "pending", "unread", "unknown", "failed")
FAILED = {"fail", "drift", "unsupported", "shadowed", "contested"}
HERE = pathlib.Path(__file__).parent


class Wrong(Exception):
    pass


def require(holds, what):
    if not holds:
        raise Wrong(what)


def run(*command, stdin=None):
    done = subprocess.run(command, stdin=stdin, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def printable(text):
    """Every character that may not stand in a report, as one question mark: what JSON has as it is."""
    bad = r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]"
    return re.sub(bad, "?", text)


def state(finding):
    status = finding["status"]
    return "failed" if status in FAILED else status if status in STATES else "ok"


# --- JUnit: an XML reader with a schema, and a reader of JUnit ---------------------------------------------------------------------


def told(element, name):
    """An attribute. By the element itself: the junitparser of older releases escapes once more what it has read."""
    return element._elem.get(name)


def read_junit(path, answer, _facts, status, _tools):
    code, said = run("xmllint", "--noout", "--nonet", "--schema", str(HERE / "junit.xsd"), str(path))
    require(code == 0, "xmllint: " + said[:300])
    document = junitparser.JUnitXml.fromfile(str(path))
    suites = {suite.name: suite for suite in document}
    require(status == answer["exit"], f"exit status {status}, and JSON says {answer['exit']}")
    require(list(suites) == ["critical", "important", "info"], "suites " + " ".join(suites))
    for suite in suites.values():
        said = {told(row, "name"): told(row, "value") for row in suite.properties()}
        require(said.get("boot_id", "") == printable(answer["boot_id"] or ""), f"boot_id {said.get('boot_id')!r}")
        require(said["profile"] == printable(answer["profile"]["name"]), f"profile {said['profile']!r}")
        require(told(suite, "hostname") == printable(answer["host"] or "unknown"), f"hostname {told(suite, 'hostname')!r}")
    for name in ("tests", "failures", "errors"):
        count = sum(getattr(suite, name) for suite in suites.values())
        require(getattr(document, name) == count, f"{name} is {getattr(document, name)} of {count}")
    bad = sum(suite.failures + suite.errors for suite in suites.values())
    require((bad == 0) == (answer["verdict"] == "ready"), f"{bad} failures and errors, verdict {answer['verdict']}")
    for tier, suite in suites.items():
        findings = [finding for finding in answer["findings"] if finding["tier"] == tier]
        cases = list(suite)
        counted = {"failures": 0, "errors": 0, "skipped": 0}
        require(len(cases) == len(findings) == suite.tests, f"{tier}: {len(cases)} cases of {len(findings)}")
        for case, finding in zip(cases, findings):
            require(told(case, "name") == printable(finding["id"]), f"case {told(case, 'name')!r} for {finding['id']!r}")
            require(case.classname == f"plumbline.{tier}.{finding['kind']}", case.classname)
            result = case.result[0] if case.result else None
            kind = type(result).__name__
            allowed = {"pass": {"NoneType"}, "unread": {"Skipped"}, "unknown": {"Error", "Skipped"}}.get(
                finding["status"], {"Skipped"} if finding["status"] in FINE else {"Failure", "Skipped"})
            require(kind in allowed, f"{case.name}: {finding['status']} is {kind}")
            require(tier != "info" or kind in ("NoneType", "Skipped"), f"{case.name}: information decides")
            require(tier != "critical" or kind != "Skipped" or finding["status"] in FINE | {"unread"}, f"{case.name}: {finding['status']} is hidden")
            require(result is None or result.type == finding["status"], f"{case.name}: type {result and result.type}")
            for key in ("have", "want", "source", "from", "why", "fix") if result else ():
                wanted = f"{key}: {printable(finding.get(key) or '')}"
                require(not finding.get(key) or len(wanted) > 1000 or wanted in result.text.split("\n"),
                        f"{case.name}: {wanted!r} is not in {result.text!r}")
            for element, name in (("Failure", "failures"), ("Error", "errors"), ("Skipped", "skipped")):
                counted[name] += kind == element
        for name, count in counted.items():
            require(getattr(suite, name) == count, f"{tier}: {name} is {getattr(suite, name)}, counted {count}")


# --- TAP: prove, and the parser behind it ---------------------------------------------------------------------------------------


def read_tap(path, answer, _facts, status, _tools):
    code, said = run("prove", "--exec", "cat", str(path))
    require(status == answer["exit"], f"exit status {status}, and JSON says {answer['exit']}")
    require((code == 0) == (answer["verdict"] == "ready"), f"prove ends with {code}, verdict {answer['verdict']}: {said[-300:]}")
    code, said = run("perl", str(HERE / "tap.pl"), str(path))
    require(code == 0, said[:300])
    read = json.loads(said)
    require(not read["errors"] and not read["unknown"], f"not understood: {read['errors']} {read['unknown']}")
    require(len(read["tests"]) == len(answer["findings"]), f"{len(read['tests'])} tests")
    for number, (test, finding) in enumerate(zip(read["tests"], answer["findings"]), 1):
        words = re.sub(r"\\([\\#])", r"\1", test["name"])
        require(int(test["number"]) == number, f"number {test['number']}")
        require(words == "- {tier} {kind} ".format(**finding) + printable(finding["id"]), f"{words!r} for {finding['id']!r}")
        require(test["ok"] == (finding["status"] in (FINE | {"unread"}) - {"waived"}), f"{words}: ok {test['ok']}")
        require((test["directive"] == "SKIP") == (finding["status"] in (FINE | {"unread"}) - {"pass", "waived"}), f"{words}: {test['directive']}")
        require(test["directive"] != "TODO" or finding["tier"] != "critical" or finding["status"] == "waived", f"{words}: is hidden")
        require(test["directive"] or finding["tier"] != "info" or finding["status"] == "pass", f"{words}: information decides")
        require(test["directive"] or finding["status"] not in FINE - {"pass"}, f"{words}: no directive")
        details = test.get("details") or {}
        require(bool(details) == (finding["status"] != "pass"), f"{words}: details")
        for key in ("have", "want", "why", "from", "fix", "source") if details else ():
            wanted = finding.get(key)
            if wanted is not None and len(wanted) < 1000:
                require(details.get(key, "").encode("latin-1", "replace") == printable(wanted).encode("utf-8")
                        or details.get(key) == printable(wanted), f"{words}: {key} {details.get(key)!r} for {wanted!r}")


# --- Nagios: the plugin guidelines ----------------------------------------------------------------------------------------------

NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
RANGE = rf"(?:@?(?:(?:~|{NUMBER})?:)?{NUMBER}?)"
ITEM = re.compile(rf"'([^'=|]+)'=(U|({NUMBER})(s|us|ms|%|B|KB|MB|TB|c)?)(?:;({RANGE}))?(?:;({RANGE}))?(?:;({NUMBER})?)?(?:;({NUMBER})?)?(?: |$)")
CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


def plugin_code(answer):
    wrong = {(finding["tier"], state(finding)) for finding in answer["findings"]} - {
        (tier, fine) for tier in ("critical", "important", "info") for fine in ("ok", "waived", "unread")}
    if ("critical", "failed") in wrong or (("critical", "unknown") in wrong and answer["verdict"] == "not-ready"):
        return 2
    if answer["verdict"] == "unknown":
        return 3
    return 1 if wrong else 0


def read_nagios(path, answer, _facts, status, _tools):
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    require(len(raw) < 8192, f"{len(raw)} bytes")
    require(not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text), "a control character")
    require(text.endswith("\n"), "no line end")
    first, *rest = text[:-1].split("\n")
    require(first.count("|") == 1 and not any("|" in line for line in rest), "not one '|'")
    words, numbers = first.split("|")
    match = re.match(r"PLUMBLINE (OK|WARNING|CRITICAL|UNKNOWN) - ", words)
    require(match, words[:100])
    require(CODES[match[1]] == status, f"says {match[1]} and ends with {status}")
    require(status == plugin_code(answer), f"ends with {status}, and JSON makes it {plugin_code(answer)}")
    numbers, at, seen = numbers.strip(), 0, {}
    while at < len(numbers):
        item = ITEM.match(numbers, at)
        require(item, "performance data: " + numbers[at:at + 80])
        require(item[1] not in seen, "twice: " + item[1])
        seen[item[1]] = item[2]
        at = item.end()
    for tier in ("critical", "important", "info"):
        for name in STATES[1:]:
            count = sum(finding["tier"] == tier and state(finding) == name for finding in answer["findings"])
            require(seen[f"{tier}_{name}"] == str(count), f"{tier}_{name} is {seen[f'{tier}_{name}']}, counted {count}")
    wrong = sum(state(finding) != "ok" for finding in answer["findings"])
    require(len(rest) == wrong or re.match(r"and \d+ more", rest[-1]), f"{len(rest)} lines for {wrong} findings")


# --- Prometheus: promtool, and what the series say -------------------------------------------------------------------------------

SERIES = re.compile(r'([a-z_]+)(?:\{((?:[a-z0-9]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (\S+)')
LABEL = re.compile(r'([a-z0-9]+)="((?:[^"\\]|\\.)*)"')
UNITS = {"bytes": ("bytes", 1), "bit/s": ("bytes_per_second", 1 / 8), "seconds": ("seconds", 1), "percent": ("ratio", 0.01),
         "MT/s": ("transfers_per_second", 1e6), "celsius": ("celsius", 1), "hertz": ("hertz", 1), "count": ("value", 1), "": ("value", 1)}


def read_series(path):
    series = {}
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        if line.startswith("#"):
            continue
        match = SERIES.fullmatch(line)
        require(match, "no series: " + line[:200])
        labels = tuple((name, re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value))
                       for name, value in LABEL.findall(match[2] or ""))
        require((match[1], labels) not in series, "twice: " + line[:200])
        series[match[1], labels] = float(match[3])
    return series


# Facts that a check tells only where a requirement asks for them.
ON_REQUEST = {"cpu.busy", "cpu.steal", "packages.pending", "packages.kernel_held", "journal.errors"}


def read_prometheus(path, answer, facts, status, tools):
    with path.open("rb") as text:
        code, said = run(tools, "check", "metrics", stdin=text)
    require(code == 0 and not said.strip(), "promtool: " + said[:300])
    require(status == answer["exit"], f"exit status {status}, and JSON says {answer['exit']}")
    series = read_series(path)
    for verdict in ("ready", "not-ready", "pending", "unknown"):
        require(series["plumbline_verdict", (("verdict", verdict),)] == (verdict == answer["verdict"]), "verdict " + verdict)
    share = answer["counts"]["important_share"]
    ratio = series["plumbline_important_ratio", ()]
    require(math.isclose(ratio, share["pass"] / share["of"]) if share["of"] else math.isnan(ratio), f"important {ratio}")
    for finding in answer["findings"]:
        kinds = {"requirement"} if finding["kind"] == "requirement" else {"setting", "group", "waiver"}
        states = [sum(series.get(("plumbline_finding", (("id", printable(finding["id"])), ("kind", kind), ("tier", finding["tier"]),
                                                        ("state", name))), 0) for kind in kinds)
                  for name in STATES]
        wanted = STATES.index(state(finding))
        require(states[wanted] == 1 and sum(states) == 1, f"{finding['id']}: {states}")
    shown = {}
    for fact in facts["facts"]:
        shown.setdefault(printable(fact["name"]), []).append(fact)
    seen = {labels[0][1] for (name, labels) in series if name.startswith("plumbline_fact_")}
    for name, same in shown.items():
        fact = same[0]
        if not isinstance(fact["value"], (bool, int, float)):
            continue
        unit, factor = UNITS[fact["unit"]]
        if name in ON_REQUEST and (f"plumbline_fact_{unit}", (("name", name),)) not in series:
            continue
        number = series[f"plumbline_fact_{unit}", (("name", name),)]
        require(math.isclose(number, fact["value"] * factor, rel_tol=1e-9) if len(same) == 1 else math.isnan(number),
                f"{name} is {number}, and JSON says {fact['value']}")
    for name in seen:
        require(name in shown, "no such fact: " + name)
        value = shown[name][0]["value"]
        unit, _ = UNITS[shown[name][0]["unit"]]
        require(value is not None or math.isnan(series[f"plumbline_fact_{unit}", (("name", name),)]), name + " is not unknown")


# --- HTML: a browser's parser ----------------------------------------------------------------------------------------------------


def read_html(path, answer, _facts, status, _tools):
    html_page.read(path, answer, status, printable, require)


READERS = {"junit": read_junit, "tap": read_tap, "nagios": read_nagios, "prometheus": read_prometheus, "html": read_html}
UNREADABLE = (Wrong, ValueError, KeyError, AttributeError, junitparser.JUnitXmlError, html5lib.html5parser.ParseError)

# Reports that are wrong: what is taken out of a right one, and what is put there. Each must be refused.
MUTATIONS = {
    "junit": [("</testsuites>", ""), ("<testcase ", "<testcase colour=\"1\" "), ("tests=\"", "tests=\"1"), ("name=\"", "name=\"\x01"),
              ("&quot;", "\""), ("&lt;", "<"), ("&amp;", "&"), ("<failure ", "<error "), ("name=\"", "name=\"\ufffe")],
    "tap": [("1..", "1..1"), ("\nnot ok 1 ", "\nok 1 "), ("\nok ", "\nnot ok "), ("\n  ...\n", "\n"), ("\\#TODO", "#TODO"), ("\\\"", "\""),
            (" # TODO ", " "), (" # SKIP ", " ")],
    "nagios": [(" |", " "), ("'=", "="), ("%;", " percent;"), ("CRITICAL", "OK"), ("\n", "\n|"), ("_failed'=", "_failed'=1"), (";;", ";x;")],
    "prometheus": [("gauge", "thing"), ("} 0", "} 1"), ('state="failed"} 1', 'state="failed"} 0'), ("} NaN", "} 0"), ("\\\"", "\""), ("\n", "\n\n# HELP x\n"),
                   ("# HELP plumbline_finding ", "# "), ("_bytes{", "_kilobytes{"), ("} 0\n", "} 0 x\n"), ("{", "{,")],
    "html": [("<!DOCTYPE html>", ""), ("</table>", ""), ("</td>", "</td></b>"), ("'none'", "*"), ("<style>", "<style>b{}"),
             ("<script>", "<script src=\"x\">"), ("<script>", "<script>0;"), ("&lt;", "<"), ("&amp;", "&"),
             ("<td ", "<td onclick=\"x\" "), ("<div", "<img src=x><div"), ("NOT READY</h1>", "READY</h1>"), ("href=\"#wrong", "href=\"//wrong"),
             ("href=\"#wrong", "href=\"#rong"), ("<article class=\"f ", "<article class=\"g "), ("data-row ", ""), (" fail</td>", " pass</td>"),
             ("data-l=\"have\">", "data-l=\"have\">0"), ("id=\"wrong\"", "id=\"tables\""), ("\n", "\n\x07")],
}


def check(path, kind, tools):
    folder, name = path.parent, path.name[: -len(kind) - 1]
    answer = json.loads((folder / (name + ".json")).read_text())
    # An audit names what it left unread apart from what it judged; every other format shows both.
    answer["findings"] = answer.get("findings", []) + [{**finding, "status": "unread"} for finding in answer.get("unread", [])]
    facts = json.loads((folder / (name + ".facts.json")).read_text())
    READERS[kind](path, answer, facts, int((folder / f"{name}.{kind}.status").read_text()), tools)


def refuses(path, kind, old, new, tools):
    """Is the report refused once old stands no more where it first stood? None: it holds no such thing."""
    text = path.read_text(encoding="utf-8")
    if old not in text:
        return None
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / path.name
        for other in path.parent.glob(path.name[: -len(kind) - 1] + ".*"):
            (pathlib.Path(folder) / other.name).write_bytes(other.read_bytes())
        wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            check(wrong, kind, tools)
        except UNREADABLE:
            return True
    return False


def same_series(folder):
    """Of one host, whatever came between two reports. Two of a name: NAME and NAME-again."""
    for again in sorted(folder.glob("*-again.prometheus")):
        before = folder / again.name.replace("-again.", ".")
        try:
            first, second = (list(read_series(path)) for path in (before, again))
            yield again.name, first == second, f"{sorted(set(first) ^ set(second))[:6]}"
        except Wrong as error:
            yield again.name, False, str(error)


def main():
    folder, tools = pathlib.Path(sys.argv[1]), sys.argv[2]
    passed = failed = 0
    refused = {}
    for kind in READERS:
        for path in sorted(folder.glob("*." + kind)):
            try:
                check(path, kind, tools)
                passed += 1
            except (*UNREADABLE, OSError) as error:
                print(f"FAILED {path.name}: {type(error).__name__} {error}")
                failed += 1
                continue
            for mutation in MUTATIONS[kind]:
                if mutation not in refused.setdefault(kind, set()):
                    answer = refuses(path, kind, *mutation, tools)
                    if answer:
                        refused[kind].add(mutation)
                        passed += 1
        for mutation in MUTATIONS[kind]:
            if mutation not in refused.get(kind, set()):
                print(f"FAILED {kind}: no reader refuses {mutation[1]!r} for {mutation[0]!r}")
                failed += 1
    for name, same, differences in same_series(folder):
        if not same:
            print(f"FAILED {name}: other series than before: {differences}")
        passed, failed = passed + same, failed + (not same)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
