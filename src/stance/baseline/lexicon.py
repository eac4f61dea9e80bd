"""Cue verbs, participles and prepositions of Arabic news, by stance: what the baseline knows."""

from __future__ import annotations

from stance.schema import Stance
from stance.text import fold_word

__all__ = ["ACCORDING", "CUES"]

# Each entry: past tense; present without its prefix; participle. A dash where news does not use the form.
_VERBS: dict[Stance, str] = {
    Stance.STATES: """
        قال قول قائل|اضاف ضيف مضيف|اوضح وضح موضح|ذكر ذكر -|اشار شير مشير|اعلن علن معلن|توقع توقع متوقع|رجح رجح مرجح
        افاد فيد مفيد|بين - مبين|لفت لفت لافت|تابع تابع متابع
        كشف كشف كاشف|اعتبر عتبر معتبر|راى رى -|حذر حذر محذر|هدد هدد مهدد
        اتهم تهم متهم|تعهد تعهد متعهد|وعد عد -|توعد توعد متوعد|ابلغ بلغ -|روى روي -|زعم زعم زاعم|ادعى دعي مدعي|كتب كتب -
        غرد غرد -|تساءل تساءل متسائل|اختتم - -|استطرد - مستطرد|اردف - مردف|استدرك - مستدرك|علق - معلق|اعرب عرب معرب
        ابدى بدي مبدي|عبر عبر معبر|صرح صرح مصرح|حمل - محمل|المح لمح ملمح
        نبه نبه منبه|نوه - -|اكمل - -|مضى - -|زاد - -|شرح - شارح
    """,
    Stance.CONFIRMS: """
        اكد ؤكد مؤكد|شدد شدد مشدد|اقر قر مقر|اعترف عترف معترف|جزم جزم جازم|وافق وافق موافق|ايد ؤيد مؤيد|رحب رحب مرحب
        اشاد شيد مشيد|ثمن ثمن مثمن|بارك بارك مبارك|اصر صر مصر|اثنى ثني مثني|امتدح متدح -|جدد جدد مجدد
    """,
    Stance.PROPOSES: """
        اقترح قترح مقترح|عرض عرض عارض|دعا دعو داعي|طالب طالب مطالب|طلب طلب طالب|حث حث حاث|ناشد ناشد مناشد|اوصى وصي موصي
        طرح طرح -|نصح نصح ناصح|امر امر -|اوعز وعز -|اهاب هيب -|حض حض -
    """,
    Stance.REJECTS: """
        رفض رفض رافض|عارض عارض معارض|اعترض عترض معترض|ادان دين مدين|ندد ندد مندد|استنكر ستنكر مستنكر|شجب شجب شاجب
        انتقد نتقد منتقد|استهجن ستهجن مستهجن|هاجم هاجم مهاجم|احتج حتج محتج
    """,
    Stance.DENIES: """
        نفى نفي نافي|انكر نكر منكر|كذب كذب مكذب|فند فند مفند|دحض دحض داحض|استبعد ستبعد مستبعد|شكك شكك مشكك
    """,
}

ACCORDING = frozenset(["بحسب", "حسب", "وفق", "وفقا", "طبقا"])
"""Prepositions that name a source; their cue is one word."""


def _forms(past: str, present: str, participle: str) -> set[str]:
    forms = {past, f"{past}ت", f"{past}وا", f"{past}ا", f"{past}تا"}
    if past.endswith("ى"):
        forms |= {f"{past[:-1]}ت", f"{past[:-1]}وا"}
    if past.endswith("ا") and len(past) > 2:
        forms |= {f"{past[:-1]}ت", f"{past[:-1]}وا"}
    if present != "-":
        forms |= {f"{prefix}{present}{ending}" for prefix in "يت" for ending in ("", "ون")}
    if participle != "-":
        forms |= {f"{participle}{ending}" for ending in ("ا", "ة", "ين")}
    return {fold_word(form) for form in forms}


CUES: dict[str, Stance] = {
    form: stance
    for stance, entries in _VERBS.items()
    for entry in entries.replace("\n", "|").split("|")
    if len(entry.split()) == 3
    for form in _forms(*entry.split())
}
"""Folded form of a cue, without a leading `و` or `ف` → its stance."""
