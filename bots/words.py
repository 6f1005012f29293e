"""What the bots say in their own words, in three languages. Figures and what they mean are the assistant's."""

from assistant.compose.numbers import Language

SENTENCES: dict[str, dict[Language, str]] = {
    "greeting": {
        "pt": "Oi, *{name}*! Pergunte sobre os atendimentos de *{tenant}*, do seu jeito. Por exemplo:",
        "en": "Hi, *{name}*! Ask about the conversations of *{tenant}*, in your own words. For example:",
        "es": "¡Hola, *{name}*! Pregunta por las conversaciones de *{tenant}*, con tus palabras. Por ejemplo:",
    },
    "greeting.operator": {
        "pt": "Oi, *{name}*! Seu perfil é de atendente: as perguntas sobre os atendimentos são para quem lidera. "
        "Peça acesso a um administrador da sua empresa.",
        "en": "Hi, *{name}*! Your role is operator: questions about conversations are for those who lead. "
        "Ask an administrator of your company for access.",
        "es": "¡Hola, *{name}*! Tu perfil es de operador: las preguntas sobre las conversaciones son para quien lidera. "
        "Pide acceso a un administrador de tu empresa.",
    },
    "commands": {
        "pt": "_nova conversa_ começa outro assunto · _parar_ pausa os avisos",
        "en": "_new conversation_ starts another subject · _stop_ pauses alerts",
        "es": "_nueva conversación_ empieza otro tema · _parar_ pausa los avisos",
    },
    "scheduled": {
        "pt": "*Pergunta agendada:* {question}",
        "en": "*Scheduled question:* {question}",
        "es": "*Pregunta programada:* {question}",
    },
    "email.open": {"pt": "Abrir no EvoSense", "en": "Open in EvoSense", "es": "Abrir en EvoSense"},
    "reply": {"pt": "Responda com o número:", "en": "Reply with the number:", "es": "Responde con el número:"},
    "see_messages": {"pt": "Ver as mensagens", "en": "See the messages", "es": "Ver los mensajes"},
    "see_more": {"pt": "Ver mais", "en": "See more", "es": "Ver más"},
    "page": {"pt": "*{start}–{end}* de {total}", "en": "*{start}–{end}* of {total}", "es": "*{start}–{end}* de {total}"},
    "see_conversation": {"pt": "Ver a conversa de {name}", "en": "See the conversation with {name}", "es": "Ver la conversación de {name}"},
    "messages": {"pt": "*Mensagens* ({n} de {total})", "en": "*Messages* ({n} of {total})", "es": "*Mensajes* ({n} de {total})"},
    "conversation": {
        "pt": "*Conversa com {name}* · {channel}",
        "en": "*Conversation with {name}* · {channel}",
        "es": "*Conversación con {name}* · {channel}",
    },
    "us": {"pt": "Nós", "en": "We", "es": "Nosotros"},
    "customer": {"pt": "cliente", "en": "customer", "es": "cliente"},
    "more": {"pt": "… e mais {n}", "en": "… and {n} more", "es": "… y {n} más"},
    "no_messages": {
        "pt": "Não há mensagens guardadas desta resposta.",
        "en": "No messages are kept of this answer.",
        "es": "No hay mensajes guardados de esta respuesta.",
    },
    "not_there": {
        "pt": "Isso não está mais disponível. Pergunte de novo, do seu jeito.",
        "en": "That is not available any more. Ask again in your own words.",
        "es": "Eso ya no está disponible. Pregunta de nuevo, con tus palabras.",
    },
    "no_choice": {
        "pt": "Não há opção *{number}* agora. Pergunte do seu jeito, ou escreva _menu_.",
        "en": "There is no option *{number}* now. Ask in your own words, or write _menu_.",
        "es": "No hay opción *{number}* ahora. Pregunta con tus palabras, o escribe _menu_.",
    },
    "stopped": {
        "pt": "Pronto: não envio mais nada sem você perguntar. Escreva *voltar* quando quiser os avisos de novo.",
        "en": "Done: I send nothing more unless you ask. Write *resume* when you want alerts again.",
        "es": "Listo: no envío nada más sin que preguntes. Escribe *volver* cuando quieras los avisos de nuevo.",
    },
    "resumed": {
        "pt": "Os avisos que você escolheu voltaram.",
        "en": "The alerts that you chose are back.",
        "es": "Los avisos que elegiste volvieron.",
    },
    "new_thread": {
        "pt": "Assunto novo: esqueci as perguntas de antes. O que você quer saber?",
        "en": "A new subject: I forgot the questions before. What would you like to know?",
        "es": "Tema nuevo: olvidé las preguntas de antes. ¿Qué quieres saber?",
    },
    "thanks": {"pt": "Por nada. É só perguntar.", "en": "You're welcome. Just ask.", "es": "De nada. Solo pregunta."},
    "write_please": {
        "pt": "Não consigo ouvir este áudio. Escreva a sua pergunta, por favor.",
        "en": "I can't listen to this audio. Please write your question.",
        "es": "No puedo escuchar este audio. Escribe tu pregunta, por favor.",
    },
    "only_text": {
        "pt": "Só entendo texto. Escreva a sua pergunta, por favor.",
        "en": "I only understand text. Please write your question.",
        "es": "Solo entiendo texto. Escribe tu pregunta, por favor.",
    },
    "failed": {
        "pt": "Algo falhou do nosso lado. Tente de novo em instantes.",
        "en": "Something failed on our side. Try again in a moment.",
        "es": "Algo falló de nuestro lado. Inténtalo de nuevo en un momento.",
    },
    "code": {
        "pt": "*{code}* é o seu código do EvoSense. Digite-o na tela em que o pediu; vale por {minutes} minutos. "
        "Se não foi você, ignore esta mensagem.",
        "en": "*{code}* is your EvoSense code. Enter it on the screen where you asked for it; it holds for {minutes} minutes. "
        "If it was not you, ignore this message.",
        "es": "*{code}* es tu código de EvoSense. Escríbelo en la pantalla en la que lo pediste; vale por {minutes} minutos. "
        "Si no fuiste tú, ignora este mensaje.",
    },
    "briefing": {
        "pt": "Bom dia, *{name}*! *{tenant}* em resumo:",
        "en": "Good morning, *{name}*! *{tenant}* in brief:",
        "es": "¡Buenos días, *{name}*! *{tenant}* en resumen:",
    },
    "briefing.later": {
        "pt": "Oi, *{name}*! *{tenant}* em resumo:",
        "en": "Hi, *{name}*! *{tenant}* in brief:",
        "es": "¡Hola, *{name}*! *{tenant}* en resumen:",
    },
    "briefing.figures": {
        "pt": "*{when}*: {conversations}{change} · satisfação *{satisfaction}*{difference}",
        "en": "*{when}*: {conversations}{change} · satisfaction *{satisfaction}*{difference}",
        "es": "*{when}*: {conversations}{change} · satisfacción *{satisfaction}*{difference}",
    },
    "briefing.figures.unrated": {
        "pt": "*{when}*: {conversations}{change}", "en": "*{when}*: {conversations}{change}", "es": "*{when}*: {conversations}{change}",
    },
    "briefing.nothing": {
        "pt": "*{when}*: nenhuma conversa", "en": "*{when}*: no conversation", "es": "*{when}*: ninguna conversación",
    },
    "briefing.yesterday": {"pt": "Ontem", "en": "Yesterday", "es": "Ayer"},
    "briefing.week": {"pt": "Semana até ontem", "en": "Week until yesterday", "es": "Semana hasta ayer"},
    "briefing.calls": {"pt": "Valem uma ligação: {list}", "en": "Worth a call: {list}", "es": "Merecen una llamada: {list}"},
    "briefing.call": {"pt": "*{name}* (nota {note})", "en": "*{name}* (note {note})", "es": "*{name}* (nota {note})"},
    "briefing.astray.one": {
        "pt": "⚠ 1 pergunta verificada precisa ser revista: não vale mais, ou seus números mudaram.",
        "en": "⚠ 1 verified question needs a look: it does not hold any more, or its figures changed.",
        "es": "⚠ 1 pregunta verificada necesita revisión: ya no vale, o sus cifras cambiaron.",
    },
    "briefing.astray": {
        "pt": "⚠ {n} perguntas verificadas precisam ser revistas: não valem mais, ou seus números mudaram.",
        "en": "⚠ {n} verified questions need a look: they do not hold any more, or their figures changed.",
        "es": "⚠ {n} preguntas verificadas necesitan revisión: ya no valen, o sus cifras cambiaron.",
    },
    "briefing.compared": {
        "pt": "Mudanças em relação à semana anterior.",
        "en": "Changes against the week before.",
        "es": "Cambios respecto a la semana anterior.",
    },
    "ask.yesterday": {"pt": "Resumo de ontem", "en": "Summarize yesterday", "es": "Resumen de ayer"},
    "ask.week": {"pt": "Resumo desta semana", "en": "Summarize this week", "es": "Resumen de esta semana"},
    "ask.last_week": {"pt": "Resumo da semana passada", "en": "Summarize last week", "es": "Resumen de la semana pasada"},
    "ask.unanswered": {
        "pt": "Quais conversas estão sem resposta?",
        "en": "Which conversations are unanswered?",
        "es": "¿Qué conversaciones están sin respuesta?",
    },
    "ask.why_day": {
        "pt": "Por que a satisfação caiu nos últimos 2 dias?",
        "en": "Why did satisfaction drop in the last 2 days?",
        "es": "¿Por qué bajó la satisfacción en los últimos 2 días?",
    },
    "ask.why_week": {
        "pt": "Por que a satisfação caiu nos últimos 7 dias?",
        "en": "Why did satisfaction drop in the last 7 days?",
        "es": "¿Por qué bajó la satisfacción en los últimos 7 días?",
    },
    "alert.satisfaction": {
        "pt": "⚠ *A satisfação caiu*: *{value}* {when}, em {rows}. O usual é *{usual}*.",
        "en": "⚠ *Satisfaction fell*: *{value}* {when}, in {rows}. Usual is *{usual}*.",
        "es": "⚠ *La satisfacción cayó*: *{value}* {when}, en {rows}. Lo usual es *{usual}*.",
    },
    "alert.when.day": {"pt": "nas últimas 24 horas", "en": "in the last 24 hours", "es": "en las últimas 24 horas"},
    "alert.when.week": {"pt": "nos últimos 7 dias", "en": "in the last 7 days", "es": "en los últimos 7 días"},
    "alert.losing": {
        "pt": "⚠ *{name}* espera resposta há *{wait}*, com descontentamento ({channel}{agent}).",
        "en": "⚠ *{name}* has waited *{wait}* for a reply, unhappily ({channel}{agent}).",
        "es": "⚠ *{name}* espera respuesta desde hace *{wait}*, con descontento ({channel}{agent}).",
    },
    "alert.silent.state": {
        "pt": "⚠ O canal *{channel}* parou: {state}, desde {since}.",
        "en": "⚠ The channel *{channel}* stopped: {state}, since {since}.",
        "es": "⚠ El canal *{channel}* se detuvo: {state}, desde {since}.",
    },
    "alert.silent.quiet": {
        "pt": "⚠ O canal *{channel}* está mudo: nenhuma mensagem há {hours} horas; a esta hora são usuais cerca de *{usual}*.",
        "en": "⚠ The channel *{channel}* is silent: no message for {hours} hours; about *{usual}* are usual at this time.",
        "es": "⚠ El canal *{channel}* está mudo: ningún mensaje hace {hours} horas; a esta hora son usuales unos *{usual}*.",
    },
    "alert.stop": {
        "pt": "_Escreva parar para não receber avisos._",
        "en": "_Write stop to get no alerts._",
        "es": "_Escribe parar para no recibir avisos._",
    },
    "chart.before": {"pt": "clara: antes", "en": "pale: before", "es": "clara: antes"},
    "chart.open": {"pt": "pontilhado: em curso", "en": "dotted: not over yet", "es": "punteado: en curso"},
    "chart.open_column": {"pt": "hachurado: em curso", "en": "hatched: not over yet", "es": "rayado: en curso"},
    "see_why": {"pt": "Por quê?", "en": "Why?", "es": "¿Por qué?"},
    "see_channel": {"pt": "Ver o canal", "en": "See the channel", "es": "Ver el canal"},
    "channel": {
        "pt": "*{channel}*: {state}\nÚltimo evento: {last}\nUm administrador pode reconectar em Administração → Canais.",
        "en": "*{channel}*: {state}\nLast event: {last}\nAn administrator can reconnect it under Administration → Channels.",
        "es": "*{channel}*: {state}\nÚltimo evento: {last}\nUn administrador puede reconectarlo en Administración → Canales.",
    },
    "never": {"pt": "nunca", "en": "never", "es": "nunca"},
    "state.unknown": {"pt": "ainda não conectado", "en": "not connected yet", "es": "aún no conectado"},
    "state.connecting": {"pt": "conectando", "en": "connecting", "es": "conectando"},
    "state.open": {"pt": "conectado", "en": "connected", "es": "conectado"},
    "state.closed": {"pt": "desconectado do WhatsApp", "en": "disconnected from WhatsApp", "es": "desconectado de WhatsApp"},
    "state.unreachable": {"pt": "o gateway não responde", "en": "the gateway does not answer", "es": "el gateway no responde"},
    "state.refused": {"pt": "o gateway recusa a chave", "en": "the gateway refuses the key", "es": "el gateway rechaza la clave"},
    "state.unlicensed": {
        "pt": "o gateway espera a ativação da licença",
        "en": "the gateway waits for its licence",
        "es": "el gateway espera la activación de su licencia",
    },
    "state.silent": {"pt": "conectado, mas nada chega", "en": "connected, but nothing arrives", "es": "conectado, pero nada llega"},
}  # fmt: skip


