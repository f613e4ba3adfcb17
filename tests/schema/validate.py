"""Validates answers of plumbline against docs/schema. Arguments: a folder of VERB.NAME.json files."""

import copy
import json
import pathlib
import sys

import jsonschema

# The library of older releases knows no later draft; what the schemas use is in both.
Validator = getattr(jsonschema, "Draft202012Validator", jsonschema.Draft7Validator)


def load_validators():
    validators = {}
    for path in sorted(pathlib.Path("docs/schema").glob("*.schema.json")):
        schema = json.loads(path.read_text())
        Validator.check_schema(schema)
        validators[path.name.split(".")[0]] = Validator(schema)
    return validators


def objects(node, path=()):
    """Every object inside an answer, with the way to it."""
    if isinstance(node, dict):
        yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from objects(child, path + (key,))


def at(node, path):
    for key in path:
        node = node[key]
    return node


def mutations(answer):
    """Answers that are wrong: a member too many in every object, each member of the head missing or of another type."""
    seen = set()
    for path, _ in objects(answer):
        shape = tuple("*" if isinstance(key, int) else key for key in path)
        if shape in seen:
            continue
        seen.add(shape)
        wrong = copy.deepcopy(answer)
        at(wrong, path)["a member that no schema knows"] = True
        yield "a member too many in /" + "/".join(map(str, path)), wrong
    for key in answer:
        wrong = copy.deepcopy(answer)
        wrong[key] = {"of": "another type"}
        yield "another type of " + key, wrong
    for key in ("plumbline", "schema", "verb"):
        wrong = copy.deepcopy(answer)
        del wrong[key]
        yield "no " + key, wrong
    for list_name, member in (("findings", "status"), ("facts", "status"), ("steps", "how"), ("items", "status")):
        if answer.get(list_name):
            wrong = copy.deepcopy(answer)
            wrong[list_name][0][member] = "fine"
            yield "an unknown " + member, wrong


def main():
    validators = load_validators()
    passed = failed = 0
    controlled = set()
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        verb, name = path.name.split(".", 1)
        try:
            answer = json.loads(path.read_text())
            error = jsonschema.exceptions.best_match(validators[verb].iter_errors(answer))
            problem = error and "/".join(map(str, error.absolute_path)) + ": " + error.message[:300]
        except ValueError as error:
            problem, answer = str(error), {}
        if problem:
            print(f"FAILED {verb} {name}: {problem}")
            failed += 1
            continue
        passed += 1
        kind = (verb, bool(answer.get("steps")), bool(answer.get("findings")), "lines" in answer, "record" in answer)
        if kind in controlled:
            continue
        controlled.add(kind)
        for what, wrong in mutations(answer):
            if validators[verb].is_valid(wrong):
                print(f"FAILED {verb} {name}: the schema accepts {what}")
                failed += 1
            else:
                passed += 1
    for verb in sorted(set(validators) - {verb for verb, *_ in controlled}):
        print(f"FAILED {verb}: no answer was validated")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
