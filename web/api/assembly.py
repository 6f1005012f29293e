"""The API put together: every router at its place, every failure in one shape."""

from web.api import account, ask, auth, conversation_list, conversations, corrections, feedback, figures, phones, search, threads, verified
from web.api.contract import CleanParser, ContractAPI
from web.api.door import handle_errors

api = ContractAPI(
    title="EvoSense",
    version="1",
    description="How satisfied customers are in WhatsApp conversations, asked in plain language.",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs",
    parser=CleanParser(),
)
handle_errors(api)
api.add_router("/auth", auth.router)
api.add_router("", account.router)
api.add_router("", phones.proofs)
api.add_router("", phones.router)
api.add_router("", ask.router)
api.add_router("", threads.router)
api.add_router("", feedback.router)
api.add_router("", verified.router)
api.add_router("", figures.router)
api.add_router("", search.router)
api.add_router("", conversation_list.router)
api.add_router("", conversations.router)
api.add_router("", corrections.router)
