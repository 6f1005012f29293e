"""One conversation in brief, in Spanish."""

CONVERSATION = {
    "conversation.who": "Conversación con {contact} en el canal {channel}, iniciada el {when}, atendida por {agent}: {messages}.",
    "conversation.who.nobody": "Conversación con {contact} en el canal {channel}, iniciada el {when}, sin agente: {messages}.",
    "conversation.about": "Asunto: {theme}.",
    "conversation.note.analyser": "Satisfacción: {note}.",
    "conversation.note.customer": "Satisfacción: {note}, dada por el propio cliente.",
    "conversation.note.team": "Satisfacción: {note}, corregida por el equipo.",
    "conversation.waits": "Todavía espera su análisis.",
    "conversation.reply": "La primera respuesta tardó {time}.",
    "conversation.no_reply": "Nadie respondió.",
    "conversation.open": "Está abierta.",
    "conversation.resolved": "Fue resuelta.",
    "conversation.unanswered": "El cliente espera respuesta desde el {since}.",
    "conversation.said": "Lo que más pesó en la nota: {quotes}.",
}
