# Creates a customer: TOKEN=clientele_… python3 examples/rest/create.py
import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

request = Request(
    os.environ.get("URL", "http://127.0.0.1:4000") + "/customers",
    method="POST",
    headers={
        "Authorization": f"Bearer {os.environ['TOKEN']}",
        "Content-Type": "application/json",
    },
    data=json.dumps(
        {
            "corporation_id": "corp_123",
            "name": "Acme Corporation",
            "email": "contact@acme.com",
            "external_id": "ext_456",
            "shipping_address": {
                "line1": "123 Main St",
                "line2": "Suite 100",
                "city": "San Francisco",
                "state": "CA",
                "postal_code": "94105",
                "country": "US",
            },
        }
    ).encode(),
)

try:
    with urlopen(request) as response:
        customer = json.load(response)
        print(f"Created {customer['id']}: {customer['name']}")
except HTTPError as error:
    problem = json.load(error)
    print(f"{problem['code']}: {problem['message']}", file=sys.stderr)
    for field in problem.get("errors", []):
        print(f"  {field['path']} {field['message']}", file=sys.stderr)
    sys.exit(1)
