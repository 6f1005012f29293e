"""Which word near a number says what the number is ("meu CPF é …", "pedido nº …", "… esse é meu zap")."""

import re
from functools import lru_cache

from core.privacy.characters import fold
from core.privacy.kinds import FILLER_RANGE, KIND_OF_FILLER, Kind

Label = Kind | str  # a kind, or "order": a number of the company's own (order, invoice, tracking) that is nobody's data

WINDOW = 48  # characters before a number in which its label is looked for

_LABELS = re.compile(
    r"(?<![a-z])(?:"
    r"(?P<cpf>cpfs?|c\.p\.f\.?)"
    r"|(?P<cnpj>cnpjs?)"
    r"|(?P<cns>cns|(?:cartao (?:do )?)?sus|cartao nacional de saude)"
    r"|(?P<nis>nis|nit|pis(?:/pasep)?|pasep)"
    r"|(?P<cnh>cnh|habilitacao)"
    r"|(?P<renavam>renavam)"
    r"|(?P<voter_id>titulo (?:de eleitor|eleitoral)|inscricao eleitoral|eleitor[a]?)"
    r"|(?P<court_case>processo|autos)"
    r"|(?P<cep>cep|codigo postal|zip ?code)"
    r"|(?P<iptu>iptu|inscricao imobiliaria|indice cadastral)"
    r"|(?P<cnm>cnm)"
    r"|(?P<cib>cib|cadastro imobiliario(?: brasileiro)?)"
    r"|(?P<property>matricula (?:do imovel|imobiliaria))"
    r"|(?P<card>cart(?:ao|oes)(?: de (?:credito|debito))?|mastercard|master|visa|elo|amex|hipercard|credit card|debit card|tarjeta)"
    r"|(?P<order>pedidos?|compra|protocolo|notas? fisca(?:l|is)|nfe?|nf-e|rastreio|rastreamento|boleto|fatura|order|tracking"
    r"|invoice|serie|serial|imei|ticket|chamado|reserva|lote|sku|ean|codigo de barras|codigo do produto|envio|factura|rastreo"
    r"|ref|referencias?|modelo|cod|codigo(?! (?:postal|de area|pix))|catalogo|sku)"
    r"|(?P<phone>tel|tels|telefones?|fones?|celular(?:es)?|cel|whats|whatsapp|watsapp|wpp|zap|zapzap|contatos?|liga|ligar|ligue|ligou"
    r"|chama|chamar|meu numero|numero dele|numero dela|novo numero|phone|mobile|call|my number|telefono|movil|llama(?:r|me|nos)?|mi numero)"
    r")(?![a-z])"
)
_AFTER_PHONE = re.compile(
    r"^[\s,.()\-]{0,4}(?:(?:e|eh|esse|este|meu|o|is|es|my|mi|no|do|da|de)\s+){0,4}"
    r"(?:whats|whatsapp|wpp|zap|tel|celular|fone|phone)"
)
_CONNECTIVE = re.compile(rf"([{FILLER_RANGE}])[{FILLER_RANGE}]*\s{{0,2}}(?:,|/|;|e|ou|and|or|y|o)?\s{{0,2}}$")
_BARRIER = re.compile(rf"[\d{FILLER_RANGE}]")


def find_label(text: str, *, start: int) -> Label | None:
    """The label that announces the number at `start`: the nearest before it that no other number stands between."""
    window = text[max(0, start - WINDOW) : start]
    inherited = _CONNECTIVE.search(window)
    if inherited:
        return KIND_OF_FILLER[inherited.group(1)]
    for barrier in reversed(list(_BARRIER.finditer(window))):
        window = window[barrier.end() :]
        break
    return _read_label(window)


def is_called_phone_after(text: str, *, end: int) -> bool:
    """True where the words right after the number call it a phone ("… é meu zap")."""
    return _AFTER_PHONE.match(fold(text[end : end + 32])) is not None


@lru_cache(maxsize=4096)
def _read_label(window: str) -> Label | None:
    label = None
    for match in _LABELS.finditer(fold(window)):
        label = match.lastgroup
    return label
