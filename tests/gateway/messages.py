"""Messages of a shop's customers in the gateway's shapes, in our own words: each builder gives the raw `content` of a `Said`."""

import base64
import random
from typing import Any

from tests.gateway.steps import Device, Json, Said, Step, make_id

PHONE = "5511988887777"
PHONE_WITHOUT_NINTH = "553187776666"  # Belo Horizonte: WhatsApp knows it without the ninth digit
LID = "204886317710233"
GROUP = "120363418800770011@g.us"
OWNER = "5511933221100"

SECRET = bytes(range(64, 96))  # stands for every key and hash
_MEDIA: Json = {
    "url": "https://media.example/v/t62/arquivo.enc",
    "directPath": "/v/t62/arquivo.enc",
    "fileSha256": SECRET,
    "fileEncSha256": SECRET,
    "mediaKey": SECRET,
    "mediaKeyTimestamp": {"low": 1795400000, "high": 0, "unsigned": False},
}


def text(words: str) -> Json:
    return {"conversation": words}


def extended_text(words: str, *, quoted_id: str | None = None, quoted: str = "Posso ajudar?", quoted_author: str = OWNER) -> Json:
    """A text with a link or a quotation; the gateway rewrites it as a plain one and keeps the quotation in `contextInfo`."""
    context: Json = {"mentionedJid": [], "groupMentions": [], "expiration": 0}
    if quoted_id is not None:
        quotation = {"stanzaId": quoted_id, "participant": f"{quoted_author}@s.whatsapp.net", "quotedMessage": {"conversation": quoted}}
        context = quotation | context
    return {"extendedTextMessage": {"text": words, "contextInfo": context}, "messageContextInfo": {"messageSecret": SECRET}}


def ad_text(words: str) -> Json:
    """The first words of a customer who came by an advertisement."""
    reply = {
        "title": "Promoção de novembro",
        "body": "Frete grátis",
        "mediaType": 1,
        "sourceType": "ad",
        "sourceUrl": "https://ads.example/1",
    }
    context = {"conversionSource": "FB_Ads", "entryPointConversionSource": "ctwa_ad", "externalAdReply": reply}
    return {"extendedTextMessage": {"text": words, "contextInfo": context}}


def image(caption: str = "chegou com a tampa quebrada") -> Json:
    size = {"fileLength": {"low": 48_213, "high": 0, "unsigned": True}, "height": 1280, "width": 960, "jpegThumbnail": bytes(range(20))}
    return {"imageMessage": {**_MEDIA, "mimetype": "image/jpeg", "caption": caption, **size}}


def video(caption: str = "olha como ela faz barulho", *, is_round: bool = False) -> Json:
    return {"ptvMessage" if is_round else "videoMessage": {**_MEDIA, "mimetype": "video/mp4", "caption": caption, "seconds": 12}}


def document(caption: str = "segue o comprovante", *, file_name: str = "comprovante.pdf") -> Json:
    inner = {**_MEDIA, "mimetype": "application/pdf", "title": file_name, "fileName": file_name, "caption": caption}
    return {"documentWithCaptionMessage": {"message": {"documentMessage": inner}}}


def audio(*, seconds: int = 7, transcript: str | None = None) -> Json:
    """A voice note; with a transcript where the gateway's own speech recognition is on."""
    content: Json = {
        "audioMessage": {**_MEDIA, "mimetype": "audio/ogg; codecs=opus", "seconds": seconds, "ptt": True, "waveform": bytes(range(64))}
    }
    return content if transcript is None else {**content, "speechToText": f"[audio] {transcript}"}


def sticker() -> Json:
    return {"stickerMessage": {**_MEDIA, "mimetype": "image/webp", "isAnimated": False}}


def location(name: str = "Casa Lua Pinheiros", address: str = "Rua dos Pinheiros, 100") -> Json:
    return {"locationMessage": {"degreesLatitude": -23.56, "degreesLongitude": -46.68, "name": name, "address": address}}


