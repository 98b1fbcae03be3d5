"""The cases to try first."""

import itertools

from grader.testing import assert_close, expect, raises, title


@title(
    en="The worked example of the statement",
    ru="Пример из условия",
    hi="प्रश्न में हल किया हुआ उदाहरण",
)
def test_worked_example(student):
    rates = student.each([(step, 9, 4, 0.8) for step in range(9)])
    assert_close(tuple(rates), (0.2, 0.4, 0.6, 0.8, 0.8, 0.682843, 0.4, 0.117157, 0.0))
    rates = student.each([(step, 9, 4, 0.8, 0.2) for step in range(4, 9)])
    assert_close(tuple(rates), (0.8, 0.712132, 0.5, 0.287868, 0.2))


@title(
    en="Without warm-up the first step gets the peak",
    ru="Без разогрева первый шаг получает пик",
    hi="warm-up न हो तो पहले क़दम को peak मिलता है",
)
def test_no_warmup(student):
    assert_close(student.warmup_cosine(0, 3, 0, 0.5), 0.5)
    assert_close(student.warmup_cosine(1, 3, 0, 0.5), 0.25)


@title(
    en="The rate never rises after the warm-up",
    ru="После разогрева темп больше не растёт",
    hi="warm-up के बाद दर फिर नहीं बढ़ती",
)
def test_never_rises_again(student):
    rates = student.each([(step, 20, 5, 0.3, 0.01) for step in range(4, 50)])
    falls = all(later <= earlier + 1e-6 for earlier, later in itertools.pairwise(rates))
    expect(falls, "from the last step of the warm-up on, no rate is above the one before it")


@title(
    en="A single step after the warm-up",
    ru="Единственный шаг после разогрева",
    hi="warm-up के बाद का अकेला क़दम",
)
def test_single_step(student):
    assert_close(student.warmup_cosine(3, 4, 3, 0.6, final=0.1), 0.6)
    assert_close(student.warmup_cosine(4, 4, 3, 0.6, final=0.1), 0.1)


@title(
    en="A warm-up that leaves no step is refused",
    ru="Разогрев, после которого не остаётся шагов, отвергается",
    hi="जिस warm-up के बाद कोई क़दम न बचे वह अस्वीकार होता है",
)
def test_no_step_left(student):
    with raises(ValueError):
        student.warmup_cosine(0, 4, 4, 0.6)
