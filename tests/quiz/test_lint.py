"""Each part of the linter finds what it is there for, and nothing in a sound bank."""

import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.catalog.problems import read_yaml
from grader.quiz.bank import Bank, read_bank
from grader.quiz.lint.bias import Row, biases, findings_of, tail, visible
from grader.quiz.lint.draws import draw_often
from grader.quiz.lint.guessing import guess, guess_bank
from grader.quiz.lint.runner import Runner, Slow
from grader.quiz.lint.structure import structure
from grader.quiz.lint.translation import drift
from grader.quiz.lint.verify import Proof, verify_bank, verify_banks
from grader.quiz.model import LANGUAGES, MultipleQuestion
from grader.quiz.scoring import TICK_RULES

SOUND = Path(__file__).parent / "banks" / "sound.yaml"
Spoil = Callable[..., Path]
WORDS = {"en": "a", "ru": "б", "hi": "क"}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as found:
        yield found


def lines(proof: Proof) -> list[str]:
    return [line.removeprefix(f"{proof.file}: ") for line in proof.lines()]


def test_nothing_is_found_in_a_sound_bank(runner: Runner) -> None:
    proof = verify_bank(SOUND, runner)
    assert lines(proof) == []
    assert proof.holds
    assert (proof.questions, proof.points, proof.parametric, proof.recomputed) == (10, 11, 1, 5)
    assert proof.draws == 9 + 24  # every combination of the parametric one


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([("value: 896", "value: 897")], "conv-params: check: gives 896, and the key is 897; correct the key"),
        (
            [("Conv2d(3, 32, 3).parameters())", "Conv3d(3, 32, 3).parameters())")],
            "conv-params: check: gives 2624, and the key is 896",
        ),
        ([("check: sum(p.numel()", "check: sum(p.numle()")], "conv-params: check: AttributeError: "),
        ([("check: sum(p.numel() for", "check: suum(1 for")], "conv-params: check: NameError: "),
        (
            [("check: sum(p.numel() for", "check: x = (1 for")],
            "conv-params: check: SyntaxError: the last line must be an expression",
        ),
        (
            [("    check: sum(p.numel() for p in nn.Conv2d(3, 32, 3).parameters())\n", "")],
            "conv-params: check is missing; recompute the key",
        ),
        ([("- value: out\n", "- value: out + 1\n")], "conv-size: check: gives "),
        (
            [("check: nn.Conv2d(1, 1, kernel, stride)(torch.zeros(1, 1, size, size)).shape[-1]", "check: out")],
            "conv-size: check: the same",
        ),
        ([("next(p for p", "next(p + 1 for p")], "padding-five: check: gives 3, and the right option two reads '2'"),
        ([("next(p for p", "next(p - 1 for p")], "padding-five: check: gives 1, and the right option two reads '2'"),
        (
            [("- value: (1, 8, 30", "- value: (1, 8, 31")],
            "conv-shape: code: running it gives '(1, 8, 30, 30)', and the key is (1, 8, 31, 30)",
        ),
        ([("print(steps[3])", "print(steps[2])")], "in-place: code: running it gives '3', and the right"),
        ([("print(steps[3])", "print(stepps)")], "in-place: code: raises NameError: "),
        ([("output: IndexError", "output: KeyError")], "in-place: code: raises IndexError: "),
    ],
)
def test_keys_are_recomputed(spoil: Spoil, runner: Runner, edits: list[tuple[str, str]], message: str) -> None:
    proof = verify_bank(spoil(*edits), runner)
    assert not proof.holds
    assert any(line.startswith(message) for line in lines(proof)), lines(proof)


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([("source: C5", "image: {file: no.png, alt: {en: a, ru: б, hi: क}}")], "padding-five: image: there is no file 'no"),
        ([("    source: C5\n", "")], "padding-five: warning: source is missing"),
        ([("en: Which padding keeps", "en: Which {{ padding }} keeps")], "padding-five: text.en: {{ padding }} and no"),
        ([("text: ReLU", "text: the rectified unit")], "nothing-to-update: warning: options.relu.text: the same words in all"),
        ([("text: Dropout", "text: слой")], "nothing-to-update: warning: options.dropout.text: the same words in all"),
    ],
)  # fmt: skip
def test_what_is_written(spoil: Spoil, runner: Runner, edits: list[tuple[str, str]], message: str) -> None:
    found = lines(verify_bank(spoil(*edits), runner))
    assert any(line.startswith(message) for line in found), found


