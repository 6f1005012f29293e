"""Questions to begin with: what the assistant can answer, with names that the tenant has."""

from core.models import Theme, User

# The first one has an answer on the first day of a month too, when "this month" has none yet. Placeholders take the tenant's first
# channel, theme or agent; a question whose name the tenant lacks is left out.
STARTERS: dict[str, list[str]] = {
    "pt": [
        "Como está a satisfação nos últimos 30 dias, por atendente?",
        "Por que a satisfação caiu na semana passada?",
        "Do que os clientes mais reclamam?",
        "Quais conversas estão sem resposta?",
        "Me mostra mensagens de clientes irritados com {theme}",
        "Resuma a semana passada",
    ],
    "en": [
        "How is satisfaction in the last 30 days, by agent?",
        "Why did satisfaction drop last week?",
        "What do customers complain about?",
        "Which conversations are unanswered?",
        "Show me messages from angry customers about {theme}",
        "Summarize last week",
    ],
    "es": [
        "¿Cómo está la satisfacción en los últimos 30 días, por agente?",
        "¿Por qué bajó la satisfacción la semana pasada?",
        "¿De qué se quejan los clientes?",
        "¿Qué conversaciones están sin respuesta?",
        "Muéstrame mensajes de clientes enojados con {theme}",
        "Resume la semana pasada",
    ],
}


def find_starters(viewer: User) -> list[str]:
    """Questions to begin with in the viewer's language, inside the open scope."""
    theme = Theme.objects.filter(is_active=True).order_by("name").values_list("name", flat=True).first()
    return [question.replace("{theme}", theme or "") for question in STARTERS[viewer.language] if theme or "{theme}" not in question]
