"""The words of a class's report about quizzes and similar submissions, in the languages of the kit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class BesideWords:
    """Headings, labels and sentences of one language; a `{}` stands where something is put in.

    Attributes:
        signs: by the code of a `Question`'s sign.
    """

    quizzes: str
    quizzes_about: str
    quizzes_few: str
    reliability: str
    question: str
    facility: str
    discrimination: str
    blank: str
    interval: str
    look: str
    signs_title: str
    signs: Mapping[str, str]
    similarity: str
    similar_about: str
    similar_none: str
    likeness: str


ENGLISH = BesideWords(
    quizzes="Questions of quizzes",
    quizzes_about="Facility is the mean credit from 0 to 1, what is left out counting as 0. Discrimination is the correlation"
    " with the points of all other questions: good from 0.3 on; below 0, look at the key. Below them their 95 % intervals. Who"
    " chose which option tells “grader quiz stats”.",
    quizzes_few="Fewer than 30 students: these numbers are rough, decide nothing by them alone.",
    reliability="Reliability",
    question="Question",
    facility="Facility",
    discrimination="Discrimination",
    blank="Left out",
    interval="{} to {}",
    look="look at it",
    signs_title="Notable",
    signs={
        "negative": "who is better elsewhere does worse here",
        "easy": "very easy",
        "hard": "very hard",
        "weak": "hardly tells the strong from the weak",
        "blank": "many leave it out",
    },
    similarity="Similar submissions",
    similar_about="Alike beyond what the exercise itself explains. That is a reason to read both, and no proof: it does not say"
    " who wrote first, nor whether the students worked together as you allow.",
    similar_none="No submissions are unusually alike.",
    likeness="Likeness, 0 to 1",
)

RUSSIAN = BesideWords(
    quizzes="Вопросы тестов",
    quizzes_about="Лёгкость — средняя доля баллов за вопрос от 0 до 1, пропущенный вопрос считается за 0. Различение — корреляция"
    " с баллами за все остальные вопросы: от 0,3 хорошо; если ниже 0, проверьте ключ. Под ними 95-процентные интервалы. Кто какой"
    " вариант выбрал, покажет grader quiz stats.",
    quizzes_few="Меньше 30 студентов: эти числа грубые, не решайте ничего только по ним.",
    reliability="Надёжность",
    question="Вопрос",
    facility="Лёгкость",
    discrimination="Различение",
    blank="Пропустили",
    interval="от {} до {}",
    look="посмотрите",
    signs_title="Что заметно",
    signs={
        "negative": "кто силён в остальном, здесь отвечает хуже",
        "easy": "очень лёгкий",
        "hard": "очень трудный",
        "weak": "почти не отличает сильных от слабых",
        "blank": "многие пропускают",
    },
    similarity="Похожие решения",
    similar_about="Похожи сильнее, чем объясняет само задание. Это повод прочитать оба решения, но не доказательство: отсюда не"
    " следует, кто написал первым и не работали ли студенты вместе так, как вы разрешаете.",
    similar_none="Необычно похожих решений нет.",
    likeness="Сходство, от 0 до 1",
)

HINDI = BesideWords(
    quizzes="क्विज़ के प्रश्न",
    quizzes_about="सरलता यानी 0 से 1 तक औसत अंश; छोड़ा हुआ प्रश्न 0 गिना गया है। भेद यानी बाकी सब प्रश्नों के अंकों से सहसंबंध: 0.3 से ऊपर"
    " अच्छा; 0 से नीचे हो तो उत्तर-कुंजी देखिए। उनके नीचे 95 % अंतराल हैं। किसने कौन-सा विकल्प चुना, यह “grader quiz stats” बताता है।",
    quizzes_few="30 से कम विद्यार्थी: ये संख्याएँ मोटी हैं, केवल इनके भरोसे कुछ तय न करें।",
    reliability="विश्वसनीयता",
    question="प्रश्न",
    facility="सरलता",
    discrimination="भेद",
    blank="छोड़ा",
    interval="{} से {}",
    look="इसे देखिए",
    signs_title="ध्यान देने योग्य",
    signs={
        "negative": "जो बाकी में अच्छे हैं, वे यहाँ पीछे रहते हैं",
        "easy": "बहुत सरल",
        "hard": "बहुत कठिन",
        "weak": "मज़बूत और कमज़ोर में लगभग कोई भेद नहीं करता",
        "blank": "बहुतों ने छोड़ दिया",
    },
    similarity="मिलते-जुलते उत्तर",
    similar_about="इतने मिलते-जुलते जितना अभ्यास अपने आप नहीं समझाता। यह दोनों को पढ़ने का कारण है, प्रमाण नहीं: इससे न यह पता चलता है कि"
    " पहले किसने लिखा, न यह कि विद्यार्थियों ने आपकी अनुमति के भीतर साथ काम किया या नहीं।",
    similar_none="कोई उत्तर असामान्य रूप से मिलता-जुलता नहीं है।",
    likeness="समानता, 0 से 1",
)