def say(key: str, language: Language, **values: str) -> str:
    """A sentence of ours with its places filled. Raises KeyError for an unknown key."""
    return SENTENCES[key][language].format(**values)


# What a person may write instead of a question, folded: lower case, without accents and punctuation.
COMMANDS: dict[str, frozenset[str]] = {
    "stop": frozenset(
        "parar|pare|para|parar alertas|parar avisos|parar mensagens|cancelar|sair|chega|stop|stop alerts|unsubscribe|quit|detener|"
        "parar mensajes|detener alertas|cancelar avisos|basta".split("|")
    ),
    "resume": frozenset("voltar|retomar|volta|resume|start|volver|reanudar|reactivar".split("|")),
    "greet": frozenset(
        "oi|ola|ola tudo bem|oi tudo bem|opa|e ai|bom dia|boa tarde|boa noite|ajuda|menu|help|hi|hello|hey|good morning|good afternoon|"
        "good evening|hola|buenos dias|buenas tardes|buenas noches|buenas|ayuda|inicio|comecar".split("|")
    ),
    "thanks": frozenset("obrigado|obrigada|muito obrigado|muito obrigada|valeu|thanks|thank you|thx|gracias|muchas gracias".split("|")),
    "new_thread": frozenset(
        "nova conversa|novo assunto|recomecar|limpar|nova|new conversation|new chat|new topic|start over|reset|nueva conversacion|"
        "nuevo tema|nuevo chat|empezar de nuevo".split("|")
    ),
}
