// Loaded into every process of the test run: what it prints is kept as well, so that the run can be searched for secrets.
// Under the machine's own Node too, and so no TypeScript.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

const folder = process.env.PLUMBLINE_TEST_OUTPUT
if (folder !== undefined && isMainThread) {
  const file = join(folder, `${process.pid}-${Date.now()}.log`)
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write
    stream.write = (chunk, ...more) => {
      appendFileSync(file, chunk)
      return write.call(stream, chunk, ...more)
    }
  }
}
