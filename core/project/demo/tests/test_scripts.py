"""The hand-written conversations are whole, well formed and all different; a badly written one is told with file and line."""

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from rapidfuzz import fuzz, process

from core.project.demo.scripts import FOLDER, Line, Script, ScriptError, expand, load_scripts, parse_scripts
from core.project.demo.shop import AGENTS, CHANNELS, THEMES
from core.project.demo.voices import Voice, guess_voice
from ingestion.types import Kind

HEAD = """=== entrega-01
theme: Atraso na entrega
channel: Suporte, Loja Norte
mood: negative
satisfaction: 2
resolved: no
rating: none
hours: business"""

FIELDS = ("theme", "channel", "mood", "satisfaction", "resolved", "rating", "hours", "agent", "customer", "story")

# File → how many scripts, and the mean note (1–5) that a careful reader gives them.
FILES = {
    "atendimento": (23, 3.26),
    "cancelamento": (18, 2.89),
    "cobranca": (18, 2.78),
    "defeito": (19, 2.89),
    "diversos": (37, 3.76),
    "entrega": (19, 2.84),
    "loja_norte": (27, 1.63),
    "pagamento": (22, 3.64),
    "site": (19, 3.58),
    "troca": (19, 3.11),
    "vendas": (53, 3.75),
}


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return load_scripts()


def test_a_script_is_read_whole() -> None:
    text = f"""# a comment
{HEAD}
agent: Ana Souza
customer: woman, nordeste
story: failure

c: oi  boa tarde
c +1m: comprei dia {{dia}}
  e ate agora nada
a! +2h: [[Oi|Olá]]! De 1 a 5, que nota?
c: <image> 2, olha
""".replace("rating: none", "rating: 2")
    assert parse_scripts(text, file_name="x.txt") == [
        Script(
            name="entrega-01",
            theme="Atraso na entrega",
            channels=("Suporte", "Loja Norte"),
            mood="negative",
            satisfaction=2,
            is_resolved=False,
            rating=2,
            hours="business",
            agent="Ana Souza",
            voice=Voice(gender="woman", home="nordeste", agent_gender=None),
            phase="failure",
            lines=(
                Line(author="customer", delay_seconds=None, kind="text", text="oi  boa tarde"),
                Line(author="customer", delay_seconds=60, kind="text", text="comprei dia {dia}\ne ate agora nada"),
                Line(author="agent", delay_seconds=7200, kind="text", text="[[Oi|Olá]]! De 1 a 5, que nota?", is_signed=False),
                Line(author="customer", delay_seconds=None, kind="image", text="2, olha"),
            ),
        )
    ]


ASK = "a: De 1 a 5, que nota?"
SPOKEN = "a message is `c: …`, `a: …`, `a!: …` or `c +5m: …`, and its further lines begin with two spaces"
BRACKETS = "brackets do not match: alternatives are [[a|b]], slots {name}, and neither holds alternatives"
RATING = "a rating needs the question 'De 1 a 5' from an agent, and the question a rating"
UNTYPED = "the rating 5 is not typed in every alternative after the question"
HOMES = "woman, man, paulista, rio, minas, nordeste, sul, norte, es, en"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("c: oi", "1: a file begins with a title such as `=== entrega-01`"),
        ("=== Entrega 1", "1: a title is `=== word-number`, such as `=== entrega-01`"),
        (f"{HEAD}\nmod: sad\nc: oi\na: oi", f"9: unknown field 'mod': the fields are {', '.join(FIELDS)}"),
        (f"{HEAD}\nhours: any\nc: oi\na: oi", "9: the field 'hours' is there twice"),
        (HEAD.replace("mood: negative\n", "") + "\nc: oi\na: oi", "1: entrega-01 lacks the field 'mood'"),
        (HEAD.replace("negative", "sad") + "\nc: oi\na: oi", "4: mood is 'sad'; it can be positive, neutral, negative"),
        (HEAD.replace("2", "6") + "\nc: oi\na: oi", "5: satisfaction is '6'; it can be 1, 2, 3, 4, 5"),
        (HEAD.replace("Norte", "Sul") + "\nc: oi\na: oi", f"3: unknown channel 'Loja Sul'; the channels are {', '.join(CHANNELS)}"),
        (f"{HEAD}\ncustomer: gaúcho\nc: oi\na: oi", f"9: customer is 'gaúcho'; it can be {HOMES}"),
        (f"{HEAD}\nc: oi", "1: entrega-01 has fewer than two messages"),
        (f"{HEAD}\nc: oi\nd: oi", f"10: {SPOKEN}"),
        (f"{HEAD}\nc: oi\na +5: oi", f"10: {SPOKEN}"),
        (f"{HEAD}\nc: oi\na:", "10: a message has no text"),
        (f"{HEAD}\nc: oi\na: <foto> oi", f"10: unknown kind of message <foto>: the kinds are {', '.join(get_args(Kind))}"),
        (f"{HEAD}\nc: oi [[a|b\na: oi", f"9: {BRACKETS}"),
        (f"{HEAD}\nc: oi {{dia\na: oi", f"9: {BRACKETS}"),
        (f"{HEAD}\nc: oi [[a]]\na: oi", "9: alternatives need at least two: [[a|b]]"),
        (f"{HEAD}\nc: 5\n{ASK}", f"1: entrega-01: {RATING}"),
        (HEAD.replace("none", "5") + "\nc: 5\na: oi", f"1: entrega-01: {RATING}"),
        (
            HEAD.replace("none", "5") + f"\n{ASK}\nc: [[5|dez]]",
            f"1: entrega-01: {UNTYPED}",
        ),
    ],
)
def test_what_is_badly_written_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ScriptError) as error:
        parse_scripts(text, file_name="x.txt")
    assert str(error.value) == f"x.txt:{message}"


