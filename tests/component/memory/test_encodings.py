"""Check that chats of Windows' tools are read in the encoding that they don't tell."""

import io
import json
from pathlib import Path
import zipfile

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.memory import BadImport, Scope, Store
from custom_components.waifu_rt3d.memory.exchange import detect
from custom_components.waifu_rt3d.memory.exchange.apart import LARGE_BYTES
from custom_components.waifu_rt3d.memory.exchange.guessing import guess

_SAID = {
    "Windows-1252 de": "Schöne Grüße aus Köln, später mehr.",
    "Windows-1252 fr": "Bonjour ! J’ai passé une très belle journée à la forêt. C’est l’été, hélas.",
    "Windows-1252 es": "¿Cómo estás? Mañana iré al médico. ¡Qué ilusión! El niño también.",
    "Windows-1252 pt": "Olá! Não sei se você está bem, mas amanhã à tarde vou à praia. Coração, ação.",
    "Windows-1252 sv": "Hej! Jag är så glad över att få träffa dig på lördag. Åh, härligt!",
    "Windows-1252 fi": "Huomenta! Mitä kuuluu? Haluaisin tänään kävellä, sää on tosi kaunis. Täällä.",
    "Windows-1252 en": "I don’t know what you’re “saying” – it’s fine… We’ll see what’s next.",
    "Windows-1250 pl": "Dzień dobry! Chciałbym później pójść na spacer, żeby zobaczyć żółte liście.",
    "Windows-1250 cs": "Dobrý den, jak se máš? Rád bych šel na procházku, protože je hezké počasí.",
    "Windows-1250 hu": "Jó reggelt! Szeretnék később sétálni, őszintén örülök, hogy itt vagy. Űrhajó.",
    "Windows-1254 tr": "Günaydın! Bugün parkta yürüyüş yapmak istiyorum, hava çok güzel. Değil mi?",
    "Windows-1257 lt": "Labas rytas! Norėčiau šiandien pasivaikščioti, oras gražus. Ačiū, kad esi čia.",
    "Windows-1251 ru": "Доброе утро! Как дела? Я хотел бы сегодня погулять, погода очень хорошая.",
    "KOI8-R": "Доброе утро! Как дела? Я хотел бы сегодня погулять, погода очень хорошая.",
    "Windows-1253 el": "Καλημέρα! Θα ήθελα σήμερα να πάμε μια βόλτα στο πάρκο.",
    "Windows-1255 he": "בוקר טוב! מה שלומך? הייתי רוצה לטייל היום בפארק, מזג האוויר נהדר.",
    "Windows-1256 ar": "صباح الخير! كيف حالك؟ أود أن أتمشى اليوم في الحديقة، الطقس جميل جدا.",
    "Windows-874 th": "สวัสดีตอนเช้า วันนี้อากาศดีมาก ฉันอยากไปเดินเล่นที่สวนสาธารณะ",
    "Shift-JIS": "おはようございます！表の能力、ソフトを見てください。今日は天気がいいですね。",
    "EUC-JP": "おはようございます！今日は天気がいいですね。公園を散歩したいと思います。",
    "GB18030": "早上好！今天天气很好，我想去公园散步。谢谢你在这里，我们一起吃早饭吧。",
    "Big5": "早安！今天天氣很好，我想去公園散步。謝謝你在這裡，我們一起吃早餐吧。",
    "EUC-KR": "좋은 아침이에요! 오늘은 날씨가 정말 좋네요. 공원에서 산책하고 싶어요.",
}
_CODECS = {"Windows-": "cp", "KOI8-R": "koi8_r", "EUC-KR": "cp949", "Shift-JIS": "cp932"}


def chat(said: str, codec: str) -> bytes:
    """Return a chat as a tool writes it that knows no UTF-8."""
    lines = [{"role": "user", "content": said}, {"role": "assistant", "content": "All right!"}]
    return json.dumps({"messages": lines}, ensure_ascii=False).encode(codec)


def codec_of(name: str) -> str:
    """Return Python's name of an encoding."""
    name = name.split(maxsplit=1)[0]
    for known, codec in _CODECS.items():
        name = name.replace(known, codec)
    return name


@pytest.mark.parametrize("name", _SAID)
def test_each_language_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    """The words are right, and the encoding is told: by its name, or one that is alike in all of it."""
    file = tmp_path / "chat.json"
    file.write_bytes(chat(_SAID[name], codec_of(name)))
    found = detect.read(file)
    assert found.sessions[0].messages[0].message.text == _SAID[name]
    assert found.guessed == name.split(maxsplit=1)[0]


def test_the_bytes_of_a_real_editor_are_read(tmp_path: Path) -> None:
    """Notepad's “ANSI” with its line ends, and its “Unicode”, which tells itself."""
    line = b'{"messages":[{"role":"user","content":"Gr\xfc\xdfe \x96 \x84sch\xf6n\x93 f\xfcr 5 \x80"}]}\r\n'
    file = tmp_path / "chat.jsonl"
    file.write_bytes(line * 2)
    found = detect.read(file)
    said = "Grüße – „schön“ für 5 €"
    assert [one.messages[0].message.text for one in found.sessions] == [said, said]
    assert found.guessed == "Windows-1252"
    file.write_bytes(b"\xff\xfe" + line.decode("cp1252").encode("utf-16-le"))
    found = detect.read(file)
    assert found.sessions[0].messages[0].message.text == said
    assert found.guessed is None


async def test_large_files_and_archives_tell_it_too(store: Store, tmp_path: Path) -> None:
    """A process of its own and the files of an archive guess alike."""
    scope = Scope.of("alice")
    large = tmp_path / "large.json"
    large.write_bytes(chat(_SAID["Windows-1252 de"] * (LARGE_BYTES // 30), "cp1252"))
    brought = await store.import_file(scope, large, character="hana")
    assert (brought.messages, brought.encoding) == (2, "Windows-1252")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("Windows-1252 de", "Shift-JIS"):
            archive.writestr(f"{name}.json", chat(_SAID[name], codec_of(name)))
        archive.writestr("plain.json", chat("ä", "utf-8"))
    large.write_bytes(packed.getvalue())
    brought = await store.import_file(scope, large, character="hana")
    assert (brought.messages, brought.encoding) == (6, "Shift-JIS and Windows-1252")


@pytest.mark.parametrize(
    "data",
    [
        chat("ä", "cp1252"),
        chat("你好，早上好", "gb18030"),
        chat("안녕하세요", "cp949"),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        bytes(range(128, 256)) * 9,
    ],
)
def test_what_is_unsure_is_refused(tmp_path: Path, data: bytes) -> None:
    """A few letters tell nothing; the sentence says what to do."""
    file = tmp_path / "chat.json"
    file.write_bytes(data)
    with pytest.raises(BadImport, match="byte .*: this is not UTF-8 text, .* Save it as UTF-8"):
        detect.read(file)


@given(name=st.sampled_from(sorted(_SAID)), place=st.integers(0, 400))
def test_a_damaged_file_of_our_time_is_never_taken_for_an_old_one(name: str, place: int) -> None:
    """UTF-8 with a byte lost is broken at that place, and no chat full of wrong letters."""
    data = chat(_SAID[name] + _SAID[name], "utf-8")
    place %= len(data)
    assert guess(data[:place] + data[place + 1 :]) is None
