"""Who of the company wrote: the signature that help desks put in front of a reply ("*Ana Souza:* Bom dia")."""

import functools
import re

from ingestion.names import fold_name, looks_like_person, read_words

_SIGNATURE = re.compile(
    r"\s*(?:\*(?P<inside>[^*\n]{2,60}?)\s*:\s*\*|\*(?P<outside>[^*\n]{2,60}?)\*\s*:|\*(?P<line>[^*\n]{2,60}?)\*[^\S\n]*(?=\n|\Z))\s*"
)
# What stands behind a name in some signatures: "*Ana Souza - Vendas:*", "*Ana | Suporte:*", "*Ana (Financeiro):*".
_DEPARTMENT = re.compile(r"\s*(?:\s[-–—|/]\s|\||\().*\Z")
_ROLES = read_words("atendente agente operador operadora consultor consultora vendedor vendedora agent asesor asesora")
# Bold words that head a paragraph rather than name a person, folded as `fold_name` does.
_HEADINGS = read_words(
    "atencao importante aviso obs observacao nota lembrete dica novidade promocao oferta ofertas desconto cupom endereco telefone "
    "email site link horario horarios data prazo entrega frete pedido pedidos produto produtos item itens valor valores total "
    "subtotal preco pagamento pix chave boleto banco agencia conta cpf cnpj nome cliente status protocolo codigo rastreio resumo "
    "opcao opcoes menu bom boa ola oi feliz obrigado obrigada sim nao passo etapa pergunta resposta motivo local cidade bairro "
    "black cyber natal pascoa garantia troca trocas devolucao reserva agendamento consulta "
    "attention important note notice reminder tip sale offer discount address phone hours date delivery shipping order product "
    "price payment total name customer summary option options step question answer hello hi good thank thanks yes no "
    "atencion aviso recordatorio oferta descuento direccion horario fecha envio pedido precio pago nombre resumen opcion opciones "
    "paso pregunta respuesta hola buenos buenas gracias si"
)


def split_signature(text: str) -> tuple[str | None, str]:
    """The name that a message is signed with in front, and the message without it; (None, text) where it is not signed."""
    if "*" not in text[:8]:
        return None, text
    match = _SIGNATURE.match(text)
    if match is None:
        return None, text
    name = _read_name(match["inside"] or match["outside"] or match["line"])
    return (name, text[match.end() :].strip()) if name else (None, text)


@functools.lru_cache(maxsize=1024)
def _read_name(signature: str) -> str | None:
    words = _DEPARTMENT.sub("", signature).split()
    while len(words) > 1 and fold_name(words[0]) in _ROLES:
        words = words[1:]
    name = " ".join(words)
    if any(fold_name(word).strip(".") in _HEADINGS for word in words):
        return None
    return name if looks_like_person(name) else None