def test_an_unknown_slot_is_told_with_the_known_ones() -> None:
    with pytest.raises(ScriptError, match=r"^x\.txt:9: unknown slot \{pruduto\}: the slots are cliente, agente, produto, "):
        parse_scripts(f"{HEAD}\nc: oi {{pruduto}}\na: oi", file_name="x.txt")


def test_a_name_comes_once_in_all_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{HEAD}\nc: oi\na: oi", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"^b\.txt: a script named entrega-01 is there already: give this one another number$"):
        load_scripts(tmp_path)


def test_alternatives_expand_to_every_text() -> None:
    assert expand("[[a|b]] c [[d|e]]") == ["a c d", "a c e", "b c d", "b c e"]


@pytest.mark.parametrize(
    ("customer", "agent", "gender", "home", "agent_gender"),
    [
        ("oi, obrigada", "Oi!", "woman", None, None),
        ("minha esposa achou", "Oi!", "man", None, None),
        ("vou falar com [[meu marido|minha esposa]]", "Oi!", None, None, None),
        ("oi", "Bom dia, dona {cliente}", "woman", None, None),
        ("oxente, cadê", "Oi!", None, "nordeste", None),
        ("bah, que coisa, moça", "Oi!", None, "sul", "woman"),
        ("Hola, ¿tienen mesa?", "Oi!", None, "es", None),
        ("a mesa tem o design the best", "Oi!", None, None, None),
        ("oi", "Obrigado!", None, None, "man"),
    ],
)
def test_words_tell_who_speaks(customer: str, agent: str, gender: str | None, home: str | None, agent_gender: str | None) -> None:
    voice = guess_voice(customer=customer, agent=agent)
    assert (voice.gender, voice.home, voice.agent_gender) == (gender, home, agent_gender)


def test_the_files_hold_what_the_shop_needs(scripts: list[Script]) -> None:
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        notes = [script.note for script in parse_scripts(path.read_text(encoding="utf-8"), file_name=path.name)]
        found[path.stem] = (len(notes), round(sum(notes) / len(notes), 2))
    assert found == FILES
    assert len(scripts) == sum(count for count, _ in FILES.values()) == 274


def test_every_theme_and_channel_has_scripts_of_each_mood(scripts: list[Script]) -> None:
    moods = {"positive", "neutral", "negative"}
    assert {theme: {script.mood for script in scripts if script.theme == theme} for theme in THEMES} == dict.fromkeys(THEMES, moods)
    assert {name: {script.mood for script in scripts if name in script.channels} for name in CHANNELS} == dict.fromkeys(CHANNELS, moods)
    assert {script.agent for script in scripts} == {None, *AGENTS}


def test_mood_and_note_agree(scripts: list[Script]) -> None:
    """Positive ends at 4 or 5, negative at 1 or 2 (a fair reply may lift it to 3), neutral between."""
    allowed = {"positive": {4, 5}, "neutral": {2, 3, 4}, "negative": {1, 2, 3}}
    assert [(script.name, script.mood, script.note) for script in scripts if script.note not in allowed[script.mood]] == []


def test_lengths_vary_from_two_to_twenty_three_messages(scripts: list[Script]) -> None:
    lengths = Counter(len(script.lines) for script in scripts)
    assert (min(lengths), max(lengths)) == (2, 23)
    assert max(lengths.values()) < len(scripts) / 6


def test_no_two_scripts_are_alike(scripts: list[Script]) -> None:
    texts = ["\n".join(line.text for line in script.lines) for script in scripts]
    likeness = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=70)
    alike = [(scripts[i].name, scripts[j].name) for i, j in zip(*likeness.nonzero(), strict=True) if i < j]
    assert alike == []


def test_no_customer_says_the_same_long_thing_in_two_scripts(scripts: list[Script]) -> None:
    said = Counter(
        text for script in scripts for text in {line.text for line in script.lines if line.author == "customer" and len(line.text) > 30}
    )
    assert [text for text, count in said.items() if count > 1] == []


def test_names_of_agents_in_a_talk_are_those_of_its_agent(scripts: list[Script]) -> None:
    """Whoever is called by name must answer; colleagues who are only spoken of are listed here."""
    spoken_of = {("atendimento-17", "Eduarda"), ("diversos-24", "Ana"), ("troca-09", "Ana")}
    strangers = {
        (script.name, name.split()[0])
        for script in scripts
        for name in AGENTS
        if name != script.agent and any(re.search(rf"\b{name.split()[0]}\b", line.text) for line in script.lines)
    }
    assert strangers == spoken_of
