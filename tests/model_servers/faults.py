"""What can be wrong with a model server, by name; tests set one and see what the chain makes of it."""

from typing import Literal, get_args

Fault = Literal[
    "none",
    "refused",  # nobody listens
    "hangs",  # takes the request and says nothing
    "drips_headers",  # a byte of the response's head now and then
    "drips_body",  # a byte of its body now and then, without an end
    "error_500",
    "redirects",  # to somewhere else
    "garbage",  # 200, and no JSON
    "not_a_reply",  # 200, and JSON of another shape
    "wrong_schema",  # a reply whose text is JSON that nobody asked for
    "prose",  # a reply whose text is no JSON
    "empty",  # a reply without a text
    "cut_off",  # a reply that ends in the middle
    "endless",  # more than anybody wants to read
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
DRIP_SECONDS = 0.05
