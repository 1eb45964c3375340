"""Validates every line of standard input against a JSON Schema, and checks that the schema refuses unknown members."""
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in sys.stdin:
    value = json.loads(line)
    validator.validate(value)
    assert not validator.is_valid({**value, "unknown": 1}), f"an unknown member is taken: {line}"
    assert not validator.is_valid({**value, "type": "unknown"}), f"an unknown type is taken: {line}"
    print(value["type"], value.get("state", ""))
