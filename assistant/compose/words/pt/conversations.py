"""One conversation in brief, in Portuguese of Brazil."""

CONVERSATION = {
    "conversation.who": "Conversa com {contact} no canal {channel}, começada em {when}, atendida por {agent}: {messages}.",
    "conversation.who.nobody": "Conversa com {contact} no canal {channel}, começada em {when}, sem atendente: {messages}.",
    "conversation.about": "Assunto: {theme}.",
    "conversation.note.analyser": "Satisfação: {note}.",
    "conversation.note.customer": "Satisfação: {note}, dada pelo próprio cliente.",
    "conversation.note.team": "Satisfação: {note}, corrigida pela equipe.",
    "conversation.waits": "Ainda aguarda análise.",
    "conversation.reply": "A primeira resposta levou {time}.",
    "conversation.no_reply": "Ninguém respondeu.",
    "conversation.open": "Está em aberto.",
    "conversation.resolved": "Foi resolvida.",
    "conversation.unanswered": "O cliente aguarda resposta desde {since}.",
    "conversation.said": "O que mais pesou na nota: {quotes}.",
}
