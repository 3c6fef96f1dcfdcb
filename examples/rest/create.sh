#!/bin/sh
# Creates a customer: TOKEN=clientele_… sh examples/rest/create.sh
# Prints the answer. Where it is an error, that says what is wrong, and the exit code is 22.
curl --silent --show-error --fail-with-body "${URL:-http://127.0.0.1:4000}/customers" \
  -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' \
  -d '{
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
      "country": "US"
    }
  }'
