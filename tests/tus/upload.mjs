// Uploads a file with tus-js-client, as an app would. It reads one JSON line that says what, and writes one JSON line for each thing that happens.
import { createReadStream, statSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { Upload } from 'tus-js-client'

const say = (event) => process.stdout.write(JSON.stringify(event) + '\n')
const { endpoint, url, key, path, name, type, sha256, chunk, deferred, stopAt } = JSON.parse(process.argv.at(-1))
const metadata = { filename: name }
if (type) metadata.filetype = type
if (sha256) metadata.sha256 = sha256

// Of a file the client knows the length, of another stream it does not.
const input = deferred ? createReadStream(path).pipe(new PassThrough()) : createReadStream(path)
const upload = new Upload(input, {
  endpoint,
  uploadUrl: url || null,
  headers: { Authorization: `Bearer ${key}` },
  chunkSize: chunk || Infinity,
  uploadSize: deferred ? undefined : statSync(path).size,
  uploadLengthDeferred: Boolean(deferred),
  retryDelays: [0, 200, 500],
  metadata,
  onUploadUrlAvailable: () => say({ url: upload.url }),
  onProgress: (sent) => {
    if (stopAt && sent >= stopAt) {
      say({ stopped: sent })
      process.exit(0) // in the middle of a request, as a page that is closed
    }
  },
  onSuccess: ({ lastResponse }) => say({ asset: lastResponse.getHeader('Spark-Asset-Id') ?? null }),
  onError: (error) => {
    const answer = error.originalResponse
    say({ error: error.message, status: answer ? answer.getStatus() : 0, problem: answer ? answer.getBody() : '' })
  },
})
upload.start()
