import type { IncomingMessage, ServerResponse } from 'node:http'
import { spawnGit } from './git-process.ts'
import type { SeenRepository } from './world.ts'

const SERVICES = /^(info\/refs|git-upload-pack)$/

/** `/OWNER/NAME.git/info/refs` and `/OWNER/NAME.git/git-upload-pack`, with or without `.git`; null for other paths. */
export function gitPath(path: string): { owner: string; name: string; service: string } | null {
  const [, owner, name, ...rest] = path.split('/')
  const service = rest.join('/')
  if (owner === undefined || name === undefined || !SERVICES.test(service)) return null
  return { owner, name: name.replace(/\.git$/, ''), service }
}

/** Serves one git request by git's own `http-backend`, as a CGI program: bytes go through as they come. */
export async function serveGit(
  repository: SeenRepository,
  service: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { dir, namespace } = repository.git
  const header = (name: string) => String(request.headers[name] ?? '')
  const child = spawnGit(['http-backend'], {
    GIT_PROJECT_ROOT: dir,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${service}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: new URL(request.url ?? '/', 'http://localhost').search.slice(1),
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_ADDR: '127.0.0.1',
    ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
    ...(namespace === null ? {} : { GIT_NAMESPACE: namespace }),
  })
  request.pipe(child.stdin)
  // A client that hangs up ends the git process, and a git that ended early has closed its input.
  child.stdin.on('error', () => undefined)
  response.on('close', () => child.kill())
  await answerFrom(child.stdout, response)
}

function answerFrom(output: NodeJS.ReadableStream, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    let started = false
    output.on('data', (chunk: Buffer) => {
      if (started) {
        if (!response.write(chunk)) {
          output.pause()
          response.once('drain', () => output.resume())
        }
        return
      }
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      started = true
      startAnswer(head.toString('latin1', 0, end), response)
      response.write(head.subarray(end + 4))
    })
    output.on('error', reject)
    output.on('end', () => {
      if (!started) response.writeHead(500)
      response.end()
      resolve()
    })
  })
}

function startAnswer(head: string, response: ServerResponse): void {
  const lines = head.split('\r\n').map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const headers = new Map(lines)
  const status = Number.parseInt(headers.get('status') ?? '200', 10)
  headers.delete('status')
  response.writeHead(status, Object.fromEntries(headers))
}
