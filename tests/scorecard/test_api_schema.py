"""The OpenAPI schema: valid, complete, and true. (jsonschema and yaml come with drf-spectacular.)"""

import io
import re
from collections.abc import Callable

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from hospitals.models import User


@pytest.fixture(scope="module")
def schema() -> dict:
    out = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return yaml.safe_load(out.getvalue())


def test_it_is_valid_and_without_warnings(schema: dict):
    assert schema["openapi"].startswith("3.")


def test_every_endpoint_is_in_it(schema: dict):
    patterns = get_resolver("scorecard.api_urls").url_patterns
    ours = {f"/api/{pattern.pattern}" for pattern in patterns if str(pattern.pattern).startswith("v1/")}
    assert set(schema["paths"]) == ours


def test_a_refused_parameter_is_among_the_answers_of_every_list(schema: dict):
    lists = {path: of["get"] for path, of in schema["paths"].items() if of.get("get", {}).get("parameters")}
    assert [path for path, operation in lists.items() if "400" not in operation["responses"]] == []
    assert "/api/v1/units/" in lists


def test_every_operation_and_parameter_is_described(schema: dict):
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            for parameter in operation.get("parameters", ()):
                assert parameter["description"], (path, parameter["name"])


@pytest.mark.parametrize("path", ["/api/v1/scores/", "/api/v1/indicator-values/", "/api/v1/freshness/"])
def test_answers_have_an_example_that_fits(path: str, schema: dict):
    answer = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    examples = [example["value"] for example in answer["examples"].values()]
    assert examples
    for example in examples:
        check(example, answer["schema"], schema)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/scores/?hospital=RSA&period=2009-Q1",
        "/api/v1/indicator-values/?page_size=1000",
        "/api/v1/freshness/?hospital=RSA",
        "/api/v1/hospitals/",
        "/api/v1/units/",
    ],
)
def test_answers_are_as_described(address: str, schema: dict, numbers: None, budi: User, api_as: Callable):
    answer = api_as(budi).get(address)
    described = schema["paths"][address.split("?")[0]]["get"]["responses"]["200"]
    check(answer.json(), described["content"]["application/json"]["schema"], schema)


def test_it_is_served_to_whoever_is_signed_in(dewi: User, as_person: Callable):
    answer = as_person(dewi).get("/api/schema/")
    assert answer.status_code == 200
    assert "/api/v1/scores/" in answer.content.decode()
    assert Client().get("/api/schema/").status_code == 401


def test_its_reader_needs_no_other_server_and_no_inline_script(dewi: User, as_person: Callable):
    page = as_person(dewi).get("/api/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "//cdn" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "the content security policy would block it"


def check(answer: object, part: dict, schema: dict) -> None:
    """Fail unless `answer` has the described shape, and nothing that is not described."""
    resolver = {"components": closed(nullable(schema["components"]))}
    jsonschema.validate(answer, closed(nullable(part)) | resolver, cls=jsonschema.Draft7Validator)


def nullable(part: object) -> object:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(part, list):
        return [nullable(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {key: nullable(value) for key, value in part.items()}
    if part.pop("nullable", False):
        return {"anyOf": [part, {"type": "null"}]}
    return part


def closed(part: object) -> object:
    """The same with every object closed to further keys."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {key: closed(value) for key, value in part.items()}
    if part.get("type") == "object":
        part.setdefault("additionalProperties", False)
    return part
