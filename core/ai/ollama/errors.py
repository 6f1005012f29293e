"""What Ollama's client and LangChain raise, as a ProviderError with its reason."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from core.ai.deadline import reading_http_errors
from core.ai.roles import ProviderError


@contextmanager
def reading_errors() -> Iterator[None]:
    """Every failure of a call as a ProviderError. A server's own words are in none: they may repeat what was sent."""
    import ollama

    try:
        with reading_http_errors("Ollama"):
            yield
    except ProviderError:
        raise
    except ollama.ResponseError as error:
        code = error.status_code
        raise ProviderError(f"Ollama replied with an error ({code if code > 0 else 'in its stream'}).", reason="status") from None
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError, TypeError, AttributeError, KeyError) as error:
        # Lines that are no JSON, or JSON that is no reply (pydantic's errors are ValueErrors).
        raise ProviderError(f"Ollama's reply can't be read: {type(error).__name__}.", reason="garbage") from None
    except Exception as error:
        raise ProviderError(f"Ollama failed: {type(error).__name__}.") from None