@pytest.mark.parametrize(
    ("number", "where", "message"),
    [
        (0, ("options", 1), "padding-five: options.one.explain is missing; say why it tempts"),
        (0, ("options", 0), "padding-five: options.two.explain is missing; say why it is right"),
        (3, ("answers", 1), "conv-params: answers.2.explain is missing; say which slip"),
        (2, (), "momentum-is-averaged: explain is missing; show the way to the key"),
        (6, (), "training-step: explain is missing; show the way to the key"),
    ],
)
def test_explanations_that_are_missing(tmp_path: Path, number: int, where: tuple[str, int], message: str) -> None:
    data = read_yaml(SOUND)
    holder = data["questions"][number]
    for step in where:
        holder = holder[step]
    del holder["explain"]
    (tmp_path / "x.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (finding,) = structure(read_bank(tmp_path / "x.yaml"))
    assert finding.severity == "error"
    assert finding.line("FILE").startswith(f"FILE: {message}")


def test_the_same_text_twice(spoil: Spoil) -> None:
    path = spoil(
        ("      en: How many parameters has `Conv2d(3, 32, 3)`?", "      en: Which layer zeroes random activations in training?")
    )
    assert any(f.question == "which-trick" and "the same as that of 'conv-params'" in f.what for f in structure(read_bank(path)))


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("The gradient grows with the depth", "The gradients grow with the depth", True),
        ("The gradient grows with the depth", "The gradient grows with depth", True),
        ("The gradient grows with the depth", "The gradient shrinks with the depth", False),
        ("The gradient grows with the depth", "The gradient never grows with the depth", False),
        ("Each step is 2 times as long", "Each step is 4 times as long", False),
        ("Adam shrinks the first one less", "AdamW shrinks the first one less", False),
        ("Градиент растёт с глубиной сети", "Градиенты растут с глубиной сети", True),
        ("One two", "One twos", False),
    ],
)
def test_near_duplicates(spoil: Spoil, one: str, other: str, near: bool) -> None:
    path = spoil(("text: ReLU", f'text: "{one}"'), ("text: Dropout", f'text: "{other}"'))
    assert any("nearly the same (en, ru, hi)" in finding.what for finding in structure(read_bank(path))) is near


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([("- value: out - 1", "- value: out * 1")], "conv-size: answers.2: 18 is taken for answers.1, 18 (drawn: s"),
        ([("- value: out - 1", "- value: (out, 1)")], "conv-size: answers.2: (18, 1) and the key 18 are not of the same kind"),
        ([("- value: out - 1", "- value: out / (size - 20)")], "conv-size: '"),
        ([("out: (size - kernel) // stride + 1", "out: 1 / (size - 24)")], "conv-size: parameters: '1 / (size - 24)' divides"),
        ([("- kernel < size", "- kernel > size")], "conv-size: parameters: no draw of 2000 meets"),
        ([("{from: 20, to: 32, step: 4}", "[20]"), ("kernel: [3, 5, 7]", "kernel: [3]"), ("stride: [1, 2]", "stride: [1]")],
         "conv-size: warning: parameters: every student gets the same values"),
        ([("text: 5\n", "text: 1\n")], "padding-five: "),
        ([("value: right\n", "value: right\n        fixed: true\n")], "padding-five: the right option is always number 1; take"),
        ([("forms: [dropconnect]", "forms: [DROP OUT]")], "which-trick: answers.2: 'DROP OUT' is taken for answers.1; leave it"),
        ([("forms: [dropconnect]", "forms: ['\"']")], "which-trick: answers.2: nothing of '\"' is compared"),
        ([("right: '$x\\,\\sigma(x)$'", "right: '$\\max(0, x)$'")], "formulas: "),
    ],
)  # fmt: skip
def test_draws(spoil: Spoil, runner: Runner, edits: list[tuple[str, str]], message: str) -> None:
    found = lines(verify_bank(spoil(*edits), runner))
    assert any(line.startswith(message) for line in found), found


