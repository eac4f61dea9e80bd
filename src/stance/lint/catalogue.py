"""Every kind of incident, with what it says in English and in Arabic: the only place where these texts are written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stance.lint.kinds import Kind, Language, Severity

__all__ = ["CATALOGUE", "PART_NAMES"]

PART_NAMES: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "en": MappingProxyType({}),
        "ar": MappingProxyType({"cue": "قرينة", "speaker": "متكلم", "content": "مضمون", "region": "مقطع"}),
    }
)
"""What the parts are called where their own names will not do."""

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

_KINDS = (
    # Articles.
    Kind(
        "article-without-text",
        _ERROR,
        ("The task has no text.", "Import the article's text as a string under the key `text`."),
        ("المهمة بلا نص.", "استورد نص المقال سلسلةَ حروف تحت المفتاح `text`."),
    ),
    Kind(
        "article-lone-surrogates",
        _ERROR,
        (
            "The task's data hold half a character (a lone surrogate), which cannot be written.",
            "Decode the text as UTF-16 before it is imported.",
        ),
        (
            "في بيانات المهمة نصف حرف (محرف بديل منفرد) لا يمكن حفظه.",
            "فكّ ترميز النص على أنه UTF-16 قبل استيراده.",
        ),
    ),
    Kind(
        "article-duplicate-id",
        _ERROR,
        ("The article id {id} is already used by task {other}.", "Give every article an id of its own."),
        ("معرّف المقال {id} مستعمل من قبل في المهمة {other}.", "اجعل لكل مقال معرّفا خاصا به."),
    ),
    Kind(
        "article-duplicate-text",
        _ERROR,
        (
            "The text is the same as that of task {other}.",
            "Delete one of the two tasks, or add the second annotation to the first task.",
        ),
        ("النص هو نفسه نص المهمة {other}.", "احذف إحدى المهمتين، أو أضف التوسيم الثاني إلى المهمة الأولى."),
    ),
    Kind(
        "article-not-annotated",
        _NOTE,
        ("The task has no finished annotation.", "Annotate it, or submit it empty if it holds no attribution."),
        ("المهمة بلا توسيم مكتمل.", "وسّمها، أو سلّمها فارغة إن خلت من أي نسبة قول."),
    ),
    # What Label Studio wrote.
    Kind(
        "result-malformed",
        _ERROR,
        ("A result is not written as Label Studio writes it: {seen}.", "Export again as JSON; do not edit exports."),
        ("نتيجة لم تُكتب كما يكتبها Label Studio: {seen}.", "صدّر من جديد بصيغة JSON ولا تعدّل الملفات المصدَّرة."),
    ),
    Kind(
        "result-unread",
        _WARNING,
        (
            "A result of the type `{type}` is not read.",
            "Use the project's labelling config: <Labels> on <Text>, <Choices> and relations.",
        ),
        ("نتيجة من النوع `{type}` لا تُقرأ.", "استعمل إعداد التوسيم الخاص بالمشروع: Labels على Text وChoices وعلاقات."),
    ),
    Kind(
        "region-repeated-id",
        _ERROR,
        (
            "Two regions have the same id, so that their relations are ambiguous.",
            "Delete one of them and draw it again.",
        ),
        ("مقطعان لهما المعرّف نفسه فالتبست علاقاتهما.", "احذف أحدهما وارسمه من جديد."),
    ),
    Kind(
        "score-out-of-range",
        _ERROR,
        ("The score {score} is no number between 0 and 1.", "Mend the model that wrote it; people leave no score."),
        ("الدرجة {score} ليست عددا بين 0 و1.", "أصلح النموذج الذي كتبها؛ فالموسّمون لا يتركون درجة."),
    ),
    # Spans.
    Kind(
        "span-without-offsets",
        _ERROR,
        ("The region has no start or end that is a whole number.", "Use <Text>, not <HyperText>, and mark it again."),
        ("المقطع بلا بداية أو نهاية بعدد صحيح.", "استعمل <Text> لا <HyperText> ثم وسّمه من جديد."),
    ),
    Kind(
        "span-reversed",
        _ERROR,
        ("[{start}, {end}) ends before it starts.", "Delete the region and mark it again."),
        ("[{start}, {end}) ينتهي قبل أن يبدأ.", "احذف المقطع ووسّمه من جديد."),
    ),
    Kind(
        "span-empty",
        _ERROR,
        ("[{start}, {end}) covers nothing.", "Delete the region and mark it again."),
        ("[{start}, {end}) لا يغطي شيئا.", "احذف المقطع ووسّمه من جديد."),
    ),
    Kind(
        "span-off-text",
        _ERROR,
        (
            "[{start}, {end}) runs off the text, which has {length} code points.",
            "The text was changed after it was annotated: import the old text, or mark again.",
        ),
        (
            "[{start}, {end}) يخرج عن النص، وطوله {length} محرفا.",
            "تغيّر النص بعد توسيمه: استورد النص القديم أو وسّم من جديد.",
        ),
    ),
    Kind(
        "span-text-mismatch",
        _ERROR,
        (
            "The region was made on “{was}”, but the text there is “{quote}”.",
            "The text was changed after it was annotated: import the old text, or mark again.",
        ),
        (
            "رُسم المقطع على «{was}» والنص في موضعه «{quote}».",
            "تغيّر النص بعد توسيمه: استورد النص القديم أو وسّم من جديد.",
        ),
    ),
    Kind(
        "span-inside-word",
        _ERROR,
        ("The {part} “{quote}” cuts the word “{word}”.", "Mark whole words, with the clitics written on them."),
        ("«{quote}» ({part}) يقطع كلمة «{word}».", "وسّم كلمات كاملة بما اتصل بها من سوابق ولواحق."),
    ),
    Kind(
        "span-edge-space",
        _WARNING,
        ("The {part} “{quote}” has white space at an edge.", "Leave it out of the span."),
        ("في طرف «{quote}» ({part}) فراغ.", "أخرج الفراغ من المقطع."),
    ),
    Kind(
        "span-edge-invisible",
        _WARNING,
        ("The {part} “{quote}” has an invisible character ({character}) at an edge.", "Leave it out of the span."),
        ("في طرف «{quote}» ({part}) محرف خفي ({character}).", "أخرجه من المقطع."),
    ),
    Kind(
        "span-edge-punctuation",
        _WARNING,
        (
            "The {part} “{quote}” has the mark {mark} at an edge.",
            "Leave it out; only a closing quotation mark or bracket whose opener is inside stays.",
        ),
        (
            "في طرف «{quote}» ({part}) علامة {mark}.",
            "أخرجها من المقطع؛ ولا تبقى إلا علامة إغلاق فُتحت داخل المقطع نفسه.",
        ),
    ),
    Kind(
        "cue-too-long",
        _WARNING,
        (
            "The cue “{quote}” has {words} words.",
            "Mark the shortest expression that ascribes the content: at most 6 words.",
        ),
        ("القرينة «{quote}» فيها {words} كلمات.", "وسّم أقصر عبارة تنسب المضمون إلى المتكلم: ست كلمات على الأكثر."),
    ),
    Kind(
        "speaker-too-long",
        _WARNING,
        ("The speaker “{quote}” has {words} words.", "Mark the noun phrase that names him, without relative clauses."),
        ("المتكلم «{quote}» فيه {words} كلمة.", "وسّم المركّب الاسمي الذي يسمّيه دون جمل الصلة."),
    ),
    Kind(
        "content-too-long",
        _WARNING,
        ("The content “{quote}” has {words} words.", "Let it end with its clause or quotation."),
        ("المضمون «{quote}» فيه {words} كلمة.", "أنهِه بنهاية جملته أو اقتباسه."),
    ),
    # Labels.
    Kind(
        "label-missing",
        _ERROR,
        ("The region “{quote}” has no label.", "Label it as a speaker, a content or a cue with its stance."),
        ("المقطع «{quote}» بلا وسم.", "وسّمه متكلما أو مضمونا أو قرينة بموقفها."),
    ),
    Kind(
        "label-unknown",
        _ERROR,
        ("The label `{label}` is not of the scheme.", "Use one of: {known}."),
        ("الوسم `{label}` ليس من المخطط.", "استعمل وسما من أوسمة إعداد التوسيم الخاص بالمشروع."),
    ),
    Kind(
        "label-conflict",
        _ERROR,
        ("The region “{quote}” has labels of two parts: {labels}.", "Keep one, or mark two regions."),
        ("على المقطع «{quote}» أوسمة جزأين: {labels}.", "أبقِ واحدا أو ارسم مقطعين."),
    ),
    Kind(
        "region-duplicate",
        _ERROR,
        ("The {part} “{quote}” is marked twice.", "Delete one; two cues may share a speaker or content."),
        ("«{quote}» ({part}) موسوم مرتين.", "احذف أحدهما؛ فلقرينتين أن تشتركا في متكلم أو مضمون."),
    ),
    # Cues and their attributions.
    Kind(
        "cue-without-stance",
        _ERROR,
        ("The cue “{quote}” has no stance.", "Label it with its stance."),
        ("القرينة «{quote}» بلا موقف.", "وسّمها بموقفها."),
    ),
    Kind(
        "cue-two-stances",
        _ERROR,
        (
            "The cue “{quote}” has two stances: {stances}.",
            "Keep one; a second that a reader may accept goes under “Also acceptable”.",
        ),
        (
            "للقرينة «{quote}» موقفان: {stances}.",
            "أبقِ واحدا، وما قد يقبله القارئ سواه فمكانه «Also acceptable».",
        ),
    ),
    Kind(
        "cue-two-speakers",
        _ERROR,
        (
            "The cue “{quote}” has two speakers: “{first}” and “{second}”.",
            "Delete one relation; a joint speaker is one region.",
        ),
        ("للقرينة «{quote}» متكلمان: «{first}» و«{second}».", "احذف إحدى العلاقتين؛ والمتكلم المشترك مقطع واحد."),
    ),
    Kind(
        "cue-two-contents",
        _ERROR,
        (
            "The cue “{quote}” has two contents: “{first}” and “{second}”.",
            "Delete one relation; where the cue splits it, keep the longer side.",
        ),
        (
            "للقرينة «{quote}» مضمونان: «{first}» و«{second}».",
            "احذف إحدى العلاقتين؛ فإن قسمته القرينة فأبقِ الشق الأطول.",
        ),
    ),
    Kind(
        "cue-unlinked",
        _WARNING,
        ("The cue “{quote}” has neither speaker nor content.", "Draw its relations, or delete it."),
        ("القرينة «{quote}» بلا متكلم ولا مضمون.", "ارسم علاقاتها أو احذفها."),
    ),
    Kind(
        "cue-overlap",
        _ERROR,
        ("The cue “{quote}” overlaps the cue “{other}”.", "Keep the shortest expression that ascribes each content."),
        ("القرينة «{quote}» تتقاطع مع القرينة «{other}».", "أبقِ لكل مضمون أقصر عبارة تنسبه."),
    ),
    Kind(
        "cue-negated",
        _WARNING,
        (
            "The cue “{quote}” stands under the negation “{negation}”.",
            "A negated cue is no act: delete it, or link the act that is performed.",
        ),
        ("القرينة «{quote}» منفية بـ«{negation}».", "القرينة المنفية ليست فعلا: احذفها أو وسّم الفعل الواقع حقا."),
    ),
    Kind(
        "content-contains-cue",
        _ERROR,
        (
            "The content “{quote}” contains its own cue “{cue}”.",
            "Let the content end before the cue, or begin behind it.",
        ),
        ("المضمون «{quote}» يحوي قرينته «{cue}».", "أنهِ المضمون قبل القرينة أو ابدأه بعدها."),
    ),
    Kind(
        "speaker-contains-cue",
        _ERROR,
        (
            "The speaker “{quote}” contains its own cue “{cue}”.",
            "Let the speaker end before the cue, or begin behind it.",
        ),
        ("المتكلم «{quote}» يحوي قرينته «{cue}».", "أنهِ المتكلم قبل القرينة أو ابدأه بعدها."),
    ),
    Kind(
        "speaker-pronoun",
        _WARNING,
        ("The speaker “{quote}” is a pronoun.", "Link the earlier mention that names him."),
        ("المتكلم «{quote}» ضمير.", "اربط القرينة بأقرب ذكر سابق يسمّيه."),
    ),
    Kind(
        "speaker-orphan",
        _WARNING,
        ("No cue is linked to the speaker “{quote}”.", "Draw the relation from its cue, or delete the region."),
        ("لا قرينة مربوطة بالمتكلم «{quote}».", "ارسم العلاقة من قرينته أو احذف المقطع."),
    ),
    Kind(
        "content-orphan",
        _WARNING,
        ("No cue is linked to the content “{quote}”.", "Draw the relation from its cue, or delete the region."),
        ("لا قرينة مربوطة بالمضمون «{quote}».", "ارسم العلاقة من قرينته أو احذف المقطع."),
    ),
    Kind(
        "attribution-duplicate",
        _ERROR,
        (
            "The attribution of “{quote}” is there twice, with the same speaker and content.",
            "Delete one of the two cues.",
        ),
        ("نسبة «{quote}» مكررة بالمتكلم والمضمون نفسيهما.", "احذف إحدى القرينتين."),
    ),
    # Other stances.
    Kind(
        "alternative-repeats-stance",
        _NOTE,
        ("The stance of “{quote}”, {stance}, is chosen again as also acceptable.", "Take it out of “Also acceptable”."),
        ("موقف «{quote}»، أي {stance}، مختار ثانية ضمن المقبول أيضا.", "أزله من «Also acceptable»."),
    ),
    Kind(
        "alternative-unknown",
        _ERROR,
        ("“{quote}” has the choice `{choice}`, which is no stance.", "Choose among: {known}."),
        ("على «{quote}» الخيار `{choice}` وليس موقفا.", "اختر مما في إعداد التوسيم الخاص بالمشروع."),
    ),
    Kind(
        "choice-without-cue",
        _WARNING,
        ("The choice {choices} is made for something that is no cue.", "Delete it; only cues have stances."),
        ("الخيار {choices} على ما ليس قرينة.", "احذفه؛ فالمواقف للقرائن وحدها."),
    ),
    # Relations.
    Kind(
        "relation-dangling",
        _ERROR,
        ("A relation points at the region {missing}, which is not there.", "Delete the relation, or draw it again."),
        ("علاقة تشير إلى المقطع {missing} وهو غير موجود.", "احذف العلاقة أو ارسمها من جديد."),
    ),
    Kind(
        "relation-wrong-parts",
        _ERROR,
        (
            "A relation joins a {one} and a {other}: “{first}” and “{second}”.",
            "Draw it from a cue to its speaker or content.",
        ),
        ("علاقة تربط بين {one} و{other}: «{first}» و«{second}».", "ارسمها من القرينة إلى متكلمها أو مضمونها."),
    ),
    Kind(
        "relation-not-from-cue",
        _NOTE,
        (
            "The relation of the {part} “{quote}” is drawn towards its cue.",
            "Draw it from the cue; it is read either way.",
        ),
        ("علاقة «{quote}» ({part}) مرسومة نحو قرينتها.", "ارسمها من القرينة؛ وهي تُقرأ في الحالين."),
    ),
    Kind(
        "relation-wrong-label",
        _WARNING,
        (
            "A relation labelled {labels} points at the {part} “{quote}”.",
            "Name it after the part it points at, or draw it again.",
        ),
        ("علاقة وسمها {labels} تشير إلى «{quote}» ({part}).", "سمّها باسم ما تشير إليه أو ارسمها من جديد."),
    ),
    Kind(
        "relation-duplicate",
        _NOTE,
        ("The relation to the {part} “{quote}” is drawn twice.", "Delete one."),
        ("العلاقة بـ«{quote}» ({part}) مرسومة مرتين.", "احذف إحداهما."),
    ),
)

CATALOGUE: Mapping[str, Kind] = MappingProxyType({kind.id: kind for kind in _KINDS})
"""Every kind by its id."""
