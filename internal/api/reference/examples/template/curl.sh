api() { curl --fail-with-body --silent --show-error -H "Authorization: Bearer $SPARK_KEY" "$@"; }

# What it asks for.
api "$SPARK_SERVER/v1/templates/make-and-export" | jq -r '.parameters | to_entries[] | "\(.key): \(.value.description)"'

made=$(api "$SPARK_SERVER/v1/pipelines" -H "Content-Type: application/json" -H "Idempotency-Key: $(openssl rand -hex 16)" -d '{
  "new_project": {"name": "Owl", "engine": "phaser"},
  "template": "make-and-export",
  "params": {"prompt": "a platformer with an owl", "format": "html"}
}')
pipeline=$(jq -r .id <<<"$made")
api --no-buffer "$SPARK_SERVER/v1/pipelines/$pipeline/events"
api "$SPARK_SERVER/v1/pipelines/$pipeline" | jq -r '"\(.template.name), version \(.template.version): \(.state)"'
