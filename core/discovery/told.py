"""What a conversation brings to the search for subjects: masked words and stored vectors, no names and no numbers."""

import uuid
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One conversation.

    `texts` are the customer's masked messages that tell something, in their order, `vectors` theirs, shape (texts, dimensions), all of one
    model; `message_ids` theirs, too. `replies` are the masked messages of the tenant's side. `customer` tells people apart.
    """

    id: uuid.UUID
    customer: object
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    message_ids: tuple[uuid.UUID, ...] = field(default=())
    replies: tuple[str, ...] = field(default=())
