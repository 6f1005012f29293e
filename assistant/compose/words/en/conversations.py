"""One conversation in brief, in English."""

CONVERSATION = {
    "conversation.who": "Conversation with {contact} on the channel {channel}, begun on {when}, handled by {agent}: {messages}.",
    "conversation.who.nobody": "Conversation with {contact} on the channel {channel}, begun on {when}, without an agent: {messages}.",
    "conversation.about": "Subject: {theme}.",
    "conversation.note.analyser": "Satisfaction: {note}.",
    "conversation.note.customer": "Satisfaction: {note}, given by the customer.",
    "conversation.note.team": "Satisfaction: {note}, corrected by the team.",
    "conversation.waits": "It still waits for its analysis.",
    "conversation.reply": "The first reply took {time}.",
    "conversation.no_reply": "Nobody replied.",
    "conversation.open": "It is open.",
    "conversation.resolved": "It was resolved.",
    "conversation.unanswered": "The customer has been waiting for a reply since {since}.",
    "conversation.said": "What weighed most in the score: {quotes}.",
}
