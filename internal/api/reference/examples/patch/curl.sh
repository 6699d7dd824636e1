api() { curl --fail-with-body --silent --show-error -H "Authorization: Bearer $SPARK_KEY" "$@"; }

project=$(api "$SPARK_SERVER/v1/projects" -H "Content-Type: application/json" -d '{"name": "Fox", "engine": "phaser"}' | jq -r .id)
file="$SPARK_SERVER/v1/projects/$project/files/level.json"
echo '{"speed": 1, "tiles": ["grass"]}' | api -X PUT "$file" -H "Content-Type: application/octet-stream" --data-binary @- -D headers.txt
tag=$(sed -n 's/^etag: //ip' headers.txt | tr -d '\r')

# A merge patch: what it names is changed, and what is null in it is taken away.
api -X PATCH "$file" -H "Content-Type: application/merge-patch+json" -H "If-Match: $tag" -d '{"speed": 2}'

# Operations, all of which are done or none.
api -X PATCH "$file" -H "Content-Type: application/json-patch+json" -d '[
  {"op": "test", "path": "/speed", "value": 2},
  {"op": "add", "path": "/tiles/-", "value": "water"}]'

# A unified diff, of any text.
api -X PATCH "$file" -H "Content-Type: text/x-diff" --data-binary @- << 'DIFF'
--- level.json
+++ level.json
@@ -1 +1 @@
-{"speed": 2, "tiles": ["grass", "water"]}
+{"speed": 3, "tiles": ["grass", "water"]}
DIFF
api "$file"
