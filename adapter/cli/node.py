"""How the operating verbs reach a running node: its address, the caller's token, which organisation."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from adapter.exchange.node_api import NodeApi

NodeUrl = Annotated[
    str, typer.Option("--node", help="The running node.", envvar="SECOND_OPINION_NODE", show_envvar=False)
]
Org = Annotated[str | None, typer.Option(help="Which organisation, where the node has several.")]
DEFAULT_NODE = "http://127.0.0.1:8100"


def node_api(url: str, org: str | None) -> "NodeApi":
    """Return the client for a node; the token comes from SECOND_OPINION_TOKEN."""
    from adapter.exchange.node_api import NodeApi
    from adapter.settings import CLIENT_TOKEN, secret

    return NodeApi(url, token=secret(CLIENT_TOKEN), org=org)
