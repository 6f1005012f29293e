"""The demo shop "Casa Aurora": its channels, people, themes and opening hours, as the story and the installer need them."""

from dataclasses import dataclass

NAME = "Casa Aurora"
SLUG = "casa-aurora"
TIME_ZONE = "America/Sao_Paulo"
FAILING_CHANNEL = "Loja Norte"
# From a Saturday evening to a Monday morning, when some channels are closed, a conversation stays one.
GAP_HOURS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent: `pace` stretches the delays of a reply, `tilt` says whether good conversations come their way (above 1) or bad."""

    is_woman: bool
    pace: float
    tilt: float
    desks: dict[str, float]  # channel → how much of its work is theirs


# Order matters nowhere but in drawing, which is why nothing here is a set.
AGENTS: dict[str, Agent] = {
    "Ana Souza": Agent(is_woman=True, pace=0.9, tilt=1.35, desks={"Suporte": 4, "Vendas": 1.5, "Loja Centro": 0.5, "Loja Norte": 1}),
    "Bruno Lima": Agent(is_woman=False, pace=0.85, tilt=0.75, desks={"Suporte": 2, "Vendas": 0.5, "Loja Centro": 3, "Loja Norte": 0.5}),
    "Carla Mendes": Agent(is_woman=True, pace=1.0, tilt=1.1, desks={"Suporte": 2, "Vendas": 3, "Loja Centro": 1, "Loja Norte": 0.5}),
    "Diego Rocha": Agent(is_woman=False, pace=1.6, tilt=1.0, desks={"Suporte": 1, "Vendas": 0.5, "Loja Centro": 3, "Loja Norte": 3}),
    "Eduarda Pires": Agent(is_woman=True, pace=0.55, tilt=1.15, desks={"Suporte": 0.5, "Vendas": 4, "Loja Centro": 0.5, "Loja Norte": 3}),
    "Felipe Nunes": Agent(is_woman=False, pace=1.3, tilt=1.0, desks={"Suporte": 3, "Vendas": 1.5, "Loja Centro": 2, "Loja Norte": 0.5}),
}
LEARNER = "Felipe Nunes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A channel: its number, how many conversations a usual week brings, how satisfied its customers are, and its hours by weekday."""

    phone: str
    weekly: int
    satisfaction: float
    weekdays: tuple[int, int] = (9, 19)
    saturday: tuple[int, int] | None = (9, 17)
    sunday: tuple[int, int] | None = None


CHANNELS: dict[str, Desk] = {
    "Suporte": Desk(phone="5511900001001", weekly=14, satisfaction=3.2, saturday=(9, 14)),
    "Vendas": Desk(phone="5511900001002", weekly=14, satisfaction=3.9),
    "Loja Centro": Desk(phone="5511900001003", weekly=9, satisfaction=3.7, sunday=(12, 18)),
    "Loja Norte": Desk(phone="5511900001004", weekly=10, satisfaction=3.7, sunday=(12, 18)),
}

# Theme → what customers say when it is about that, for the analyser. None of these sentences stands in a script.
THEMES: dict[str, tuple[str, ...]] = {
    "Atraso na entrega": (
        "minha compra está atrasada e não chegou",
        "cadê meu pedido, o prazo de entrega já venceu",
        "a transportadora não apareceu no dia marcado",
        "o rastreamento não sai do lugar",
        "remarcaram a entrega de novo",
        "montador não veio no horário combinado",
    ),
    "Produto com defeito": (
        "o produto veio quebrado",
        "chegou rachado, riscado ou amassado",
        "parou de funcionar com poucos dias de uso",
        "faltam peças e parafusos na caixa",
        "quero acionar a garantia e a assistência técnica",
        "está vazando, fazendo barulho, não liga",
    ),
    "Troca e devolução": (
        "quero trocar por outro tamanho ou outra cor",
        "como faço para devolver uma compra",
        "mandaram o produto errado e quero a troca",
        "já devolvi e ainda não recebi o reembolso",
        "quando vocês vêm buscar o que vou devolver",
        "tenho um vale-troca",
    ),
    "Cobrança indevida": (
        "fui cobrado duas vezes na fatura",
        "apareceu uma cobrança que não reconheço",
        "estão me cobrando uma coisa que já paguei",
        "colocaram um seguro que não pedi",
        "meu nome foi negativado por engano",
        "cobraram um valor diferente do combinado",
    ),
    "Pagamento e Pix": (
        "qual é a chave Pix para pagar",
        "meu cartão foi recusado na hora de pagar",
        "preciso da segunda via do boleto",
        "paguei e o pagamento não foi confirmado",
        "dá para parcelar em quantas vezes",
        "preciso da nota fiscal no meu CPF",
    ),
    "Cancelamento": (
        "quero cancelar meu pedido",
        "desisti da compra, como cancelo",
        "pedi o cancelamento e não cancelaram",
        "cancelaram meu pedido sem avisar",
        "quero encerrar a assinatura ou o contrato",
        "cancela tudo e devolve meu dinheiro",
    ),
    "Atendimento": (
        "ninguém me responde, fui mal atendido",
        "fico sendo transferido de um setor para outro",
        "quero elogiar a atendente que me ajudou",
        "o vendedor foi grosso comigo",
        "muito tempo esperando alguém me atender",
        "quero falar com uma pessoa, não com robô",
    ),
    "Preço e promoções": (
        "quanto custa, qual o valor",
        "tem desconto à vista ou cupom",
        "essa promoção ainda está valendo",
        "vocês cobrem o preço da outra loja",
        "qual o valor do frete",
        "preciso de um orçamento",
    ),
    "Disponibilidade de produto": (
        "tem esse produto em estoque",
        "quando volta a ter, está esgotado",
        "tem em outra cor ou medida na loja",
        "vocês podem reservar um para mim",
        "trabalham com esse modelo",
        "ainda tem para pronta entrega",
    ),
    "Site e aplicativo": (
        "o site está fora do ar e dá erro",
        "não consigo entrar na minha conta",
        "o aplicativo trava quando abro o carrinho",
        "esqueci a senha e o código não chega",
        "o link não abre no celular",
        "não consigo finalizar a compra pelo site",
    ),
}
