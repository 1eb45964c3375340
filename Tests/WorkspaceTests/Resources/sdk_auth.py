"""What the official SDK makes of each case on standard input (a JSON array): how it would sign in and where, or that it would not. Nothing
leaves this machine: what it asks servers for is answered here."""

import json
import os
import sys

import google.auth
from databricks.sdk import config, credentials_provider, oauth, oidc_token_supplier
from databricks.sdk.core import Config


class Machine:
    """Somebody in Google Cloud."""


def token(*_):
    return oauth.Token(access_token="token", token_type="Bearer", expiry=None)


# The servers: a host without metadata, GitHub and Azure DevOps that vouch, a metadata service, Google.
config.get_host_metadata = lambda *_, **__: oauth.HostMetadata(oidc_endpoint="")
Config.databricks_oidc_endpoints = property(lambda _: oauth.OidcEndpoints("https://h/authorize", "https://h/token"))
Config.load_azure_tenant_id = lambda _: None
oidc_token_supplier.GitHubOIDCTokenSupplier.get_oidc_token = (
    lambda _, __: "jwt" if "ACTIONS_ID_TOKEN_REQUEST_TOKEN" in os.environ else None)
oidc_token_supplier.AzureDevOpsOIDCTokenSupplier.get_oidc_token = lambda _, __: "jwt"
credentials_provider.MetadataServiceTokenSource.refresh = token
google.auth.default = lambda *_, **__: (Machine(), None)
credentials_provider.impersonated_credentials.Credentials = lambda **_: Machine()
credentials_provider.impersonated_credentials.IDTokenCredentials = lambda *_, **__: Machine()
credentials_provider.external_browser_consent = None
oauth.OAuthClient.initiate_consent = lambda _: None

outcomes = []
for case in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(case["environment"])
    try:
        made = Config(**case["arguments"])
        outcomes.append({"type": made.auth_type, "host": made.host})
    except Exception as error:  # whatever it is, it does not sign in
        outcomes.append({"refusal": str(error)})
json.dump(outcomes, sys.stdout)
