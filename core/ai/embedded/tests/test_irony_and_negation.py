"""Irony and negation: praise that is a reproach, and words that a "não" turns round. How many of each list are read right, exactly.

The lists are in our own words, and nothing is trained on them. A figure here that falls is a fall; one that rises is raised here.
"""

from collections.abc import Sequence

import pytest

from core.ai.analysers import get_analyser
from core.ai.roles import MessageInput

IRONY = [  # every line is displeasure
    "parabéns, conseguiram errar de novo", "nossa, que atendimento maravilhoso, só três horas esperando",
    "obrigado por estragar meu domingo",
    "adorei ficar sem internet no dia da prova", "amei receber a caixa vazia", "que eficiência, hein? dois meses pra entregar um chinelo",
    "ótimo, mais uma semana sem geladeira", "show de bola, cobraram duas vezes", "lindo o serviço de vocês, deixaram a parede toda furada",
    "excelente forma de perder um cliente", "muito bom, agora o robô me manda pro começo outra vez", "claro, super normal esperar 40 dias",
    "que ótimo, a encomenda voltou pro remetente", "vocês são rápidos, hein, só faz um mês", "nota dez em enrolação",
    "tô adorando falar com a parede", "perfeito, quebrou no primeiro dia", "uhum, confio muito em vocês depois dessa",
    "grande promoção: paguei mais caro", "que beleza de pontualidade, o técnico nem veio", "valeu por me fazer perder a tarde",
    "bravo, lo han roto otra vez", "qué maravilla, otra semana sin luz", "gracias por nada", "genial, me cobraron el doble",
    "excelente servicio, dos horas en espera", "great, another week without a fridge", "thanks for wasting my morning",
    "wonderful, it broke on day one", "lovely, you charged me twice", "congratulations, wrong parcel again",
]  # fmt: skip
TURNED_BAD = [  # good words, turned round
    "não gostei da cor que veio", "não gostei nem um pouco do corte", "não foi nada bom", "não recomendo esse lugar a ninguém",
    "não estou satisfeita com o serviço",
    "não ficou bonito", "nunca vi atendimento bom aí", "ninguém foi educado comigo", "nada funciona direito", "não valeu a pena",
    "não resolveu", "o conserto não deu certo", "não foi legal o que fizeram", "nem de longe é o que prometeram", "não é de qualidade",
    "não fui bem atendido", "o sabor não agrada", "no me gustó el color", "no estoy contenta con el arreglo", "no funciona bien",
    "I'm not happy with this", "it was not good", "I don't recommend it", "nobody was helpful",
]  # fmt: skip
TURNED_GOOD = [  # bad words, turned round
    "não tenho nada do que me queixar com vocês", "nunca tive problema com vocês", "veio sem um defeito sequer",
    "não demorou nada", "não deu trabalho nenhum",
    "não me arrependi da compra", "nada a reclamar, tudo certo", "não achei caro pelo que entrega", "não decepciona nunca",
    "chegou sem nenhum arranhão", "no tengo ninguna queja", "nunca me fallaron", "no tardó nada", "no complaints at all",
    "never had a problem with you", "it did not disappoint",
]  # fmt: skip
NO_OPINION = [  # a "não" that takes no side
    "não preciso de nota", "não sei meu número de cliente", "não moro mais nesse endereço", "hoje não posso, amanhã sim",
    "não, é o azul", "ainda não decidi a cor", "não tenho e-mail", "não vou estar em casa de manhã", "pode ser sem troco",
    "não é pra mim, é pra minha irmã", "no tengo el recibo a mano", "no, la otra talla", "no, the blue one", "I don't have an account yet",
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "sentiment", "right"),
    [(IRONY, "negative", 24), (TURNED_BAD, "negative", 21), (TURNED_GOOD, "positive", 14), (NO_OPINION, "neutral", 12)],
    ids=["irony", "good words turned round", "bad words turned round", "no opinion"],
)
def test_how_many_are_read_right(texts: Sequence[str], sentiment: str, right: int) -> None:
    said = get_analyser().analyse_messages([MessageInput(text=text) for text in texts])
    wrong = [(text, one.sentiment) for text, one in zip(texts, said, strict=True) if one.sentiment != sentiment]
    assert (len(texts) - len(wrong), len(texts)) == (right, len(texts)), wrong
