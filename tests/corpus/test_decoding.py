"""Encodings: what is certain is read, what is not is refused with what it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askdoc.corpus.decoding import DecodedText, decode
from askdoc.corpus.reader import Finding

PAGE = (
    "{title}\n\nDoctor Answers 1\n\n{body}\n\nJane Roe, MD\nSpringfield Dermatologist\n4.8 out of 5 stars 20 reviews\n"
)
TEXTS = {
    "Russian": ("Долго ли держится отёк?", "Отёк спадает за две недели. Прикладывайте холод и держите ногу выше."),
    "Ukrainian": ("Як довго тримається набряк?", "Набряк спадає за два тижні. Прикладайте холод і тримайте ногу вище."),
    "Bulgarian": ("Колко време трае отокът?", "Отокът спада за две седмици. Слагайте студено и дръжте крака високо."),
    "Greek": (
        "Πόσο κρατάει το πρήξιμο;",
        "Το πρήξιμο υποχωρεί σε δύο εβδομάδες. Βάλτε πάγο και κρατήστε ψηλά το πόδι.",
    ),
    "Hebrew": ("כמה זמן נמשכת הנפיחות?", "הנפיחות יורדת תוך שבועיים. הניחו קרח והרימו את הרגל."),
    "Arabic": ("كم يستمر التورم؟", "يزول التورم خلال أسبوعين. ضع الثلج وارفع ساقك."),
    "Polish": (
        "Jak długo trwa obrzęk?",
        "Obrzęk schodzi w ciągu dwóch tygodni. Proszę przykładać lód i trzymać nogę wyżej.",
    ),
    "Czech": (
        "Jak dlouho trvá otok?",
        "Otok zmizí během dvou týdnů. Přikládejte led a mějte nohu výš, dokud bolest neustoupí.",
    ),
    "Hungarian": (
        "Meddig tart a duzzanat?",
        "A duzzanat két hét alatt elmúlik. Hűtse jéggel, és tartsa magasan a lábát, később sétáljon.",
    ),
    "Romanian": (
        "Cât durează umflătura?",
        "Umflătura scade în două săptămâni. Puneţi gheaţă şi ţineţi piciorul mai sus.",
    ),
    "Turkish": (
        "Şişlik ne kadar sürer?",
        "Şişlik iki haftada iner. Buz koyun ve ayağınızı yukarıda tutun, ağrı geçmezse gelin.",
    ),
    "Japanese": ("腫れはいつまで続きますか。", "腫れは二週間ほどで引きます。冷やして、足を高くしてください。"),
    "simplified Chinese": ("肿胀会持续多久？", "肿胀在两周内消退。请冷敷，并把腿抬高。"),
    "traditional Chinese": ("腫脹會持續多久？", "腫脹在兩週內消退。請冷敷，並把腿抬高。"),
    "Korean": ("붓기는 얼마나 가나요?", "붓기는 두 주 안에 빠집니다. 얼음찜질을 하고 다리를 높이 두세요."),
    "Thai": ("บวมนานแค่ไหน", "อาการบวมจะยุบภายในสองสัปดาห์ ประคบเย็นและยกขาสูง"),
    "English": ("How long does swelling last?", "Don’t worry – it’s “normal”. It’s gone in two weeks…"),
    "French": (
        "Combien de temps dure l’œdème ?",
        "Il disparaît en quinze jours. Mettez de la glace, ça aide, et gardez la jambe surélevée.",
    ),
    "German": (
        "Wie lange hält die Schwellung?",
        "Sie geht in zwei Wochen zurück. Kühlen Sie, und legen Sie das Bein höher; größere brauchen länger.",
    ),
    "Spanish": (
        "¿Cuánto dura la hinchazón?",
        "Baja en dos semanas. ¡Póngase hielo! El frío ayuda, y mantenga la pierna en alto mañana también.",
    ),
}  # fmt: skip
FOREIGN = [
    ("Russian", "koi8-r"), ("Russian", "cp1251"), ("Russian", "iso8859-5"), ("Russian", "cp866"),
    ("Russian", "mac-cyrillic"), ("Ukrainian", "koi8-u"), ("Ukrainian", "cp1251"), ("Bulgarian", "cp1251"),
    ("Greek", "cp1253"), ("Greek", "iso8859-7"), ("Hebrew", "cp1255"), ("Arabic", "cp1256"), ("Arabic", "iso8859-6"),
    ("Polish", "iso8859-2"), ("Polish", "cp1250"), ("Polish", "cp852"), ("Czech", "iso8859-2"), ("Czech", "cp1250"),
    ("Hungarian", "iso8859-2"), ("Hungarian", "cp1250"), ("Romanian", "iso8859-2"), ("Romanian", "cp1250"),
    ("Turkish", "iso8859-9"), ("Turkish", "cp1254"), ("Japanese", "euc-jp"), ("Japanese", "shift-jis"),
    ("Japanese", "iso2022-jp"), ("simplified Chinese", "gbk"), ("simplified Chinese", "gb18030"),
    ("simplified Chinese", "hz"), ("traditional Chinese", "big5"), ("Korean", "euc-kr"), ("Thai", "cp874"),
    ("English", "mac-roman"), ("French", "mac-roman"), ("German", "mac-roman"), ("Spanish", "mac-roman"),
    ("German", "cp850"), ("Spanish", "cp850"),
]  # fmt: skip


def page(language: str) -> str:
    title, body = TEXTS[language]
    return PAGE.format(title=title, body=body)


def read(data: bytes) -> DecodedText:
    decoded = decode("page.txt", data)
    assert isinstance(decoded, DecodedText), decoded
    return decoded


def refused(data: bytes) -> Finding:
    finding = decode("page.txt", data)
    assert isinstance(finding, Finding), finding
    assert not finding.kept
    assert finding.reason.endswith(".")
    assert finding.hint.endswith(".")
    assert str(finding).isprintable()
    return finding


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_says_its_encoding_is_read_in_silence(language: str, encoding: str) -> None:
    """UTF-8, and UTF-16 with a byte order mark, are read in every language, and nothing needs to be said."""
    assert read(page(language).encode(encoding)) == DecodedText(page(language))


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_with_a_remark(language: str, encoding: str) -> None:
    """The NUL bytes of its Latin letters show what it is, and the report says so."""
    decoded = read(page(language).encode(encoding))
    assert decoded.text == page(language)
    assert encoding.upper() in decoded.remarks[0].reason


@pytest.mark.parametrize(("language", "encoding"), FOREIGN)
def test_another_encoding_is_never_read_as_windows_1252(language: str, encoding: str) -> None:
    """Whatever the page was saved in, no other letters are put into the doctor's mouth."""
    finding = refused(page(language).encode(encoding))
    assert "not plain text in UTF-8" in finding.reason
    assert "UTF-8" in finding.hint


