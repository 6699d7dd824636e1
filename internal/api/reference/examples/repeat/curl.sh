key=$(openssl rand -hex 16)
submit() {
  curl --silent --show-error --retry 5 --retry-connrefused -D headers.txt "$SPARK_SERVER/v1/projects" \
    -H "Authorization: Bearer $SPARK_KEY" -H "Idempotency-Key: $key" -H "Content-Type: application/json" \
    -d '{"name": "Fox", "engine": "phaser"}'
}

first=$(submit)
again=$(submit) # as if the first answer had been lost
grep -i '^idempotent-replayed: true' headers.txt
[ "$first" = "$again" ] && echo "one project: $(jq -r .id <<<"$first")"
