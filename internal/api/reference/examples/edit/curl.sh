api() { curl --fail-with-body --silent --show-error -H "Authorization: Bearer $SPARK_KEY" "$@"; }

project=$(api "$SPARK_SERVER/v1/projects" -H "Content-Type: application/json" -d '{"name": "Fox", "engine": "phaser"}' | jq -r .id)
file="$SPARK_SERVER/v1/projects/$project/files/notes.md"

# A new file, unless there is one.
echo "A fox" | api -X PUT "$file" -H "Content-Type: application/octet-stream" -H "If-None-Match: *" --data-binary @- -D headers.txt
tag=$(sed -n 's/^etag: //ip' headers.txt | tr -d '\r')

echo "A fox in the snow" | api -X PUT "$file" -H "Content-Type: application/octet-stream" -H "If-Match: $tag" --data-binary @-

# Somebody else has read the file before that: what they write is refused, and nothing is lost.
echo "A wolf" | api -X PUT "$file" -H "Content-Type: application/octet-stream" -H "If-Match: $tag" --data-binary @- || echo "read it again"
api "$file"
