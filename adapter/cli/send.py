"""`second-opinion send`: a request or report to a running node, or a case to a plain FHIR server."""

from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.inputs import read_input
from adapter.cli.node import DEFAULT_NODE, NodeUrl, Org, node_api


def send(
    file: Annotated[str, typer.Argument(help="The request or report (JSON); - reads standard input.")],
    node: NodeUrl = DEFAULT_NODE,
    org: Org = None,
    fhir_server: Annotated[
        str | None, typer.Option(help="Write the case as a transaction to this plain FHIR server instead.")
    ] = None,
) -> None:
    """Hand a request or a report to a running node; records named by `path` are uploaded first.

    The token, where the node needs one, is taken from SECOND_OPINION_TOKEN.

    Example: second-opinion send request.json --node http://127.0.0.1:8101
    """
    from adapter.intake.hand_over import hand_over

    body = read_input(file)
    base = Path.cwd() if file == "-" else Path(file).resolve().parent
    if fhir_server is not None:
        _write_case(body, base, fhir_server)
        return
    api = node_api(node, org)
    prepared = hand_over(body, base)
    for sha256, record in prepared.files.items():
        api.upload(sha256, record)
    answer, location = api.submit(prepared.body, "application/json")
    for issue in answer.get("issue", []):
        text = issue.get("details", {}).get("text", issue.get("code"))
        typer.echo(f"{issue.get('severity')}: {text}", err=True)
    typer.echo(location)


def _write_case(body: bytes, base: Path, url: str) -> None:
    from adapter.exchange.peers import HttpPeers
    from adapter.settings import CLIENT_TOKEN, secret
    from adapter.workflow.offline import express_offline

    offline = express_offline(body, base)
    for refusal in offline.release.withheld:
        typer.echo(f"withheld {refusal.record}: {refusal.where}: {refusal.text}", err=True)
    bundle = offline.transaction()
    HttpPeers().write(bundle, base_url=url, token=secret(CLIENT_TOKEN))
    typer.echo(f"{len(bundle['entry'])} resources written to {url}", err=True)