def test_equal_options_are_found_in_a_rare_draw(spoil: Spoil) -> None:
    path = spoil(
        ("    source: C5\n", "    source: C5\n    parameters:\n      n: {from: 1, to: 400}\n"),
        ("text: 2\n", 'text: "{{ n }}"\n'),
        ("text: 1\n", 'text: "{{ 400 if n == 399 else n + 1 }}"\n'),
        ("text: 5\n", 'text: "{{ n + 400 if n != 123 else 124 }}"\n'),
    )
    bank = read_bank(path)
    drawing = draw_often(bank, bank.question("padding-five"))
    assert drawing.draws == 400
    assert "read the same in en (drawn: n = 123)" in drawing.findings[0].what


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("ru: Ядро отнимает 4, и по 2", "ru: Ядро отнимает 4, и по 3", "options.two.explain: numbers differ: en 2, ru 3"),
        ("ru: Ядро отнимает 4, и по 2", "ru: Ядро отнимает 4, и по два", "options.two.explain: numbers differ: en 2, ru none"),
        ("hi: कर्नेल 4 घटाता", "hi: कर्नेल ४ घटाता", ""),
        ("$5 \\times 5$ и шаге", "$5 \\times 3$ и шаге", "text: formulas differ: en 5\\times5, ru 5\\times3"),
        ("$5 \\times 5$ и шаге", "$5\\times 5$ и шаге", ""),
        ("У каких слоёв нет параметров", "У каких `слоёв` нет параметров", "text: code differ: en none, ru слоёв"),
        ("Вход {{ size }}×{{ size }}", "Вход {{ size }}×{{ kernel }}", "text: placeholders differ: en size, ru kernel"),
        ("Вход {{ size }}×{{ size }}", "Вход {{size}}×{{ size }}", ""),
        ("ru: Ядро отнимает 4, и по 2 с каждой стороны возвращают.", "ru: The kernel takes 4 and 2.", "not a letter of Cyrillic"),
        ("hi: कर्नेल 4 घटाता है, और दोनों ओर 2 उसे लौटाते हैं।", "hi: 4 2", "options.two.explain.hi: not a letter of Devanagari"),
        ("en: Its kernels are learned.", "en: 18,874,880 and 0.5 and 1.5", "numbers differ"),
    ],
)
def test_translations(spoil: Spoil, old: str, new: str, found: str) -> None:
    whats = [finding.what for question in read_bank(spoil((old, new))).questions for finding in drift(question)]
    assert any(found in what for what in whats) if found else not whats, whats


def test_numbers_are_compared_in_each_language_s_writing(spoil: Spoil) -> None:
    path = spoil(
        ("en: Its kernels are learned.", r"en: 18,874,880 and 0.5, then 1,000 in $0.5\,x_{\text{out}}$"),
        ("ru: Его ядра учатся.", "ru: 18 874 880 и 0,5, затем 1\N{NO-BREAK SPACE}000 в $0{,}5 x_{\\text{вых}}$"),
        ("hi: इसके कर्नेल सीखे जाते हैं।", r"hi: 18874880 और ०.५, फिर 1000, $0.5 x_{\text{बाहर}}$"),
    )
    assert [finding for question in read_bank(path).questions for finding in drift(question)] == []


