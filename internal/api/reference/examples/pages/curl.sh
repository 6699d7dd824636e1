cursor=
while :; do
  page=$(curl --fail-with-body --silent --show-error --get "$SPARK_SERVER/v1/projects" \
    -H "Authorization: Bearer $SPARK_KEY" -d limit=2 --data-urlencode "cursor=$cursor")
  jq -r '.data[] | .id + " " + .name' <<<"$page"
  [ "$(jq .has_more <<<"$page")" = true ] || break
  cursor=$(jq -r .next_cursor <<<"$page")
done