@pytest.mark.parametrize(
    ("language", "encoding", "shown"),
    [
        ("Russian", "koi8-r", "KOI8-R"),
        ("Russian", "cp1251", "WINDOWS-1251"),
        ("Polish", "iso8859-2", "ISO-8859-2"),
        ("Japanese", "euc-jp", "EUC-JP"),
        ("English", "mac-roman", "MACINTOSH"),
    ],
)
def test_a_refusal_names_the_encoding_as_a_converter_knows_it(language: str, encoding: str, shown: str) -> None:
    """The hint is a command that can be typed as it stands."""
    assert f"iconv -f {shown} -t UTF-8" in refused(page(language).encode(encoding)).hint


@pytest.mark.parametrize("language", ["English", "French", "German", "Spanish"])
def test_windows_1252_is_read_with_a_remark(language: str) -> None:
    """Western text with curly quotes, dashes and accents is read rightly, and the report says as what."""
    decoded = read(page(language).encode("cp1252"))
    assert decoded.text == page(language)
    (remark,) = decoded.remarks
    assert remark.kept
    assert "Windows-1252" in remark.reason


@pytest.mark.parametrize(
    "body",
    [
        "A café au lait spot is harmless.",
        "Use 2 ml at 20 °C, ±1.",
        "About ½ cup.",
        "It takes 2–3 weeks… be patient.",
        "• Rest\n• Ice",
        "Ask Dr. Müller or Dr. Peña.",
        "It costs £50 or €60.",
        "Botox® and Restylane™ are brand names.",
        "Ménière’s and Behçet’s disease.",
        "A patch of 3×4 cm² wide; 3 µg.",
        "«Non», dit-il, «c’est ça».",
        "Está aquí.",
        "a\xa0b",
    ],
)
def test_a_single_sign_of_windows_1252_is_read(body: str) -> None:
    """A page in plain letters with one sign more is no riddle."""
    text = PAGE.format(title="Q?", body=body)
    assert read(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    "body", ["Sjögren’s disease.", "Go to Düsseldorf.", "Keep it at 20°C.", "Zoë is well.", "Noël is well."]
)
@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
def test_a_single_word_that_no_true_text_has_is_refused(body: str, encoding: str) -> None:
    """Where one letter is too little for a detector, what it would look like decides."""
    data = PAGE.format(title="Q?", body=body).encode(encoding, "ignore")
    decoded = decode("page.txt", data)
    assert isinstance(decoded, Finding) or decoded.text == PAGE.format(title="Q?", body=body).replace("’", "")


