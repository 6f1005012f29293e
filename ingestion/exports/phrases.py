"""WhatsApp's own words in exports, per language: media left out, files, deleted, edited and system lines. Data, no logic.

Phrases are written in lower case and without a full stop at the end, as `bodies.py` folds what it compares with them. A new
language is a new entry in each table. Portuguese covers Brazil and Portugal.
"""

from ingestion.names import read_words
from ingestion.types import Kind

# -- a whole message that stands for something left out -----------------------------------------------------------------

# Android says only that something was there; "unsupported" is our word for content that we cannot show.
HIDDEN_MEDIA: dict[str, tuple[str, ...]] = {
    "pt": ("<mídia oculta>", "<arquivo de mídia oculto>", "<mídia omitida>", "<ficheiro não revelado>", "<ficheiro multimédia oculto>"),
    "en": ("<media omitted>",),
    "es": ("<multimedia omitido>", "<archivo omitido>", "<contenido multimedia omitido>"),
}

# iOS names what it left out: a noun and a participle.
MEDIA_NOUNS: dict[str, dict[str, Kind]] = {
    "pt": {
        "imagem": "image",
        "foto": "image",
        "vídeo": "video",
        "mensagem de vídeo": "video",
        "áudio": "audio",
        "figurinha": "sticker",
        "sticker": "sticker",
        "gif": "gif",
        "documento": "document",
        "cartão do contato": "contact",
        "cartão de contacto": "contact",
    },
    "en": {
        "image": "image",
        "video": "video",
        "video note": "video",
        "audio": "audio",
        "sticker": "sticker",
        "gif": "gif",
        "document": "document",
        "contact card": "contact",
    },
    "es": {
        "imagen": "image",
        "foto": "image",
        "video": "video",
        "vídeo": "video",
        "mensaje de video": "video",
        "audio": "audio",
        "sticker": "sticker",
        "gif": "gif",
        "documento": "document",
        "tarjeta de contacto": "contact",
    },
}
MEDIA_PARTICIPLES: dict[str, tuple[str, ...]] = {
    "pt": ("ocultado", "ocultada", "omitido", "omitida", "oculto", "oculta"),
    "en": ("omitted",),
    "es": ("omitido", "omitida"),
}

DELETED: dict[str, tuple[str, ...]] = {
    "pt": ("mensagem apagada", "esta mensagem foi apagada", "você apagou esta mensagem", "apagaste esta mensagem", "mensagem eliminada"),
    "en": ("this message was deleted", "you deleted this message"),
    "es": (
        "se eliminó este mensaje",
        "eliminaste este mensaje",
        "este mensaje fue eliminado",
        "este mensaje ha sido eliminado",
        "mensaje eliminado",
    ),
}
# What an administrator of a group deleted; the administrator's name follows.
DELETED_BY: dict[str, tuple[str, ...]] = {
    "pt": ("esta mensagem foi apagada pelo admin", "mensagem apagada pelo admin", "esta mensagem foi apagada por"),
    "en": ("this message was deleted by",),
    "es": ("este mensaje fue eliminado por", "se eliminó este mensaje por"),
}

# Present, but not in the export: seen once, not decrypted yet, or of a kind that this phone did not know.
NOT_EXPORTED: dict[str, tuple[str, ...]] = {
    "pt": (
        "mensagem de visualização única",
        "mensagem de visualização única omitida",
        "aguardando mensagem. essa ação pode levar alguns instantes",
    ),
    "en": (
        "view once message omitted",
        "view once voice message omitted",
        "waiting for this message. this may take a while",
    ),
    "es": (
        "mensaje de visualización única omitido",
        "esperando este mensaje. esto puede tomar tiempo",
    ),
    "": ("null", "<null>"),
}

# Calls are events, not messages; a duration may follow. Those of `MISSED` count without iOS's mark as well.
CALLS: dict[str, tuple[str, ...]] = {
    "pt": (
        "ligação de voz perdida",
        "ligação de vídeo perdida",
        "chamada de voz perdida",
        "chamada de vídeo perdida",
        "ligação de voz",
        "ligação de vídeo",
        "chamada de voz",
        "chamada de vídeo",
        "ligação perdida",
    ),
    "en": (
        "missed voice call",
        "missed video call",
        "missed group voice call",
        "missed group video call",
        "voice call",
        "video call",
        "silenced voice call",
        "silenced video call",
    ),
    "es": (
        "llamada perdida",
        "llamada de voz perdida",
        "videollamada perdida",
        "videollamada grupal perdida",
        "llamada de voz",
        "videollamada",
    ),
}

MISSED: dict[str, tuple[str, ...]] = {"pt": ("perdida",), "en": ("missed",), "es": ("perdida",)}

# -- a part of a message ------------------------------------------------------------------------------------------------

EDITED: dict[str, tuple[str, ...]] = {
    "pt": ("<mensagem editada>", "<esta mensagem foi editada>", "<editada>"),
    "en": ("<this message was edited>", "<edited>"),
    "es": ("<se editó este mensaje>", "<este mensaje fue editado>", "<editado>"),
}
# Android: "IMG-20240501-WA0001.jpg (arquivo anexado)".
FILE_ATTACHED: dict[str, tuple[str, ...]] = {
    "pt": ("arquivo anexado", "ficheiro anexado"),
    "en": ("file attached",),
    "es": ("archivo adjunto",),
}
# iOS: "<anexado: 00000012-PHOTO-2026-09-24-10-37-05.jpg>".
ATTACHED: dict[str, tuple[str, ...]] = {"pt": ("anexado", "anexo"), "en": ("attached",), "es": ("adjunto",)}
LOCATION: dict[str, tuple[str, ...]] = {"pt": ("localização",), "en": ("location",), "es": ("ubicación", "localización")}
LIVE_LOCATION: dict[str, tuple[str, ...]] = {
    "pt": ("localização em tempo real compartilhada", "localização em tempo real partilhada"),
    "en": ("live location shared",),
    "es": ("ubicación en tiempo real compartida",),
}
POLL: dict[str, tuple[str, ...]] = {"pt": ("enquete", "sondagem"), "en": ("poll",), "es": ("encuesta",)}
POLL_OPTION: dict[str, tuple[str, ...]] = {"pt": ("opção",), "en": ("option",), "es": ("opción",)}