def contact(name: str = "Seu Jorge Entregas", phone: str = "5511977776666") -> Json:
    return {"contactMessage": {"displayName": name, "vcard": f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:+{phone}\nEND:VCARD"}}


def contacts(*names: str) -> Json:
    return {
        "contactsArrayMessage": {"displayName": f"{len(names)} contatos", "contacts": [contact(name)["contactMessage"] for name in names]}
    }


def poll(name: str = "Qual dia prefere?", *options: str) -> Json:
    names = options or ("sábado", "segunda")
    content = {"name": name, "options": [{"optionName": option} for option in names], "selectableOptionsCount": 1}
    return {"messageContextInfo": {"messageSecret": SECRET}, "pollCreationMessageV3": content}


def poll_vote(poll_id: str, *options: str, is_decrypted: bool = True) -> Json:
    """A vote. An undecrypted one holds bytes only; before 2.3.7 the gateway tells of no vote at all."""
    vote: Json = {"selectedOptions": list(options)} if is_decrypted else {"encPayload": bytes(range(40)), "encIv": bytes(range(12))}
    key = {"remoteJid": f"{PHONE}@s.whatsapp.net", "fromMe": True, "id": poll_id}
    return {"pollUpdateMessage": {"pollCreationMessageKey": key, "vote": vote, "senderTimestampMs": _long(1_795_424_410_123)}}


def reaction(to_id: str, emoji: str = "👍", *, to_own: bool = True, phone: str = PHONE) -> Json:
    """A reaction; with no emoji, one taken back. `to_own`: the message was the shop's."""
    key = {"remoteJid": f"{phone}@s.whatsapp.net", "fromMe": to_own, "id": to_id}
    return {"reactionMessage": {"key": key, "text": emoji, "senderTimestampMs": _long(1_795_424_411_456)}}


def reaction_removed(to_id: str, *, to_own: bool = True, phone: str = PHONE) -> Json:
    return reaction(to_id, "", to_own=to_own, phone=phone)


def buttons_reply(label: str = "Falar com atendente", button_id: str = "atendente") -> Json:
    context = {"mentionedJid": [], "stanzaId": "3EB0AB12CD34EF56AB12CD"}
    return {"buttonsResponseMessage": {"selectedButtonId": button_id, "selectedDisplayText": label, "contextInfo": context, "type": 1}}


def list_reply(title: str = "Segunda via do boleto", row_id: str = "boleto", description: str = "por e-mail") -> Json:
    choice = {"selectedRowId": row_id}
    return {"listResponseMessage": {"title": title, "listType": 1, "singleSelectReply": choice, "description": description}}


def template_reply(label: str = "Quero receber", button_id: str = "sim") -> Json:
    return {"templateButtonReplyMessage": {"selectedId": button_id, "selectedDisplayText": label, "selectedIndex": 0}}


def interactive_reply(label: str = "Confirmar entrega", button_id: str = "confirma") -> Json:
    parameters = f'{{"id":"{button_id}","display_text":"{label}"}}'
    flow = {"name": "quick_reply", "paramsJson": parameters, "version": 1}
    return {"interactiveResponseMessage": {"body": {"text": label, "format": 1}, "nativeFlowResponseMessage": flow}}


def ephemeral(content: Json) -> Json:
    """A message of a chat whose messages disappear; the gateway does not unwrap it."""
    if "conversation" in content:
        content = {"extendedTextMessage": {"text": content["conversation"], "contextInfo": {"mentionedJid": [], "expiration": 86_400}}}
    return {"ephemeralMessage": {"message": content}}


def view_once(content: Json) -> Json:
    [(kind, inner)] = content.items()
    return {"viewOnceMessageV2": {"message": {kind: {**inner, "viewOnce": True}}}}


def unsupported() -> Json:
    """A kind that nobody knows yet."""
    return {"futureThingMessage": {"version": 3}}


def undecryptable() -> Json:
    """What WhatsApp could not decrypt: the gateway neither stores it nor tells of it."""
    return {}


def _long(value: int) -> Json:
    low = value & 0xFFFFFFFF
    return {"low": low - (1 << 32) if low >= 1 << 31 else low, "high": value >> 32, "unsigned": False}


EVERY_KIND: dict[str, Json] = {
    "text": text("oi, meu pedido ainda não chegou"),
    "extended_text": extended_text("esse mesmo", quoted_id="3EB0AB12CD34EF56AB12CD"),
    "ad_text": ad_text("vi o anúncio, ainda tem?"),
    "image": image(),
    "video": video(),
    "round_video": video("", is_round=True),
    "document": document(),
    "audio": audio(),
    "transcribed_audio": audio(transcript="queria saber do meu reembolso"),
    "sticker": sticker(),
    "location": location(),
    "contact": contact(),
    "contacts": contacts("Seu Jorge", "Dona Lia"),
    "poll": poll(),
    "poll_vote": poll_vote("3EB0AB12CD34EF56AB12CD", "sábado"),
    "encrypted_poll_vote": poll_vote("3EB0AB12CD34EF56AB12CD", is_decrypted=False),
    "reaction": reaction("3EB0AB12CD34EF56AB12CD"),
    "reaction_removed": reaction_removed("3EB0AB12CD34EF56AB12CD"),
    "buttons_reply": buttons_reply(),
    "list_reply": list_reply(),
    "template_reply": template_reply(),
    "interactive_reply": interactive_reply(),
    "ephemeral": ephemeral(text("essa mensagem some amanhã")),
    "view_once": view_once(image("só pra você ver")),
    "unsupported": unsupported(),
}

_OPENINGS = "oi|bom dia|boa tarde|olá, tudo bem?|opa".split("|")
_MATTERS = (
    "meu pedido {n} ainda não chegou|o produto {n} veio quebrado|quero trocar o tamanho do pedido {n}|o boleto do pedido {n} venceu|"
    "a cobrança do pedido {n} veio em dobro|adorei o atendimento do pedido {n}, obrigada|qual o prazo do pedido {n}?"
).split("|")
_ANSWERS = "vou verificar o pedido {n}|já pedi a troca do {n}|o {n} sai hoje|pode mandar uma foto do {n}?".split("|")


def make_script(count: int, *, seed: int = 1, customers: int = 100, start: int = 1_795_400_000, pace_seconds: float = 1.0) -> list[Step]:
    """Texts of many chats, every fourth an answer from the shop's phone: the same for the same seed, ids included."""
    rng = random.Random(seed)
    steps: list[Step] = []
    for number in range(count):
        customer = rng.randrange(customers)
        from_me = number % 4 == 3
        words = rng.choice(_ANSWERS) if from_me else f"{rng.choice(_OPENINGS)}, {rng.choice(_MATTERS)}"
        phone = f"55119{80_000_000 + customer}" if customer % 2 else f"5531{87_000_000 + customer}"
        steps.append(
            Said(
                content=text(words.format(n=number)),
                phone=phone,
                name=f"Cliente {customer}",
                from_me=from_me,
                message_id=f"3EB0{rng.getrandbits(72):018X}",
                at=start + int(number * pace_seconds),
            )
        )
    return steps


def encode_media(content: bytes) -> str:
    return base64.b64encode(content).decode()


def own_text(words: str, *, device: Device = "ios", **more: Any) -> Said:
    """What somebody of the shop typed on the phone itself."""
    return Said(content=text(words), from_me=True, message_id=more.pop("message_id", None) or make_id(device), **more)
