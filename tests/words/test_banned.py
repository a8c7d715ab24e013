"""Words that no text uses."""

import pytest

from words import BadWords, Choice, list_names, load
from words.banned import allowances, find, find_in_choice, languages_with_a_list, parse_banned

BANNED_ENGLISH = [
    "victim",
    "certified",
    "rescue",
    "save",
    "raid",
    "prostitute",
    "illegal",
    "cooperate",
    "screening",
    "chains",
    "saved",
    "saving",
    "rescuers",
    "saviors",
    "raids",
    "victims",
    "prostitution",
    "chained",
    "illegally",
]


def _uses(rule: str) -> list[str]:
    return [
        f"{name}.{entry.code}: {hit.word}"
        for name in list_names()
        for entry in load(name)
        for hit in find_in_choice(name, entry)
        if hit.rule == rule
    ]


def test_R19_no_text_uses_a_banned_word() -> None:
    """No text or hint of any list uses a word that puts people off."""
    assert _uses("R19") == []


def test_R20_no_text_takes_a_gender_for_granted() -> None:
    """No text or hint says he, she or a gendered word, unless the choice is about gender."""
    assert _uses("R20") == []


@pytest.mark.parametrize("word", [*BANNED_ENGLISH, "tell the truth", "case against"])
def test_R19_every_required_word_is_found(word: str) -> None:
    """Each word that the requirements list is caught, in capitals and inside a sentence."""
    assert any(hit.rule == "R19" for hit in find(f"Please: {word.upper()}, now."))


def test_R19_a_planted_word_is_found_in_text_and_hint() -> None:
    """The check reads both texts of an entry."""
    in_text = Choice(id=1, code="x", text="Help for victims")
    in_hint = Choice(id=2, code="y", text="Help", hint="For someone who was trafficked.")
    assert [hit.word for hit in find_in_choice("needs", in_text)] == ["victim"]
    assert [hit.word for hit in find_in_choice("needs", in_hint)] == ["traffick"]


@pytest.mark.parametrize(
    "question",
    ["Were you forced?", "Is this against your will?", "Were you trafficked?", "Was she coerced?"],
)
def test_R19_a_question_about_force_is_found(question: str) -> None:
    """Nobody is asked whether she was forced, or to call herself anything."""
    assert find(question)


@pytest.mark.parametrize("word", ["her", "himself", "Men", "woman's", "her\u2019s", "boyfriends"])
def test_R20_a_planted_gender_is_found(word: str) -> None:
    """Gendered words are caught with capitals, plurals and either apostrophe."""
    assert any(hit.rule == "R20" for hit in find(f"Ask {word} first"))


@pytest.mark.parametrize(
    "text",
    ["A braided basket", "Save this page", "The saved file", "The task force", "The human mind",
     "There", "A screen", "Chinese", "Themselves", "A birth certificate"],
)  # fmt: skip
def test_R19_harmless_texts_pass(text: str) -> None:
    """Whole words, stems and allowed wordings are told apart from what merely looks alike."""
    assert find(text) == ()


def test_R19_an_allowed_wording_excuses_only_itself() -> None:
    """Saying "save this page" does not let the sentence save people."""
    assert find("Save this page and save them")


def test_R20_an_allowed_wording_is_found_without_spaces_around_it() -> None:
    """Chinese "other" holds the sign for "he", and does not excuse that sign elsewhere."""
    assert find("没有其他人", "zh-Hans") == ()
    assert find("没有其他人，只有他", "zh-Hans")


def test_R19_line_breaks_and_spaces_do_not_hide_a_phrase() -> None:
    """Texts wrapped in a template are read as people read them."""
    assert find("tell\n   the\u00a0truth")


def test_R19_every_allowance_is_still_needed() -> None:
    """An allowance names an existing entry that really uses the word."""
    for allowance in allowances():
        entry = load(allowance.list).by_code(allowance.code)
        assert entry is not None
        words = [hit.word for text in (entry.text, entry.hint or "") for hit in find(text)]
        assert allowance.word in words


