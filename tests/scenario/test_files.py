"""Scenario files: what comes in, what is refused and how it is told, what goes out."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.errors import InputError, ScenarioError, UnknownNameError, YtterbyError
from ytterby.facts import regions
from ytterby.scenario.files import MAX_BYTES, bundled, dump, load_scenario, load_text
from ytterby.scenario.scenario import Scenario

HEAD = "name: a\nstart: 2027-01-04\nweeks: 52\n"
BAN = HEAD + "measures:\n  - kind: ban\n    on: Dy\n    from: CN\n    start: 2027-01-04\n"


def told(text: str) -> list[str]:
    """Lines of the error that a text raises."""
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    return str(caught.value).splitlines()


def loads_or_tells(text: str) -> bool:
    """Whether a text is a scenario; if not, its error must be of ours and short."""
    words = ""
    try:
        load_text(text, "f.yaml")
    except YtterbyError as error:
        words = str(error)
    assert len(words.splitlines()) <= 12
    return not words


def test_yaml_is_1_2():
    """`on` is a key and NO is a name, not a truth."""
    scenario = load_text(BAN + "    to: [JP]\nnote: NO\n")
    assert scenario.measures[0].on == ("Dy",)
    assert scenario.note == "NO"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "f.yaml: is empty; a scenario needs at least name, start and weeks"),
        ("# only words\n", "f.yaml: is empty; a scenario needs at least name, start and weeks"),
        ("- a\n- b\n", "f.yaml: holds a list; a scenario is a mapping with name, start, weeks, measures"),
        ("hello", "f.yaml: holds str text; a scenario is a mapping with name, start, weeks, measures"),
        (HEAD + "note: !!python/object:os.system x\n", "f.yaml, line 4: YAML tags such as '!x' are not allowed"),
        (HEAD + "note: !secret x\n", "f.yaml, line 4: YAML tags such as '!x' are not allowed"),
        (HEAD + "note: !!str x\n", "f.yaml, line 4: YAML tags such as '!x' are not allowed"),
        (HEAD + "note: &a x\n", "f.yaml, line 4: YAML anchors and aliases are not allowed"),
        (HEAD + "note: *a\n", "f.yaml, line 4: YAML anchors and aliases are not allowed"),
        ("%YAML 1.1\n---\n" + HEAD, "f.yaml, line 2: YAML directives are not allowed"),
        (HEAD + "---\n" + HEAD, "f.yaml, line 4: a second document; a file holds one scenario"),
        (HEAD + "name: b\n", "line 4"),
        (HEAD + "note: [1, 2\n", "f.yaml, line 5: expected ',' or ']'"),
        (HEAD + "\tnote: x\n", "line 4"),
        (HEAD + "note: " + "[" * 40 + "]" * 40 + "\n", "f.yaml, line 4: deeper than 12 levels, the most a scenario may have"),
        ("{" * 3000, "deeper than 12 levels"),
        ("name: \x00", "f.yaml"),
    ],
)
def test_what_is_no_scenario_is_told_in_one_line(text, line):
    found = told(text)
    assert len(found) == 1
    assert line in found[0]


def test_a_bomb_of_aliases_and_a_large_file_are_refused_at_once():
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    begin = time.monotonic()
    assert "anchors" in told(bomb)[0]
    assert told("x" * (MAX_BYTES + 1)) == ["f.yaml: larger than 1,000,000 bytes, the most a scenario may have"]
    assert "more than 20,000 values" in told(HEAD + "note: [" + "1," * 400_000 + "1]")[0]
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("kind: ban", "kind: bann"), "f.yaml, line 5: measures.0: unknown kind 'bann'; did you mean 'ban'?"),
        (("on: Dy", "on: Dz"), "f.yaml, line 6: measures.0.on: unknown commodity, element or group 'Dz'; did you mean 'Dy'?"),
        (("on: Dy", "on: [Tb, oxide.Dz]"), "f.yaml, line 6: measures.0.on.1: found 'oxide.Dz'; unknown element 'Dz'; did you mean 'Dy'?"),
        (("from: CN", "from: CM"), "f.yaml, line 7: measures.0.from: unknown region 'CM'"),
        (("from: CN", "form: CN"), "f.yaml, line 7: measures.0.form: unknown key 'form'; did you mean 'from'?"),
        (("    from: CN\n", ""), "f.yaml, line 5: measures.0: 'from' is missing"),
        (("start: 2027-01-04\nweeks", "weeks"), "f.yaml, line 1: 'start' is missing"),
        (("weeks: 52", "weeks: 0"), "f.yaml, line 3: weeks: found 0; must be at least 1"),
        (("weeks: 52", "weeks: 52.5"), "f.yaml, line 3: weeks: found 52.5; input should be a valid integer"),
        (("weeks: 52", "weeks: many"), "f.yaml, line 3: weeks: found 'many'; input should be a valid integer"),
        (("weeks: 52", "weeks: 2000"), "f.yaml, line 3: weeks: found 2000; must be at most 1040"),
        (("weeks: 52", "weeks: 52\nbase_year: 2010"), "f.yaml, line 4: base_year: unknown base year '2010'; did you mean '2009'?"),
        (("weeks: 52", "weeks: 52\nbase_year: 2022"), "f.yaml, line 4: base_year: unknown base year '2022'"),
        (("weeks: 52", "weeks: 52\nchain: antimony"), "unknown base year of antimony '2024'; did you mean '2023'?"),
        (("    start: 2027-01-04", "    start: 2029-01-04"), "start: 2029-01-04 lies after the horizon, which ends on 2028-01-02"),
        (("    start: 2027-01-04", "    start: 2020-01-01\n    end: 2020-02-01"), "2020-02-01 lies before the scenario's start 2027-01-04"),
        (("    start: 2027-01-04", "    start: 2027-02-04\n    end: 2027-01-01"), "'end' (2027-01-01) lies before 'start' (2027-02-04)"),
        (("    start: 2027-01-04", "    start: soon"), "f.yaml, line 8: measures.0.start: found 'soon'; must be a date such as 2025-04-04"),
        (("    start: 2027-01-04", "    start: 2027-01-04 12:00:00"), "must be a date such as 2025-04-04"),
        (("kind: ban\n", "kind: ban\n    depth: -1\n"), "f.yaml, line 6: measures.0.depth: found -1; must be at least 0"),
        (("kind: ban\n", "kind: ban\n    depth: .nan\n"), "f.yaml, line 6: measures.0.depth: found nan; input should be a finite number"),
        (("kind: ban\n", "kind: ban\n    depth: 1e400\n"), "measures.0.depth: found"),
        (("kind: ban\n", "kind: ban\n    name: Bad Name\n"), "found 'Bad Name'; allowed are small letters, digits, '-' and '_'"),
    ],
)  # fmt: skip
def test_each_fault_names_line_key_value_and_what_is_allowed(change, line):
    assert change[0] in BAN
    found = told(BAN.replace(*change, 1))
    assert len(found) == 1
    assert line in found[0]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("draws: {depth: {dist: point, value: 1}}", "draws.depth: must be 'measures.<number or name>.<key>'"),
        ("draws: {measures.0.dept: {dist: point, value: 1}}", "unknown key 'measures.0.dept'; did you mean 'measures.0.depth'?"),
        ("draws: {measures.0.depth: {dist: uniform, low: 0.5, high: 3}}", "measures.0.depth: may draw 3; must be at most 1"),
        ("draws: {measures.0.depth: {dist: unifrm, low: 0, high: 1}}", "unknown dist 'unifrm'; did you mean 'uniform'?"),
        ("draws: {measures.0.depth: {low: 0, high: 1}}", "'dist' is missing"),
        ("draws: {measures.0.depth: {dist: uniform, low: 0}}", "'high' is missing"),
        ("draws: {measures.0.depth: {dist: uniform, low: 0, hihg: 1, high: 1}}", "unknown key 'hihg'; did you mean 'high'?"),
        ("forks: [{date: 2027-03-01, branches: [{p: 0.5}, {p: 0.4}]}]", "forks.0.branches: probabilities sum to 0.9, must sum to 1"),
        ("forks: [{date: 2030-03-01, branches: [{p: 1}]}]", "forks.0.date: 2030-03-01 lies outside the horizon"),
        ("forks: [{date: 2027-03-01, branches: [{p: 1, ends: [bam]}]}]", "forks.0.branches.0.ends: unknown measure 'bam'"),
        ("forks: [{date: 2027-03-01, branch: []}]", "unknown key 'branch'; did you mean 'branches'?"),
        (
            "forks: [{date: 2027-03-01, branches: [{p: 1, measures: [{kind: ban, on: Dy, from: CN, start: 2027-02-01}]}]}]",
            "start: 2027-02-01 lies before the fork on 2027-03-01",
        ),
        ("calendar: {growth: 7}", "calendar.growth: found 7; must be at most 0.5"),
        ("calendar: {groth: 0.1}", "unknown key 'groth'; did you mean 'growth'?"),
        ("measurs: []", "unknown key 'measurs'; did you mean 'measures'?"),
    ],
)
def test_faults_outside_measures(more, line):
    found = told(BAN + more + "\n")
    assert any(line in item for item in found), found
    assert len(found) <= 2


def test_all_faults_are_told_at_once_and_at_most_twelve():
    text = HEAD.replace("weeks: 52", "weeks: 52\nbase_yea: 2024") + "measures:\n"
    text += "".join(f"  - {{kind: ban, on: Dz, from: XX, start: 2035-01-0{i}, depth: -{i}}}\n" for i in range(1, 4))
    found = told(text)
    assert [line.split(":")[0] for line in found] == ["f.yaml, line 4", *[f"f.yaml, line {6 + i // 3}" for i in range(9)]]
    crowd = told(text + "".join(f"  - {{kind: bann{i}}}\n" for i in range(30)))
    assert len(crowd) == 12
    assert crowd[-1] == "f.yaml: and 29 more faults"


def test_names_may_not_clash():
    two = BAN.replace("kind: ban", "kind: ban\n    name: x") + "  - {kind: ban, name: x, on: Tb, from: CN, start: 2027-01-04}\n"
    assert told(two) == ["f.yaml, line 10: measures.1.name: 'x' is the name of two measures"]
    assert "would be taken for a number" in told(BAN.replace("kind: ban", 'kind: ban\n    name: "7"'))[0]


def test_where_scenarios_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(BAN)
    assert load_scenario("mine.yaml") == load_scenario(tmp_path / "mine.yaml") == load_text(BAN)
    with pytest.raises(UnknownNameError, match="unknown scenario 'total-stopp'; did you mean 'total-stop'"):
        load_scenario("total-stopp")
    for path, words in (("no.yaml", "no such file"), ("dir.yaml", "is a folder"), ("bytes.yaml", "not UTF-8 text")):
        (tmp_path / "dir.yaml").mkdir(exist_ok=True)
        (tmp_path / "bytes.yaml").write_bytes(b"name: \xff\xfe")
        with pytest.raises(ScenarioError, match=words):
            load_scenario(path)
    (tmp_path / "large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ScenarioError, match="larger than"):
        load_scenario("large.yaml")
    with pytest.raises(InputError):
        load_scenario("bad\0name.yaml")


@pytest.mark.parametrize("name", bundled())
def test_what_is_not_changed_is_written_as_it_was(name):
    scenario = load_scenario(name)
    assert dump(scenario) == scenario.source
    plain = load_text(dump(scenario.update(source="")))
    assert plain == scenario
    assert plain.digest == scenario.digest


def test_a_change_keeps_the_comments_around_it():
    text = (
        "# head\n"
        + BAN.replace("on: Dy", "on: Dy   # goods")
        + "  # second\n  - {kind: ban, on: Tb, from: CN, start: 2027-01-04}   # tail\n"
        "note: x   # note\n"
    )
    scenario = load_text(text)
    first = scenario.measures[0].model_copy(update={"depth": 0.5})
    changed = dump(scenario.update(weeks=60, measures=(first, *scenario.measures[1:])))
    for comment in ("# head", "on: Dy   # goods", "# second", "# tail", "# note"):
        assert comment in changed
    assert load_text(changed).measures[0].depth == 0.5
    assert load_text(changed).weeks == 60
    fewer = load_text(dump(scenario.update(measures=scenario.measures[:1], note="")))
    assert (len(fewer.measures), fewer.note) == (1, "")
    more = load_text(dump(scenario.update(measures=(*scenario.measures, first))))
    assert more.measures[2] == first


REGION = st.sampled_from([*regions(), "EU", "all"])
SHARE = st.floats(0, 1).map(lambda x: round(x, 6))
SCENARIOS = st.builds(
    lambda name, weeks, bans, share, note: Scenario.model_validate(
        {
            "name": name,
            "start": "2027-01-04",
            "weeks": weeks,
            "note": note,
            "measures": [{"kind": "ban", "on": on, "from": a, "to": [b], "start": "2027-01-04", "depth": d} for on, a, b, d in bans],
            "draws": {f"measures.{i}.depth": {"dist": "uniform", "low": 0, "high": share} for i in range(len(bans))},
        }
    ),
    st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True),
    st.integers(1, 200),
    st.lists(st.tuples(st.sampled_from(["Dy", "oxide.*", "heavy", "magnet.NdFeB"]), REGION, REGION, SHARE), max_size=4),
    SHARE,
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
)


@settings(max_examples=60, deadline=None)
@given(SCENARIOS)
def test_load_of_dump_is_the_same(scenario):
    text = dump(scenario)
    again = load_text(text)
    assert again == scenario
    assert again.digest == scenario.digest
    assert dump(again) == text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text_gives_a_scenario_or_one_clear_error(text):
    loads_or_tells(text)


def test_mutated_files_give_a_scenario_or_one_clear_error():
    """Bytes and lines of the bundled files, damaged at random."""
    chance = random.Random(7)
    texts = [load_scenario(name).source for name in bundled() if name != "no-shock"]
    refused = 0
    for _ in range(250):
        text = list(chance.choice(texts))
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(len(text))
            act = chance.randrange(3)
            if act == 0:
                text[place] = chance.choice("{}[]:,-&*!%@'\"#|>\n\t 0a\x00é")
            elif act == 1:
                del text[place : place + chance.randrange(1, 30)]
            else:
                text[place:place] = chance.choice(["\n  - ", ": ", "{", "- - -", "1e999", "2025-99-99", "~", "? ", "!!int "])
        refused += not loads_or_tells("".join(text))
    assert refused > 100


VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from(["Dy", "CN", "2027-01-04", "ban", "licence", "all"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "on", "from", "start", "p", "dist", "low"]), inner)
    ),
    max_leaves=8,
)
KEYS = ["name", "start", "weeks", "measures", "forks", "draws", "calendar", "base_year", "evidence", "title", "note", 7]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=6), st.booleans())
def test_any_mapping_gives_a_scenario_or_one_clear_error(data, headed):
    import io

    from ytterby.scenario.files import yaml_format

    stream = io.StringIO()
    yaml_format().dump(data | ({"name": "a", "start": "2027-01-04", "weeks": 5} if headed else {}), stream)
    loads_or_tells(stream.getvalue())
