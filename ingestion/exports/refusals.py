"""Why a file was refused, what in it could not be read, and what is worth knowing about it: codes, with words in three languages."""

from typing import Literal, NamedTuple

from ingestion.types import Problem

Language = Literal["pt", "en", "es"]

REFUSALS: dict[str, dict[Language, str]] = {
    "not_found": {
        "pt": "{name}: arquivo não encontrado. Confira o caminho.",
        "en": "{name}: file not found. Check the path.",
        "es": "{name}: archivo no encontrado. Revise la ruta.",
    },
    "unreadable": {
        "pt": "{name}: não foi possível abrir o arquivo ({detail}).",
        "en": "{name}: the file cannot be opened ({detail}).",
        "es": "{name}: no se puede abrir el archivo ({detail}).",
    },
    "empty": {
        "pt": "{name}: o arquivo está vazio. Exporte a conversa de novo no WhatsApp.",
        "en": "{name}: the file is empty. Export the chat again in WhatsApp.",
        "es": "{name}: el archivo está vacío. Exporte el chat de nuevo en WhatsApp.",
    },
    "not_a_chat": {
        "pt": "{name}: não parece uma conversa exportada do WhatsApp: nenhuma linha começa com data e hora. "
        "No WhatsApp, abra a conversa e escolha Mais > Exportar conversa.",
        "en": "{name}: this does not look like an exported WhatsApp chat: no line begins with a date and a time. "
        "In WhatsApp, open the chat and choose More > Export chat.",
        "es": "{name}: no parece un chat exportado de WhatsApp: ninguna línea empieza con fecha y hora. "
        "En WhatsApp, abra el chat y elija Más > Exportar chat.",
    },
    "no_chat_in_archive": {
        "pt": "{name}: o arquivo compactado não contém uma conversa exportada do WhatsApp (um .txt como _chat.txt).",
        "en": "{name}: the archive holds no exported WhatsApp chat (a .txt such as _chat.txt).",
        "es": "{name}: el archivo comprimido no contiene un chat exportado de WhatsApp (un .txt como _chat.txt).",
    },
    "several_chats": {
        "pt": "{name}: o arquivo compactado contém várias conversas ({detail}). Extraia-as e importe cada .txt.",
        "en": "{name}: the archive holds several chats ({detail}). Extract them and import each .txt.",
        "es": "{name}: el archivo comprimido contiene varios chats ({detail}). Extráigalos e importe cada .txt.",
    },
    "encrypted_archive": {
        "pt": "{name}: o arquivo compactado tem senha. Extraia a conversa e importe o .txt.",
        "en": "{name}: the archive is protected by a password. Extract the chat and import the .txt.",
        "es": "{name}: el archivo comprimido tiene contraseña. Extraiga el chat e importe el .txt.",
    },
    "damaged_archive": {
        "pt": "{name}: o arquivo compactado está danificado. Exporte ou envie a conversa de novo.",
        "en": "{name}: the archive is damaged. Export or send the chat again.",
        "es": "{name}: el archivo comprimido está dañado. Exporte o envíe el chat de nuevo.",
    },
    "too_large": {
        "pt": "{name}: a conversa é maior do que o limite de {detail}.",
        "en": "{name}: the chat is larger than the limit of {detail}.",
        "es": "{name}: el chat supera el límite de {detail}.",
    },
    "suspicious_archive": {
        "pt": "{name}: o arquivo compactado cresce de forma suspeita ao ser aberto e foi recusado.",
        "en": "{name}: the archive grows suspiciously when opened and was refused.",
        "es": "{name}: el archivo comprimido crece de forma sospechosa al abrirse y fue rechazado.",
    },
}

PROBLEMS: dict[str, dict[Language, str]] = {
    "before_first_message": {
        "pt": "vem antes da primeira mensagem",
        "en": "stands before the first message",
        "es": "está antes del primer mensaje",
    },
    "impossible_date": {"pt": "essa data não existe", "en": "there is no such date", "es": "esa fecha no existe"},
    "impossible_time": {"pt": "essa hora não existe", "en": "there is no such time", "es": "esa hora no existe"},
    "undecodable": {
        "pt": "tem caracteres ilegíveis, que foram trocados por \ufffd",
        "en": "has unreadable characters, replaced by \ufffd",
        "es": "tiene caracteres ilegibles, reemplazados por \ufffd",
    },
    "too_long": {
        "pt": "mensagem longa demais, foi cortada",
        "en": "the message is too long and was cut",
        "es": "el mensaje es demasiado largo y se cortó",
    },
}

NOTICES: dict[str, dict[Language, str]] = {
    "no_self_author": {
        "pt": "nenhum autor é do seu lado, então todos foram lidos como clientes. "
        "Autores: {detail}. Diga qual é o seu com --self e importe de novo.",
        "en": "no author is your side, so all were read as customers. Authors: {detail}. Name yours with --self and import again.",
        "es": "ningún autor es de su lado, así que todos se leyeron como clientes. "
        "Autores: {detail}. Indique el suyo con --self e importe de nuevo.",
    },
    "order_assumed": {
        "pt": "as datas servem como dia/mês e como mês/dia; foram lidas como {detail}.",
        "en": "the dates fit day/month and month/day; they were read as {detail}.",
        "es": "las fechas sirven como día/mes y como mes/día; se leyeron como {detail}.",
    },
}


class Notice(NamedTuple):
    """Something to know before relying on what was read. `code` is a key of `NOTICES`."""

    code: str
    detail: str


class ExportError(Exception):
    """A file that cannot be read as an exported chat. `code` is a key of `REFUSALS`."""

    def __init__(self, code: str, *, name: str, detail: str = "") -> None:
        self.code, self.name, self.detail = code, name, detail
        super().__init__(self.describe("en"))

    def describe(self, language: Language) -> str:
        """What is wrong and how to mend it, in the reader's language."""
        return REFUSALS[self.code][language].format(name=self.name, detail=self.detail)


def describe_problem(problem: Problem, *, language: Language) -> str:
    """A problem's reason in the reader's language."""
    return PROBLEMS[problem.reason][language]


def describe_notice(notice: Notice, *, language: Language) -> str:
    """Something worth knowing about a file that was read, in the reader's language."""
    return NOTICES[notice.code][language].format(detail=notice.detail)
