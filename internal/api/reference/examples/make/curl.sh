# SPARK_SERVER is the platform's address, and SPARK_KEY an API key.
api() { curl --fail-with-body --silent --show-error -H "Authorization: Bearer $SPARK_KEY" "$@"; }

made=$(api "$SPARK_SERVER/v1/pipelines" -H "Content-Type: application/json" -H "Idempotency-Key: $(openssl rand -hex 16)" -d '{
  "new_project": {"name": "Fox", "engine": "phaser"},
  "steps": [
    {"kind": "generation", "input": {"prompt": "a platformer with a fox"}},
    {"kind": "build", "input": {"mode": "release"}}
  ]
}')

# The events of the build, until it has ended.
build=$(jq -r '.jobs[1].id' <<<"$made")
api --no-buffer "$SPARK_SERVER/v1/jobs/$build/events"

artifact=$(api "$SPARK_SERVER/v1/jobs/$build" | jq -r '.output.artifact_id')
api "$SPARK_SERVER/v1/artifacts/$artifact/download" -o fox.zip
echo "Play it at $SPARK_SERVER/play/$artifact/"
