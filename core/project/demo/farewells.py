"""How each agent takes leave, so that a conversation does not always end on the customer's words as its script does."""

from core.project.demo.draw import Draw
from core.project.demo.scripts import Line, Script

# A silence of the customer's so long before their last message says that nobody was answering.
_LEFT_ALONE_SECONDS = 2400
_CHANCES = {"resolved": 0.85, "open": 0.8, "angry": 0.7}

_THANKS: dict[str, tuple[str, ...]] = {
    "Ana Souza": (
        "Imagina, {cliente}! Qualquer coisa é só me chamar 😊",
        "Eu que agradeço! Estou por aqui sempre que precisar 💛",
        "Disponha! Um abraço pra você 😊",
        "Por nada, {cliente}! Precisando, me chama.",
    ),
    "Bruno Lima": ("👍", "Disponha.", "Ok. Qualquer coisa, chama.", "Certo.", "Por nada."),
    "Carla Mendes": (
        "Permaneço à disposição, {cliente}.",
        "Disponha sempre. Tenha um excelente dia.",
        "Agradeço o contato. Sigo à disposição.",
        "Por nada. Conte conosco.",
    ),
    "Diego Rocha": (
        "Por nada, {cliente}. Precisando, pode chamar com calma que eu respondo.",
        "Imagina. Fica com Deus!",
        "Disponha. Desculpa qualquer demora.",
        "Tá certo então. Um abraço!",
    ),
    "Eduarda Pires": ("De nada!! 💛", "Tamo junto 😄", "Precisou, gritou!", "Imagina! 😘", "Sempre às ordens 🙌"),
    "Felipe Nunes": ("Por nada! 😊", "De nada, {cliente}! Qualquer dúvida me chama", "Eu que agradeço!! 😊", "Imagina! Fico à disposição"),
}
_RATED: dict[str, tuple[str, ...]] = {
    "Ana Souza": ("Obrigada pela avaliação, {cliente}! 💛", "Obrigada por responder! Faz diferença pra gente 😊"),
    "Bruno Lima": ("Obrigado.", "Anotado, obrigado."),
    "Carla Mendes": ("Agradeço a avaliação, {cliente}.", "Muito obrigada pelo retorno."),
    "Diego Rocha": ("Obrigado pela nota, {cliente}. Um abraço.", "Obrigado, viu? Até a próxima."),
    "Eduarda Pires": ("Obrigadaaa 💛", "Valeu pela nota! 😄"),
    "Felipe Nunes": ("Obrigado pela nota! 😊", "Muito obrigado por avaliar, ajuda demais!"),
}
_SORRY: dict[str, tuple[str, ...]] = {
    "Ana Souza": (
        "Eu entendo, {cliente}, e sinto muito de verdade. Vou insistir daqui e te escrevo.",
        "Sinto muito que tenha chegado a esse ponto. Registrei tudo pra minha supervisora.",
    ),
    "Bruno Lima": ("Registrado.", "Entendi. Repassei.", "Lamento."),
    "Carla Mendes": (
        "Lamento profundamente o transtorno, {cliente}. Sua manifestação foi registrada.",
        "Compreendo a sua insatisfação. O relato foi encaminhado à gerência.",
    ),
    "Diego Rocha": ("Me desculpe, {cliente}. Vou continuar tentando por aqui.", "Eu sinto muito, viu. Passei adiante o que você escreveu."),
    "Eduarda Pires": ("Poxa, sinto muito 😔 tô cobrando aqui", "Você tem razão, desculpa mesmo. Já cobrei de novo"),
    "Felipe Nunes": ("Desculpa mesmo 😔 vou avisar meu supervisor", "Sinto muito, {cliente}... repassei tudo pro responsável"),
}
# Of those who write in another language; whoever answers knows some of it.
_FOREIGN: dict[str, dict[str, tuple[str, ...]]] = {
    "es": {
        "kind": ("¡Gracias a usted! Estamos à disposição 😊", "De nada, {cliente}! Hasta luego"),
        "sorry": ("Lo siento mucho, {cliente}.",),
    },
    "en": {
        "kind": ("You're welcome, {cliente}!", "Thank you! We are here if you need."),
        "sorry": ("I am really sorry, {cliente}.",),
    },
}


def find_farewell(script: Script, *, agent: str, draw: Draw) -> Line | None:
    """A last line of the agent's for a script that ends on the customer's, None where silence is likelier or is the point."""
    last = script.lines[-1]
    if last.author == "agent" or _is_left_alone(script):
        return None
    is_angry = script.mood == "negative" or script.note <= 2
    if draw.fraction() >= _CHANCES["angry" if is_angry else "resolved" if script.is_resolved else "open"]:
        return None
    if script.voice.home in _FOREIGN:
        texts = _FOREIGN[script.voice.home]["sorry" if is_angry else "kind"]
    else:
        texts = (_SORRY if is_angry else _RATED if script.rating is not None else _THANKS)[agent]
    return Line(author="agent", delay_seconds=draw.whole(60, 1500 if is_angry else 600), kind="text", text=draw.one(texts))


def _is_left_alone(script: Script) -> bool:
    """Nobody has answered at all, or the customer has come back to their own words after a long wait."""
    before, last = script.lines[-2:]
    if all(line.author == "customer" for line in script.lines):
        return True
    return before.author == "customer" and (last.delay_seconds or 0) >= _LEFT_ALONE_SECONDS