def test_the_tail_of_luck() -> None:
    assert tail([0.25] * 10, 0) == 1
    assert tail([0.5] * 10, 8) == pytest.approx(sum(math.comb(10, k) for k in (8, 9, 10)) / 1024)
    chances = [0.25, 0.5, 1 / 3]
    brute = sum(
        math.prod(c if hit else 1 - c for c, hit in zip(chances, hits, strict=True))
        for hits in itertools.product((True, False), repeat=3)
        if sum(hits) >= 2
    )
    assert tail(chances, 2) == pytest.approx(brute)


def rows(*longest_is_right: bool, lengths: tuple[int, ...] = (9, 5, 4, 5), fixed: bool = False) -> list[Row]:
    return [
        Row(f"q{number}", dict.fromkeys(LANGUAGES, lengths), (hit, not hit, False, False), fixed)
        for number, hit in enumerate(longest_is_right)
    ]


def test_bias_of_length() -> None:
    longest = next(bias for bias in biases(rows(*[True] * 6, *[False] * 6)) if (bias.name, bias.language) == ("longest", "ru"))
    assert (longest.hits, longest.of, longest.expected) == (6, 12, 3)
    assert longest.chance == pytest.approx(sum(math.comb(12, k) * 0.25**k * 0.75 ** (12 - k) for k in range(6, 13)))
    assert not list(findings_of(biases(rows(*[True] * 5, *[False] * 7))))
    warned = list(findings_of(biases(rows(*[True] * 7, *[False] * 5))))
    assert {finding.severity for finding in warned} == {"warning"}
    assert len(warned) == 3  # a language each
    failed = list(findings_of(biases(rows(*[True] * 8, *[False] * 4))))
    assert {finding.severity for finding in failed} == {"error"}
    assert failed[0].what == "the right option is the longest (en) in 8 of 12 questions, by luck 3.0 (chance 0.3%)"
    assert failed[0].remedy == "shorten it, or say as much in a wrong one: q0, q1, q2, q3, q4, q5, q6, q7"


def test_two_that_are_equally_long_give_nothing_away() -> None:
    assert all(bias.of == 0 for bias in biases(rows(*[True] * 12, lengths=(5, 5, 5, 5))))
    shortest = [bias for bias in biases(rows(*[True] * 12, lengths=(1, 5, 5, 5))) if bias.name == "shortest"]
    assert all(bias.chance < 0.01 for bias in shortest)


def test_places_count_where_all_options_are_fixed() -> None:
    flat = (5, 5, 5, 5)
    assert not list(findings_of(biases(rows(*[True] * 12, lengths=flat))))
    assert any("stands first" in f.what for f in findings_of(biases(rows(*[True] * 12, lengths=flat, fixed=True))))


def test_length_is_what_is_seen() -> None:
    assert visible(r"$\frac{a}{b}$") == "xab"
    assert visible("`x`  **y**") == "x y"


def multiple(rule: str, right: int, wrong: int, either: int = 0) -> MultipleQuestion:
    values = ["right"] * right + ["wrong"] * wrong + ["either"] * either
    options: list[dict[str, Any]] = [
        {"id": f"o{i}", "text": i, "value": value, **({"reason": WORDS} if value == "either" else {})}
        for i, value in enumerate(values)
    ]
    return MultipleQuestion.model_validate({"id": "q", "type": "multiple", "text": WORDS, "scoring": rule, "options": options})


@pytest.mark.parametrize("rule", TICK_RULES)
def test_guessing_by_brute_force(rule: str) -> None:
    from grader.quiz.marking import marked

    question = multiple(rule, 2, 3, either=1)
    counted = [f"o{i}" for i in range(5)]
    from grader.quiz.drawing import draw

    drawn = draw(question, 1)
    by_count: dict[int, list[float]] = {}
    for ticks in itertools.product((True, False), repeat=5):
        keys = [drawn.key_of(name) for name, tick in zip(counted, ticks, strict=True) if tick]
        by_count.setdefault(len(keys), []).append(marked(question, 1, keys).credit)
    found = guess(question)
    assert found.random == pytest.approx(sum(sum(credits) for credits in by_count.values()) / 32)
    assert found.best == pytest.approx(max(sum(credits) / len(credits) for credits in by_count.values()))


