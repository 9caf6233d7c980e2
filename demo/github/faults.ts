import type { ServerResponse } from 'node:http'
import { type Answer, json, notPermitted, refused } from './answer.ts'
import type { Fault, Request } from './scenario.ts'

const BAD_GATEWAY =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'

/** What the primary limit says, by REST or by GraphQL. */
export function primaryAnswer(api: Request['api'], type = 'RATE_LIMIT'): Answer {
  const message = 'API rate limit exceeded for user ID 1.'
  if (api !== 'graphql') return refused(403, message)
  return json(200, { errors: [{ type, code: 'graphql_rate_limit', message }] })
}

/** The answer that a fault gives instead of the real one; null where the real one is made first. */
export function answerInstead(fault: Fault, api: Request['api'], org: string, url: string): Answer | null {
  switch (fault.kind) {
    case 'primary-limit':
      return primaryAnswer(api, fault.type)
    case 'secondary-limit': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
      const answer =
        fault.status === 200 ? json(200, { errors: [{ message: SECONDARY }] }) : refused(fault.status, SECONDARY)
      return { ...answer, headers: { ...answer.headers, ...headers } }
    }
    case 'bad-gateway':
      return { status: fault.status, headers: { 'content-type': 'text/html' }, body: Buffer.from(BAD_GATEWAY) }
    case 'query-timeout':
      return json(200, {
        data: null,
        errors: [{ message: 'Something went wrong while executing your query. This may be the result of a timeout.' }],
      })
    case 'unauthorized':
      return refused(401, 'Bad credentials')
    case 'sso-required':
      return refused(403, 'Resource protected by organization SAML enforcement. You must grant your token access.', {
        'x-github-sso': `required; url=${url}/orgs/${org}/sso?authorization_request=1`,
      })
    case 'ip-not-allowed':
      return refused(
        403,
        `Although you appear to have the correct authorization credentials, the \`${org}\` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.`,
      )
    case 'no-permission':
      return notPermitted(fault.needs)
    case 'server-error':
      return json(500, { message: 'Server Error' })
    case 'invalid-json':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"data": {"repo') }
    default:
      return null
  }
}

/** Changes a real answer: a shortened tree, a header that tells of silent omission. */
export function alter(fault: Fault, answer: Answer): Answer {
  if (fault.kind === 'sso-partial') {
    return { ...answer, headers: { ...answer.headers, 'x-github-sso': 'partial-results; organizations=1,2' } }
  }
  if (fault.kind === 'silent-drop') {
    const shortened = JSON.stringify(JSON.parse(answer.body.toString('utf8')), dropping(fault.keep))
    return { ...answer, body: Buffer.from(shortened) }
  }
  if (fault.kind !== 'truncated-tree' || answer.status !== 200) return answer
  const whole = JSON.parse(answer.body.toString('utf8')) as { tree: unknown[] }
  return json(200, { ...whole, tree: whole.tree.slice(0, fault.keep), truncated: true }, answer.headers)
}

/** For `JSON.stringify`: of every list that stands within another one only the first are left. */
function dropping(keep: number) {
  return (key: string, value: unknown) =>
    key === 'nodes' && Array.isArray(value)
      ? value.map(node => JSON.parse(JSON.stringify(node, shortening(keep))))
      : value
}

function shortening(keep: number) {
  return (_: string, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('nodes' in value) || !Array.isArray(value.nodes)) return value
    const nodes = value.nodes.slice(0, keep)
    return { ...value, nodes, ...('totalCount' in value ? { totalCount: nodes.length } : {}) }
  }
}

/** Sends a body the way a fault demands. */
export function send(fault: Fault | null, answer: Answer, response: ServerResponse): void {
  const { status, headers, body } = answer
  if (fault?.kind !== 'slow-body' && fault?.kind !== 'cut-body') {
    response.writeHead(status, {
      ...headers,
      ...(status === 204 || status === 304 ? {} : { 'content-length': body.length }),
    })
    response.end(body)
    return
  }
  const half = Math.floor(body.length / 2)
  response.writeHead(status, { ...headers, 'content-length': body.length })
  response.write(body.subarray(0, half), () => {
    if (fault.kind === 'cut-body') {
      response.destroy()
      return
    }
    const timer = setTimeout(() => response.end(body.subarray(half)), fault.milliseconds)
    response.on('close', () => clearTimeout(timer))
  })
}
