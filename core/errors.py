"""The errors that a person can see: a code for programs, a sentence that says what is wrong and how to mend it for people."""

from typing import Any, Literal

Lang = Literal["pt", "en", "es"]

# code → (HTTP status, sentence in each language). Names in braces are filled from the error's parameters.
SENTENCES: dict[str, tuple[int, dict[Lang, str]]] = {
    "not_signed_in": (
        401,
        {
            "pt": "Entre com seu e-mail e senha para continuar.",
            "en": "Sign in with your e-mail and password to continue.",
            "es": "Inicia sesión con tu correo y contraseña para continuar.",
        },
    ),
    "wrong_credentials": (
        401,
        {
            "pt": "E-mail ou senha não conferem. Verifique os dois e tente de novo.",
            "en": "E-mail or password do not match. Check both and try again.",
            "es": "El correo o la contraseña no coinciden. Revísalos e inténtalo de nuevo.",
        },
    ),
    "session_ended": (
        401,
        {
            "pt": "Sua sessão terminou. Entre de novo.",
            "en": "Your session has ended. Sign in again.",
            "es": "Tu sesión terminó. Vuelve a iniciar sesión.",
        },
    ),
    "no_tenant": (
        403,
        {
            "pt": "Este usuário cuida da instalação e não pertence a uma empresa. Use a área administrativa, em /admin/.",
            "en": "This user runs the installation and belongs to no company. Use the administration at /admin/.",
            "es": "Este usuario administra la instalación y no pertenece a una empresa. Usa la administración en /admin/.",
        },
    ),
    "not_allowed": (
        403,
        {
            "pt": "Seu perfil não permite isto. Peça a um administrador da sua empresa.",
            "en": "Your role does not allow this. Ask an administrator of your company.",
            "es": "Tu perfil no permite esto. Pídelo a un administrador de tu empresa.",
        },
    ),
    "key_lacks_scope": (
        403,
        {
            "pt": "Esta chave de API não tem o escopo {scope}. Um administrador da sua empresa pode dá-lo em /admin/.",
            "en": "This API key lacks the scope {scope}. An administrator of your company can give it at /admin/.",
            "es": "Esta clave de API no tiene el alcance {scope}. Un administrador de tu empresa puede dárselo en /admin/.",
        },
    ),
    "not_found": (
        404,
        {
            "pt": "Não encontramos o que você pediu. Pode ter sido apagado, ou o endereço está incompleto.",
            "en": "We could not find what you asked for. It may have been deleted, or the address is incomplete.",
            "es": "No encontramos lo que pediste. Puede haberse borrado, o la dirección está incompleta.",
        },
    ),
    "unknown_name": (
        404,
        {
            "pt": "Não há “{name}” em {field}. O catálogo lista os nomes que existem.",
            "en": "There is no “{name}” among {field}. The catalogue lists the names that exist.",
            "es": "No hay “{name}” en {field}. El catálogo lista los nombres que existen.",
        },
    ),
    "invalid": (
        422,
        {
            "pt": "O campo {field} não é válido: {detail}",
            "en": "The field {field} is not valid: {detail}",
            "es": "El campo {field} no es válido: {detail}",
        },
    ),
    "wrong_method": (
        405,
        {
            "pt": "Este endereço não aceita {method}. Ele aceita: {allowed}.",
            "en": "This address does not take {method}. It takes: {allowed}.",
            "es": "Esta dirección no acepta {method}. Acepta: {allowed}.",
        },
    ),
    "not_analysed": (
        409,
        {
            "pt": "Esta conversa ainda aguarda análise: não há o que corrigir. Tente de novo em instantes.",
            "en": "This conversation still waits for its analysis: there is nothing to correct. Try again in a moment.",
            "es": "Esta conversación aún espera su análisis: no hay nada que corregir. Inténtalo de nuevo en un momento.",
        },
    ),
    "changed_meanwhile": (
        409,
        {
            "pt": "Outra pessoa corrigiu esta conversa agora mesmo. Abra de novo para ver o que ela disse.",
            "en": "Somebody else corrected this conversation just now. Open it again to see what they said.",
            "es": "Otra persona corrigió esta conversación ahora mismo. Ábrela de nuevo para ver lo que dijo.",
        },
    ),
    "too_many": (
        429,
        {
            "pt": "Muitas tentativas em pouco tempo. Espere {seconds} segundos e tente de novo.",
            "en": "Too many attempts in a short time. Wait {seconds} seconds and try again.",
            "es": "Demasiados intentos en poco tiempo. Espera {seconds} segundos e inténtalo de nuevo.",
        },
    ),
    "too_many_today": (
        429,
        {
            "pt": "Você já fez as {most} perguntas que cabem em um dia. O dia recomeça à meia-noite, em {hours} h.",
            "en": "You have asked the {most} questions that fit into a day. The day begins anew at midnight, in {hours} h.",
            "es": "Ya hiciste las {most} preguntas que caben en un día. El día vuelve a empezar a medianoche, en {hours} h.",
        },
    ),
    "tenant_too_many": (
        429,
        {
            "pt": "Sua empresa está perguntando demais neste minuto. Espere {seconds} segundos e tente de novo.",
            "en": "Your company is asking too much this minute. Wait {seconds} seconds and try again.",
            "es": "Tu empresa está preguntando demasiado en este minuto. Espera {seconds} segundos e inténtalo de nuevo.",
        },
    ),
    "tenant_too_many_today": (
        429,
        {
            "pt": "Sua empresa já fez as {most} perguntas que cabem em um dia. O dia recomeça à meia-noite, em {hours} h.",
            "en": "Your company has asked the {most} questions that fit into a day. The day begins anew at midnight, in {hours} h.",
            "es": "Tu empresa ya hizo las {most} preguntas que caben en un día. El día vuelve a empezar a medianoche, en {hours} h.",
        },
    ),
    "not_alone": (
        422,
        {
            "pt": "Esta pergunta depende das anteriores. Escreva-a por inteiro, para que seja entendida sozinha.",
            "en": "This question depends on those before it. Write it in full, so that it is understood by itself.",
            "es": "Esta pregunta depende de las anteriores. Escríbela completa, para que se entienda sola.",
        },
    ),
    "too_many_verified": (
        409,
        {
            "pt": "Uma empresa pode ter até {most} perguntas verificadas. Remova uma antes.",
            "en": "A company may have up to {most} verified questions. Remove one first.",
            "es": "Una empresa puede tener hasta {most} preguntas verificadas. Quita una antes.",
        },
    ),
    "phone_wrong": (
        422,
        {
            "pt": "Este telefone não parece certo. Escreva com código do país e DDD, como +55 11 99999-0000.",
            "en": "This phone does not look right. Write it with country and area code, such as +55 11 99999-0000.",
            "es": "Este teléfono no parece correcto. Escríbelo con código de país y de área, como +54 11 2345-6789.",
        },
    ),
    "phone_taken": (
        409,
        {
            "pt": "Este telefone já é de alguém da sua empresa, ou é um canal dela. Quem o tem pode removê-lo na própria conta.",
            "en": "This phone is somebody's at your company already, or one of its channels. Who has it can remove it in their account.",
            "es": "Este teléfono ya es de alguien de tu empresa, o es un canal de ella. Quien lo tiene puede quitarlo en su cuenta.",
        },
    ),
    "too_many_phones": (
        409,
        {
            "pt": "Cada pessoa pode ter até {most} telefones. Remova um antes.",
            "en": "Each person may have up to {most} phones. Remove one first.",
            "es": "Cada persona puede tener hasta {most} teléfonos. Quita uno antes.",
        },
    ),
    "no_answering_channel": (
        409,
        {
            "pt": "Nenhum WhatsApp da sua empresa que responde à equipe está conectado. Peça a um administrador que conecte um em Canais.",
            "en": "No WhatsApp of your company that answers its people is connected. Ask an administrator to connect one under Channels.",
            "es": "Ningún WhatsApp de tu empresa que responde al equipo está conectado. Pide a un administrador que conecte uno.",
        },
    ),
    "code_wrong": (
        422,
        {
            "pt": "O código não confere. Tentativas que restam: {left}.",
            "en": "The code does not match. Attempts left: {left}.",
            "es": "El código no coincide. Intentos restantes: {left}.",
        },
    ),
    "code_over": (
        422,
        {
            "pt": "Este código não vale mais. Peça outro.",
            "en": "This code is no longer valid. Ask for another.",
            "es": "Este código ya no vale. Pide otro.",
        },
    ),
    "quiet_briefing": (
        422,
        {
            "pt": "A hora do resumo cai no horário de silêncio. Mude uma das duas.",
            "en": "The hour of the briefing lies in the quiet hours. Change one of the two.",
            "es": "La hora del resumen cae en el horario de silencio. Cambia una de las dos.",
        },
    ),
    "unavailable": (
        503,
        {
            "pt": "Um serviço está fora do ar: {service}. Tentamos de novo por conta própria; volte em instantes.",
            "en": "A service is down: {service}. We keep trying; come back in a moment.",
            "es": "Un servicio está caído: {service}. Seguimos intentando; vuelve en un momento.",
        },
    ),
    "stopped": (
        409,
        {
            "pt": "Interrompido a seu pedido.",
            "en": "Stopped at your request.",
            "es": "Detenido a tu pedido.",
        },
    ),
    "key_opens_no_socket": (
        403,
        {
            "pt": "Uma chave de API não abre sockets. Use POST /api/v1/ask/stream, que conta os mesmos eventos.",
            "en": "An API key opens no socket. Use POST /api/v1/ask/stream, which tells the same events.",
            "es": "Una clave de API no abre sockets. Usa POST /api/v1/ask/stream, que cuenta los mismos eventos.",
        },
    ),
    "failed": (
        500,
        {
            "pt": "Algo falhou do nosso lado e foi registrado com o código {request_id}. Tente de novo.",
            "en": "Something failed on our side and was recorded under {request_id}. Try again.",
            "es": "Algo falló de nuestro lado y quedó registrado con el código {request_id}. Inténtalo de nuevo.",
        },
    ),
}


class VisibleError(Exception):
    """An error that a person may see, by its code in SENTENCES. `field` names the input that is wrong.

    A parameter that is words itself is given in each language, by its code.
    """

    def __init__(self, code: str, *, field: str | None = None, **parameters: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.parameters = parameters

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return SENTENCES[self.code][0]

    def say(self, language: str) -> str:
        """The sentence in a language, pt where there is none in it."""
        sentences = SENTENCES[self.code][1]
        sentence = sentences.get(language, sentences["pt"])  # type: ignore[call-overload]
        said = {name: value.get(language, value["pt"]) if isinstance(value, dict) else value for name, value in self.parameters.items()}
        return str(sentence.format(field=self.field or "", **said))