def test_R19_an_allowance_holds_for_its_own_entry_alone() -> None:
    """The same wording is refused in another list or under another code."""
    pledge = load("funding").by_code("pledge")
    assert pledge is not None
    assert find_in_choice("funding", pledge) == ()
    assert find_in_choice("needs", pledge)


def test_R19_other_scripts_are_searched_too() -> None:
    """A Korean word is found with its particle, a Spanish one in the plural, NFC or not."""
    assert find("피해자를 위한", "ko")
    assert find("vi\u0301ctimas", "es")
    assert "en" in languages_with_a_list()


def test_R19_a_badly_written_rule_is_refused() -> None:
    """A misspelt way of matching cannot switch a rule off silently."""
    rule: dict[str, object] = {
        "word": "x", "match": "stem", "rule": "R19", "reason": "y", "source": "z",
    }  # fmt: skip
    assert parse_banned("here", rule).within == ()
    for bad in ({**rule, "match": "steam"}, {**rule, "sourse": "z"}, {**rule, "within": "a b"}):
        with pytest.raises(BadWords, match="here"):
            parse_banned("here", bad)


# One wording a language for each thing that REQUIREMENTS name, as somebody would write it.
BANNED_ELSEWHERE = {
    "es": [
        "Las víctimas", "El rescate", "Le van a salvar", "Una redada", "Prostitutas", "Ilegales",
        "Diga la verdad", "Coopere", "Colaborar con ellos", "El tamizaje", "Un caso en contra",
        "Rompa las cadenas", "La trata de personas", "¿Le obligaron? ¿Forzada?", "Esclavitud",
    ],
    "ko": [
        "피해자를 위한", "구출합니다", "단속이 있을 때", "매춘", "불법으로", "사실대로 말하세요",
        "협조해 주세요", "선별 과정", "그 사람을 고소", "쇠사슬", "인신매매", "강요받았나요",
        "노예",
    ],
    "hi": [
        "पीड़ितों के लिए", "बचाव अभियान", "छापे के समय", "वेश्यावृत्ति", "अवैध रूप से", "सच बताइए",
        "सहयोग कीजिए", "स्क्रीनिंग", "के ख़िलाफ़ मामला", "ज़ंजीर", "मानव तस्करी", "ज़बरदस्ती",
    ],
    "ar": [
        "للضحايا", "عملية إنقاذ", "مداهمة", "الدعارة", "بشكل غير قانوني", "قل الحقيقة",
        "التعاون مع", "استجواب", "قضية ضد", "السلاسل", "الاتجار بالبشر", "بالإكراه", "العبودية",
    ],
    "zh-Hans": [
        "受害者", "拯救行动", "突击检查", "卖淫", "非法居留", "请说实话", "请配合我们", "筛查",
        "起诉别人", "锁链", "人口贩卖", "你是被迫的吗", "现代奴隶",
    ],
    "zh-Hant": [
        "受害者", "拯救行動", "臨檢", "賣淫", "非法居留", "請說實話", "請配合我們", "篩檢",
        "對他人提告", "鎖鏈", "人口販運", "你是被迫的嗎", "現代奴隸",
    ],
    "th": [
        "เหยื่อของ", "ช่วยชีวิต", "บุกค้น", "โสเภณี", "ผิดกฎหมาย", "บอกความจริง",
        "ให้ความร่วมมือ", "การคัดกรอง", "คดีต่อเขา", "โซ่ตรวน", "การค้ามนุษย์", "ถูกบังคับ",
        "เป็นทาส",
    ],
    "vi": [
        "Các nạn nhân", "Giấy chứng nhận", "Chúng tôi sẽ cứu bạn", "Giải cứu", "Khi bị truy quét",
        "Gái điếm", "Bất hợp pháp", "Hãy nói thật", "Phải hợp tác", "Vụ kiện", "Xiềng xích",
        "Nô lệ", "Nạn buôn người", "Bạn có bị ép không?",
    ],
    "tl": [
        "Mga biktima", "Sertipikado", "Pagsagip", "Ililigtas namin kayo", "May raid",
        "Sumalakay sila", "Mga prostitute", "Ilegal", "Sabihin ang totoo", "Makipagtulungan",
        "Kaso laban sa", "Tanikala", "Inalipin", "Human trafficking", "Pinilit ba kayo?",
    ],
    "id": [
        "Para korban", "Bersertifikat", "Menyelamatkan", "Razia", "Penggerebekan", "Pelacur",
        "Ilegal", "Katakan yang sebenarnya", "Bekerja sama dengan polisi", "Gugatan terhadap",
        "Belenggu", "Perbudakan", "Perdagangan orang", "Apakah Anda dipaksa?",
    ],
    "ru": [
        "Для жертв", "Вас спасут", "Спасение людей", "Облава", "Проституция", "Нелегально", "Цепи",
        "Скажите правду", "Сотрудничать с ними", "Допрос", "Дело против", "Торговля людьми",
        "Вас заставили?", "Против вашей воли", "Рабство", "Сертификат",
    ],
    "ne": [
        "पीडितका लागि", "उद्धार टोली", "छापा", "वेश्यावृत्ति", "अवैध रूपमा", "साँचो बोल्नुहोस्",
        "सहयोग गर्नुहोस्", "सोधपुछ", "विरुद्ध मुद्दा", "जन्जिर", "बेचबिखन", "जबर्जस्ती", "दासता",
    ],
    "pt": [
        "As vítimas", "O resgate", "Vão salvar você", "Uma batida policial", "Prostitutas",
        "Ilegais", "Diga a verdade", "Cooperar", "Colabore", "A triagem",
        "Um processo contra", "As correntes", "O tráfico de pessoas", "Foi forçada?", "Obrigado a",
        "Escravidão", "Certificada",
    ],
    "fr": [
        "Les victimes", "Le sauvetage", "On vous sauve", "Une descente de police", "Prostituées",
        "Illégale", "Dites la vérité", "Coopérer", "Collaborez", "Un interrogatoire", "Les chaînes",
        "Une plainte contre", "La traite", "Forcée?", "Contre votre gré", "Esclavage", "Certifiée",
    ],
    "ht": [
        "Viktim yo", "Yo sove ou", "Yon desant", "Pwostitisyon", "Ilegal", "Di laverite", "Chenn",
        "Kowopere", "Kolabore", "Entèwogatwa", "Plent kont", "Trafik moun", "Yo fòse ou",
        "Esklavaj", "Sètifika",
    ],
}  # fmt: skip
HARMLESS_ELSEWHERE = {
    "es": [
        "Se trata de su casa",
        "Niñas y niños",
        "Tener seguridad",
        "Todos los días",
        "El salvo",
        "Un salón",
        "Este caso",
        "Su madre o padre",
        "Además",
        "Cadencia",
        "Teléfono",
        "Tuvo",
    ],
    "ko": ["사람", "가족 구조", "법률 도움", "사실", "다른 언어", "강한 문"],
    "hi": ["बचाव पक्ष के वकील", "उदासी", "सच", "वकील", "तूफ़ान", "कुतुम"],
    "ar": ["شخص", "سلسلة", "قانون الهجرة", "الحقيقة", "رجوع", "شارع"],
    "zh-Hans": ["其他地方", "吉他", "法律帮助", "合适", "锁好的文字", "真实"],
    "zh-Hant": ["其他地方", "吉他", "法律協助", "合適", "鎖好的文字", "真實"],
    "th": ["คน", "พ่อแม่", "ความช่วยเหลือ", "กฎหมาย", "ล็อก", "ความจริง"],
    "vi": ["Phòng cấp cứu", "Tra cứu", "Điều kiện", "Sự thật", "Đông Nam", "Cha mẹ", "Thật"],
    "tl": ["Ligtas na lugar", "Tulungan", "Nagtutulungan", "Totoo", "Isang kaso", "Amin"],
    "id": ["Selamat pagi", "Bekerja bersama", "Kasus", "Hukum", "Perdagangan", "Pribadi", "Benar"],
    "ru": ["Спасибо", "Сотрудники", "Работа", "Процент", "Правда", "Одна строка", "Мы", "Рады"],
    "ne": ["उदासी", "सम्पत्ति", "वकिल", "मद्दत", "साँचो", "जनिएको"],
    "pt": [
        "Vizinhança",
        "Amizade",
        "Todas as pessoas",
        "Salão",
        "País",
        "Este caso",
        "Até",
        "Forma",
    ],
    "fr": [
        "Une amie ou un ami",
        "Traitement",
        "Tous les jours",
        "Un seul",
        "Marie",
        "Force",
        "Été",
    ],
    "ht": ["Wi", "Travayè", "Ou oblije", "Avoka", "Vwazen", "Papye", "Rafrechi"],
}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, all_ in BANNED_ELSEWHERE.items() for text in all_]
)
def test_R19_every_required_word_is_found_in_every_language(language: str, text: str) -> None:
    """What English may not say, no other language with a catalogue may say."""
    assert any(hit.rule == "R19" for hit in find(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [(code, text) for code, all_ in HARMLESS_ELSEWHERE.items() for text in all_],
)
def test_R19_harmless_texts_pass_in_every_language(language: str, text: str) -> None:
    """Words that merely contain a banned one are left alone."""
    assert find(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Bienvenida"), ("es", "Sus hijos"), ("es", "Usted mismo"), ("es", "Un abogado"),
        ("es", "Listo/a, o/a"), ("es", "Tod@s"), ("es", "Todos"), ("es", "El vecino"),
        ("ko", "그녀의"), ("ko", "남편이"), ("hi", "चाहता/ती हैं"), ("hi", "पति को"),
        ("ar", "مستعد/ة"), ("ar", "امرأة"), ("ar", "زوجها"),
        ("zh-Hans", "请告诉她"), ("zh-Hans", "他说"),
        ("zh-Hant", "妳好"), ("zh-Hant", "他的丈夫"),
        ("th", "ผู้หญิง"), ("th", "สวัสดีค่ะ"),
        ("vi", "Cô ấy"), ("vi", "Chồng của bạn"), ("vi", "Anh/chị"), ("vi", "Mẹ"),
        ("tl", "Isang babaeng"), ("tl", "Mga lalaki"), ("tl", "Ang nanay"), ("tl", "Si misis"),
        ("id", "Suami Anda"), ("id", "Seorang wanita"), ("id", "Laki-laki itu"), ("id", "Ibu"),
        ("ru", "Готов(а)"), ("ru", "Вы уверены? Уверена"), ("ru", "Ваша жена"), ("ru", "Девушки"),
        ("ne", "उनी भन्छिन्"), ("ne", "महिला"),
        ("pt", "Bem-vinda"), ("pt", "Um advogado"), ("pt", "Seus filhos"), ("pt", "Todos"),
        ("fr", "Bienvenue"), ("fr", "Un avocat"), ("fr", "Prêt·e"), ("fr", "Votre mari"),
        ("ht", "Fanm yo"), ("ht", "Mari ou"), ("ht", "Yon vwazin"),
    ],
)  # fmt: skip
def test_R20_a_gendered_wording_is_found_in_every_language(language: str, text: str) -> None:
    """A text that takes a gender for granted is caught where the language allows another."""
    assert any(hit.rule == "R20" for hit in find(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "¿Tienes tu código?"), ("es", "Te llaman"), ("hi", "कौन हो तुम।"),
        ("zh-Hans", "您好"), ("zh-Hant", "您有代碼嗎"),
        ("th", "เธอมีรหัสไหม"),
        ("vi", "Quý vị có mã không?"),
        ("tl", "May code ka ba?"),
        ("id", "Apakah kamu punya kode?"),
        ("ru", "Твой код"),
        ("ne", "तिमीसँग कोड छ? तिमी"),
        ("pt", "O teu código"),
        ("fr", "Ton code"),
    ],
)  # fmt: skip
def test_R16_who_reads_is_spoken_to_in_one_way(language: str, text: str) -> None:
    """Texts by different hands keep to the same form of you."""
    assert any(hit.rule == "R16" for hit in find(text, language))


def test_R19_several_words_share_one_entry_and_one_reason() -> None:
    """A list of words is as many rules, each with all that the entry says."""
    hits = [find(f"Un {word}", "es") for word in ("tratante", "traficante")]
    assert [hit[0].word for hit in hits] == ["tratante", "traficante"]
    assert hits[0][0].reason == hits[1][0].reason