# -- system lines -------------------------------------------------------------------------------------------------------

# How the notice of encryption begins. It makes a line a system line wherever it stands; patterns, for a line's beginning.
NOTICES: dict[str, tuple[str, ...]] = {
    "pt": (r"as mensagens e (?:as )?(?:ligações|chamadas) (?:são|estão) (?:protegidas|encriptadas)",),
    "en": (r"messages and calls are end-to-end encrypted", r"messages (?:you send )?to this (?:chat|group) and calls are (?:now )?secured"),
    "es": (r"los mensajes y (?:las )?llamadas están cifrad[oa]s",),
}
# Only groups have these. Each is searched for in a line without a sender, or behind the mark that iOS puts before system text.
GROUP_EVENTS: dict[str, tuple[str, ...]] = {
    "pt": (
        r"criou (?:o|este) grupo",
        r"\badicionou\b",
        r"\bremoveu\b",
        r"\bsaiu$",
        r"\bentrou usando o link\b",
        r"\bentrou usando um link\b",
        r"(?:mudou|alterou) (?:a descrição|o ícone|a imagem|o nome|o assunto|as configurações) (?:do|deste|para)",
        r"(?:é|são) (?:agora )?admin",
        r"agora é admin",
        r"não é mais (?:um )?admin",
        r"você foi adicionad[oa]",
    ),
    "en": (
        r"created (?:this )?group",
        r"\badded\b",
        r"\bremoved\b",
        r"\bleft$",
        r"\bjoined using\b",
        r"changed (?:this group's|the group|the subject|the group's)",
        r"now an admin",
        r"no longer an admin",
    ),
    "es": (
        r"creó (?:el|este) grupo",
        r"\bañadió\b",
        r"\bagregó\b",
        r"\beliminó a\b",
        r"\bsalió(?: del grupo)?$",
        r"se unió (?:usando|mediante|con)",
        r"te uniste (?:usando|mediante|con)",
        r"cambió (?:la descripción|el ícono|el icono|la imagen|el nombre|el asunto|los ajustes|la configuración) (?:de|del)",
        r"ahora es admin",
        r"ya no es admin",
    ),
}
# Chats of two have these as well.
CHAT_EVENTS: dict[str, tuple[str, ...]] = {
    "pt": (
        r"código de segurança",
        r"mudou o número de telefone",
        r"mudou (?:seu|de) número",
        r"mensagens temporárias",
        r"bloqueou este contato",
        r"desbloqueou este contato",
        r"conta comercial",
        r"esta empresa",
        r"serviço seguro da meta",
        r"fixou uma mensagem",
        r"está nos seus contatos",
        r"toque para",
    ),
    "en": (
        r"security code",
        r"changed (?:their|to a new) phone number",
        r"changed to \+",
        r"disappearing messages",
        r"blocked this contact",
        r"business account",
        r"this business",
        r"secure service from meta",
        r"pinned a message",
        r"is a contact",
        r"tap to",
    ),
    "es": (
        r"código de seguridad",
        r"cambió (?:su|de|a un nuevo) número",
        r"mensajes temporales",
        r"bloqueaste a este contacto",
        r"desbloqueaste a este contacto",
        r"cuenta de empresa",
        r"esta empresa",
        r"servicio seguro de meta",
        r"fijó un mensaje",
        r"es un contacto",
        r"toca para",
    ),
}
# Events that hold a free text, in which a ": " may stand and look like the end of a sender's name.
NAMED_EVENTS: dict[str, tuple[str, ...]] = {
    "pt": (r"criou o grupo [\"“]", r"(?:mudou|alterou) (?:o nome|o assunto) do grupo", r"mudou o nome deste grupo"),
    "en": (r"created (?:this )?group [\"“]", r"changed the (?:subject|group name|group's name)"),
    "es": (r"creó el grupo [\"“]", r"cambió el (?:nombre|asunto) (?:de|del)"),
}

# -- names of files and of languages ------------------------------------------------------------------------------------

# "Conversa do WhatsApp com Maria.txt", "WhatsApp Chat - Maria.zip".
FILE_NAMES: dict[str, tuple[str, ...]] = {
    "pt": (r"conversa do whatsapp (?:com|-) (.+)", r"histórico do whatsapp (?:com|-) (.+)"),
    "en": (r"whatsapp chat (?:with|-) (.+)",),
    "es": (r"(?:chat|conversación) de whatsapp (?:con|-) (.+)", r"chat whatsapp con (.+)"),
}
# Everyday words that tell the languages apart; words that two of them share are left out.
COMMON_WORDS: dict[str, frozenset[str]] = {
    "pt": read_words(
        "não você vocês muito bom boa obrigado obrigada oi olá sim isso já tá uma um meu minha dia noite até também vou pode aqui pra "
        "tudo bem foi seu sua quero eu ele ela"
    ),
    "en": read_words(
        "the you and hi hello thanks thank please what is are not yes have this that with for my your can will good morning i it was "
        "when how"
    ),
    "es": read_words(
        "hola gracias el los las usted buenos buenas días qué cómo muy pero también sí y una unos mi noches favor puedo quiero tengo "
        "hay bien señor"
    ),
}
