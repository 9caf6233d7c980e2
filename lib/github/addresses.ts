import { AppError } from '../errors.ts'

/** Where the parts of one GitHub are; without final slashes. `host` is what people are told. */
export type Addresses = { host: string; api: string; graphql: string; web: string }

/** From the REST base: github.com, `*.ghe.com`, or a GitHub Enterprise Server's `/api/v3`. */
export function addressesOf(apiUrl: string): Addresses {
  const url = URL.parse(apiUrl)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new AppError(
      'invalid-configuration',
      'The address of the API cannot be used.',
      'Write https://api.github.com or https://HOST/api/v3.',
    )
  const path = url.pathname.replace(/\/+$/, '')
  const api = url.origin + path
  if (path.endsWith('/api/v3')) {
    const web = url.origin + path.slice(0, -'/api/v3'.length)
    return { host: url.host, api, graphql: `${web}/api/graphql`, web }
  }
  const web = `${url.protocol}//${url.host.replace(/^api\./, '')}`
  return { host: url.host, api, graphql: `${api}/graphql`, web }
}
