"""Japanese, a language without spaces: numbers, dates, roles by particles, moods; invented sentences, other than those of the articles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.helpers import claims, one, read_text
from ytterby.app import read
from ytterby.evidence.clean_view import TextBlock, clean_text
from ytterby.evidence.rules.quantities import MONEY
from ytterby.evidence.tables import event_types, read_table
from ytterby.evidence.unspaced.days import dates_of
from ytterby.evidence.unspaced.figures import quantities_of
from ytterby.evidence.unspaced.mentions import entities_of
from ytterby.evidence.unspaced.signs import UNSPACED, narrow, sign_lexicon
from ytterby.evidence.unspaced.text import SignSentence, sentences_of
from ytterby.scenario import load_text

LEXICON = sign_lexicon("ja")
DAY = date(2031, 7, 7)


def sentence(text):
    return sentences_of(clean_text(text), LEXICON)[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1200億円を投資した。", 1.2e11, "JPY"),
        ("1兆2000億円を投資した。", 1.2e12, "JPY"),
        ("３億５０００万ドルを投資した。", 3.5e8, "USD"),
        ("4,500万ユーロを投資した。", 4.5e7, "EUR"),
        ("2億豪ドルを投資した。", 2e8, "AUD"),
        ("60億ウォンを投資した。", 6e9, "KRW"),
        ("9万6600トンを輸出した。", 96600, "t"),
        ("3万トンを輸出した。", 30000, "t"),
        ("年間5000トンを生産する。", 5000, "t/year"),
        ("年1万2000トンを生産する。", 12000, "t/year"),
        ("年産800トンの工場。", 800, "t/year"),
        ("8割を占める。", 80, "%"),
        ("25％を占める。", 25, "%"),
        ("3分の1を占める。", 33.3333, "%"),
        ("1キロ当たり92ドルだった。", 92, "USD/kg"),
        ("1ポンド24ドルだった。", 24, "USD/lb"),
        ("1トン当たり3万1000ドルだった。", 31000, "USD/t"),
    ],
)
def test_numbers_with_myriads_and_their_units(text, value, unit):
    found = quantities_of(sentence(text))[0]
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@settings(max_examples=60, deadline=None)
@given(value=st.integers(1, 9_999_999_999_999))
def test_numbers_come_back_however_they_are_grouped(value):
    parts, rest, said = (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("", 1)), value, ""
    for sign, size in parts:
        count, rest = divmod(rest, size)
        said += f"{count}{sign}" if count else ""
    for text in (f"{said}円", f"{value:,}円", str(value).translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}) + "円"):
        assert quantities_of(sentence(f"{text}を投じた。"))[0].value == value


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [("約100トン", 95, 105), ("100トン以上", 100, None), ("最大100トン", 0, 100), ("100トン未満", 0, 100), ("100トン近く", 90, 100)],
)
def test_qualifiers_stand_on_both_sides(said, low, high):
    found = quantities_of(sentence(f"{said}を輸出した。"))[0]
    assert (found.lo, found.hi) == (low, high)


@pytest.mark.parametrize(
    ("text", "past", "kind"),
    [
        ("2032年4月1日から禁止する。", "2032-04-01", "from"),
        ("令和14年4月1日から禁止する。", "2032-04-01", "from"),
        ("平成23年3月に禁止した。", "2011-03", "at"),
        ("２０３２年４月に禁止する。", "2032-04", "at"),
        ("5日に禁止した。", "2031-07-05", "at"),
        ("6月20日に禁止した。", "2031-06-20", "at"),
        ("昨年12月に禁止した。", "2030-12", "at"),
        ("来年3月末まで続ける。", "2032-03-31", "until"),
        ("2035年までに増やす。", "2035-12-31", "by"),
        ("先月禁止した。", "2031-06", "at"),
        ("来年前半に禁止する。", "2032-01-01/2032-06-30", "at"),
        ("来年下半期から禁止する。", "2032-07-01/2032-12-31", "from"),
        ("2032年第3四半期に禁止する。", "2032-07-01/2032-09-30", "at"),
        ("金曜日に禁止した。", "2031-07-04", "at"),
        ("きのう禁止した。", "2031-07-06", "at"),
    ],
)
def test_dates_of_the_calendar_of_reigns_and_relative_ones(text, past, kind):
    found = dates_of(sentence(text), LEXICON, DAY)[0]
    assert (found.past, found.kind) == (past, kind)


@pytest.mark.parametrize("text", ["12カ月間停止する。", "100日分を備蓄する。", "3年間続ける。"])
def test_spans_of_time_are_no_dates(text):
    assert dates_of(sentence(text), LEXICON, DAY) == []


def test_relative_dates_stay_open_without_a_day_of_publication():
    assert [(day.past, day.future) for day in dates_of(sentence("来月禁止する。"), LEXICON, None)] == [(None, None)]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("ペルー政府がザンビアに対しコバルトの輸出を禁止した。", {"country:PE": "subj", "country:ZM": "target"}),
        ("ペルーはザンビア向けの輸出を停止した。", {"country:PE": "subj", "country:ZM": "target"}),
        ("ペルーによるザンビアへの輸出規制が始まった。", {"country:PE": "by", "country:ZM": "target"}),
        ("ペルーとザンビアは協定に署名した。", {"country:PE": "subj", "country:ZM": "subj"}),
        ("ペルー、ザンビア、ガーナが合意した。", {"country:PE": "subj", "country:ZM": "subj", "country:GH": "subj"}),
        ("米政府はペルー製の磁石に関税を課す。", {"country:US": "subj", "country:PE": "made"}),
        ("日米両政府は合意した。", {"country:JP": "subj", "country:US": "subj"}),
        ("欧州連合（EU）は磁石を輸入する。", {"group:EU": "subj"}),
        ("ペルーは銅をザンビアから輸入する。", {"country:PE": "subj", "country:ZM": "from"}),
    ],
)
def test_particles_tell_the_role(text, roles):
    assert {entity.value: entity.role for entity in entities_of(sentence(text), LEXICON)} == roles


@pytest.mark.parametrize("text", ["米を輸入した。", "日が昇る。", "中でも銅が多い。", "独自の技術を使う。"])
def test_signs_that_are_words_are_no_countries(text):
    assert entities_of(sentence(text), LEXICON) == []


ACTS = {
    "ペルーはコバルトの輸出を禁止した。": ("ban", "done", "pos"),
    "ペルーはコバルトの輸出を禁止する方針だ。": ("ban", "planned", "pos"),
    "ペルーはコバルトの輸出を禁止する可能性がある。": ("ban", "could", "pos"),
    "ペルーはコバルトの輸出禁止を検討している。": ("ban", "proposed", "pos"),
    "ペルーはコバルトの輸出を禁止していないと否定した。": ("ban", "done", "neg"),
    "ペルーはコバルトの輸出規制を強化した。": ("export_control_tightened", "done", "pos"),
    "ペルーはコバルトの輸出規制を解除した。": ("export_control_eased", "done", "pos"),
    "ペルーはコバルトの輸出規制を1年間停止した。": ("export_control_suspended", "done", "pos"),
    "ペルーはコバルトの輸出を許可制にした。": ("licence", "done", "pos"),
    "ペルーはコバルトの輸出枠を3万トンに設定した。": ("quota", "asserted", "pos"),
    "ペルーはガーナ製の電池に10%の関税を課した。": ("tariff_imposed", "done", "pos"),
    "ペルーはガーナ製の電池への関税を引き下げた。": ("tariff_reduced", "asserted", "pos"),
    "ペルーとガーナはコバルトの協定に署名した。": ("agreement_signed", "done", "pos"),
    "ペルーとガーナはコバルトの供給で合意した。": ("agreement_reached", "done", "pos"),
    "ペルーはコバルト200トンを備蓄している。": ("stockpile", "asserted", "pos"),
    "ペルーのコバルト鉱山が操業を停止した。": ("outage", "done", "pos"),
    "ペルーは年間3000トンのコバルト工場を建設する。": ("investment", "planned", "pos"),
    "ペルーはコバルトの8割をガーナに依存している。": ("import_dependence", "asserted", "pos"),
    "コバルトの価格は5%下落した。": ("price_change", "done", "pos"),
}


@pytest.mark.parametrize(("text", "expected"), ACTS.items(), ids=ACTS)
def test_acts_with_their_mood_and_polarity(text, expected):
    claim = one(text, expected[0], published="2031-07-07")
    assert (claim.event_type, claim.modality, claim.polarity) == expected
    assert "Co" in claim.materials or claim.event_type.startswith("tariff")


@pytest.mark.parametrize("text", ["会議は木曜日に開かれた。", "雪が降った。", "社長は質問に答えなかった。", "会場には記念品が並んだ。"])
def test_sentences_without_an_act_give_none(text):
    assert [claim.event_type for claim in claims(text + "ペルーの天気はよい。")] == []


def test_the_topic_of_a_sentence_holds_for_its_clauses_and_no_country_acts_from_afar():
    text = "ペルーは財政が悪化しており、コバルトの輸出を禁止した。"
    assert one(text, "ban").provenance["actors"] == "explicit"
    far = "ペルーで地震があった。建物が揺れた。夜になった。コバルトの輸出が禁止された。"
    assert one(far, "ban").actors == ()


@pytest.mark.parametrize("change", [str, lambda text: text.replace("5", "５"), lambda text: text.replace("が", "か\u3099")])
def test_quotations_are_exact_in_every_notation(change):
    text = change("【リマ＝配信】2031年7月5日\n\nペルー政府が5日、コバルトの輸出を8月1日から禁止すると発表した。「規制は続く」と述べた。")
    document, found = read_text(text)
    assert (document.language, document.published) == ("ja", "2031-07-05")
    assert found
    for claim in found:
        assert document.text[claim.start : claim.end] == claim.quote


def test_a_control_in_japanese_becomes_a_measure_and_a_general_one_waits(tmp_path):
    head = "輸出規制\n\n2031年7月5日\n\n"
    (tmp_path / "a.txt").write_text(head + "中国はジスプロシウムの日本向け輸出を8月1日から禁止した。")
    measure = load_text(read([tmp_path]).drafts[0].yaml, "d").measures[0]
    assert (measure.kind, measure.from_, measure.to, measure.on) == ("ban", ("CN",), ("JP",), ("Dy",))
    (tmp_path / "a.txt").write_text(head + "ザンビアはジスプロシウムの輸出を禁止した。")
    assert [record.code for record in read([tmp_path]).to_confirm] in (["not_exporter"], ["part_of_region"])


@pytest.mark.parametrize("lang", UNSPACED)
def test_lexicons_name_known_types_and_concepts(lang):
    own = {row["label"] for row in read_table(f"{lang}/concepts.csv")}
    pseudo = {
        "material",
        "country",
        "group",
        "stage",
        "product",
        "neg",
        "money",
        "mass",
        "rate",
        "percent",
        "share",
        "per_price",
        "member_n",
    }
    for rule in sign_lexicon(lang).rules:
        assert rule.event_type in event_types(), rule.id
        assert frozenset().union(*rule.when, rule.unless) <= own | pseudo | {"plant", "negotiate"}, rule.id
    labels = {row["label"] for row in read_table(f"{lang}/quantities.csv")}
    assert {label[5:] for label in labels if label[:5] == "unit:"} & MONEY >= {"JPY", "USD", "EUR", "CNY", "KRW"}
    assert {row["value"] for row in read_table(f"{lang}/short.csv")} <= {row["value"] for row in read_table(f"{lang}/countries.csv")} | {
        "group:EU"
    }


def test_signs_of_full_width_keep_their_places():
    text = "（ＥＵ）は１，２００トン、２５％。"
    assert narrow(text) == "(EU)は1,200トン、25%。"
    assert len(narrow(text)) == len(text)


def test_a_long_line_is_cut():
    block = TextBlock("銅" * 5000, 0)
    found = [part for part in sentences_of(clean_text(block.text), LEXICON) if isinstance(part, SignSentence)]
    assert max(len(part.text) for part in found) <= 1001