def test_guessing_orders_and_matchings_by_brute_force(sound: Bank) -> None:
    from grader.quiz.drawing import draw
    from grader.quiz.marking import mark

    drawn = draw(sound.question("training-step"), 1)
    credits = [mark(drawn, list(order)).credit for order in itertools.permutations("abcd")]
    assert guess(drawn.question).random == pytest.approx(sum(credits) / 24)
    drawn = draw(sound.question("formulas"), 1)
    credits = [mark(drawn, dict(zip("12", pair, strict=True))).credit for pair in itertools.permutations("abc", 2)]
    assert guess(drawn.question).random == pytest.approx(sum(credits) / 6)


def test_guessing_a_bank(sound: Bank) -> None:
    found = guess_bank(sound.questions)
    assert found["numeric"].random == found["text"].best == 0
    assert found["true_false"].random == 0.5
    assert found["single"].random == pytest.approx((1 / 3 + 1 / 2) / 2)  # one of them about code
    parts = [(question.points, guess(question).random) for question in sound.questions]
    assert found["all"].random == pytest.approx(sum(p * g for p, g in parts) / 11)


def test_a_lavish_rule_is_warned_of(spoil: Spoil, runner: Runner) -> None:
    path = spoil(("    type: multiple\n", "    type: multiple\n    scoring: coverage\n"))
    assert not any("blind ticking" in line for line in lines(verify_bank(path, runner)))
    path = spoil(
        ("    type: multiple\n", "    type: multiple\n    scoring: coverage\n"),
        (
            "        value: wrong\n        explain:\n          en: Its weights",
            "        value: right\n        explain:\n          en: Its weights",
        ),
    )
    assert "nothing-to-update: warning: blind ticking earns 75% of the points; choose" in "\n".join(
        lines(verify_bank(path, runner))
    )


def test_a_broken_bank_does_not_stop_the_others(spoil: Spoil) -> None:
    told: list[Proof] = []
    proofs = verify_banks([spoil(("type: single", "type: singel")), SOUND], told.append)
    assert proofs == told
    assert [(proof.bank, proof.holds) for proof in proofs] == [("spoiled", False), ("sound", True), ("all banks", True)]
    assert proofs[2].questions == 10


def test_the_runner_ends_what_takes_too_long() -> None:
    with Runner(seconds=5.0) as runner:
        assert [ran.value for ran in runner.run(["a + 1"] * 2, [{"a": 1}, {"a": 2}], last_is_value=True)] == [2, 3]
        with pytest.raises(Slow, match="did not end within 5 s"):
            runner.run(["while True: pass"], [{}])
        with pytest.raises(Slow, match="died"):
            runner.run(["import os; os._exit(0)"], [{}])
        assert runner.run(["a"], [{"a": (1, 2)}], last_is_value=True)[0].value == [1, 2]


def test_what_the_runner_brings_back(runner: Runner) -> None:
    def value(source: str) -> Any:
        return runner.run([source], [{}], last_is_value=True)[0].value

    assert value("np.int64(3)") == 3
    assert value("torch.tensor([1.5])") == [1.5]
    assert value("torch.zeros(2, 3).shape") == [2, 3]
    assert value("math.inf") == "inf"
    assert value("object")[:6] == "<class"
    ran = runner.run(["import os\nprint('x'); os.system('echo loud')"], [{}])[0]
    assert (ran.output, ran.error) == ("x\n", "")
    assert runner.run(["print(1)\nraise SystemExit(3)"], [{}])[0].error == "SystemExit"
    assert runner.run(["x = 3"], [{}], expression="x + 1")[0].text == "4"
    # A snippet must import for itself what it shows.
    assert runner.run(["torch.zeros(1)"], [{}])[0].error == "NameError"
