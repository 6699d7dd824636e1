endpoint=$(curl --silent --show-error --fail-with-body "$SPARK_SERVER/v1/webhooks/endpoints" \
  -H "Authorization: Bearer $SPARK_KEY" -H "Content-Type: application/json" \
  -d '{"url": "https://example.com/hook", "events": ["job.succeeded", "job.failed"]}' | jq -r .id)

curl --silent --show-error --fail-with-body "$SPARK_SERVER/v1/webhooks/endpoints/$endpoint/secrets" \
  -H "Authorization: Bearer $SPARK_KEY" | jq -r '"verify with " + .data[0].key'
