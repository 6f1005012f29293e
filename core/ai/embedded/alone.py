"""What the heads say of texts that no conversation surrounds: those of service and those of posts, weighed by how much a text is a post."""

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.calibration import squash
from core.ai.embedded.heads import ALONE_OUTPUTS, OUTPUTS, Heads

_GENERAL = {name: place for place, name in enumerate(OUTPUTS)}
_ALONE = {name: place for place, name in enumerate(ALONE_OUTPUTS)}


def weigh_alone(scores: NDArray[np.float32], alone_scores: NDArray[np.float32], heads: Heads, alone: Heads) -> NDArray[np.float32]:
    """Chances of OUTPUTS for each text, and the chances that they need, shape (texts, 2, OUTPUTS). The scores are those of both files."""
    general, special = heads.calibrate(scores), alone.calibrate(alone_scores)
    is_post = squash(alone_scores[:, _ALONE["post"]])
    told = np.empty((len(scores), 2, len(OUTPUTS)), dtype=np.float32)
    for name, place in _GENERAL.items():
        service = (
            (special[:, _ALONE[name]], alone.calibration[2, _ALONE[name]])
            if name in _ALONE
            else (general[:, place], heads.calibration[2, place])
        )
        key = _ALONE.get(f"post {name}")
        post = service if key is None else (special[:, key], alone.calibration[2, key])
        told[:, 0, place] = squash((1.0 - is_post) * service[0] + is_post * post[0])
        told[:, 1, place] = (1.0 - is_post) * service[1] + is_post * post[1]
    return told