def test_the_remark_shows_the_place() -> None:
    """The first word that is not plain ASCII is shown with its line."""
    (remark,) = read("Q?\n\nDoctor Answers 1\n\nIt is a naïve café.\n".encode("cp1252")).remarks
    assert remark.source.line == 5
    assert "'naïve'" in remark.reason


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", 1, "an image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 1, "a PDF document"),
        (b"PK\x03\x04\x14\x00", 1, "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "Word"),
        (b"\x00" * 100, 1, "nothing but NUL bytes"),
        (b"Q?\n\x00\nA", 1, "not plain text"),
        (b"\x00\x01" * 100, 1, "not plain text"),
        ("Some words,\x01\x02 some more words.\n".encode("utf-16-le"), 1, "not plain text"),
        (bytes(range(256)), 1, "not plain text"),
        (b"\xff\xfe\x00", 1, "not plain text"),
        ("Q?\n".encode("utf-32"), 1, "not plain text"),
        ("Q?\n\n“Café”, naïve.\n\nÉté".encode()[:-1], 5, "its UTF-8 is damaged here"),
    ],
)
def test_what_is_no_text_is_refused_with_the_place(data: bytes, line: int, reason: str) -> None:
    """Binary files and damage are named for what they are."""
    finding = refused(data)
    assert (finding.source.line, reason in finding.reason) == (line, True), finding


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\n\r\n"])
def test_an_empty_file_is_an_empty_text(data: bytes) -> None:
    """Nothing, or a byte order mark alone, is a text without words."""
    assert not read(data).text.strip()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_of_any_system_are_plain(end: str) -> None:
    """Lines are parted alike, those of a file that was converted twice as well."""
    assert read(f"Q?{end}{end}A".encode()).text == "Q?\n\nA"


@pytest.mark.parametrize("language", ["English", "French", "German", "Spanish", "Polish"])
@pytest.mark.parametrize("via", ["cp1252", "latin-1", "mac-roman", "cp1251", "cp437", "cp850"])
def test_a_garbled_page_is_refused(language: str, via: str) -> None:
    """UTF-8 that was read as something else and saved again is not quoted, whatever it was read as."""
    garbled = page(language).encode().decode(via, "replace")
    finding = refused(garbled.encode())
    assert "garbled" in finding.reason


@pytest.mark.parametrize("language", ["English", "French", "German", "Spanish"])
def test_a_page_garbled_twice_is_refused(language: str) -> None:
    """What went wrong two times is found, too."""
    once = page(language).encode().decode("cp1252", "ignore")
    assert "garbled" in refused(once.encode().decode("cp1252", "ignore").encode()).reason


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """Nothing raises, and every finding can be shown."""
    decoded = decode("page.txt", data)
    findings = [decoded] if isinstance(decoded, Finding) else decoded.remarks
    assert all(finding.reason.endswith(".") and str(finding).isprintable() for finding in findings)
