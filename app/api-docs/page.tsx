import type { Metadata } from 'next'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { readEnv } from '#lib/env.ts'
import { openapi } from '#lib/http/openapi.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'API' }

type Parameter = {
  name: string
  in: string
  required: boolean
  description?: string
  schema: { type?: string; enum?: string[] }
}
type Operation = { operationId: string; summary: string; parameters: Parameter[] }

/** The description of the API, to be read; the same is at /api/v1/openapi.json, for tools. */
export default async function ApiPage() {
  await read(async () => null)
  const { url } = readEnv()
  const paths = Object.entries(openapi(url).paths as Record<string, { get: Operation }>)
  return (
    <>
      <PageTitle
        title="API"
        aside={
          <a href="/api/v1/openapi.json" className="link">
            OpenAPI 3.1
          </a>
        }
      >
        Everything that the pages read, as JSON. Send a key as <code>Authorization: Bearer plb_…</code>; an answer’s{' '}
        <code>ETag</code> sent back as <code>If-None-Match</code> costs no body. Refusals are{' '}
        <code>application/problem+json</code>.
      </PageTitle>
      <div className="grid gap-4">
        {paths.map(([path, { get }]) => (
          <Panel key={path} id={get.operationId} title={<code>GET {path}</code>}>
            <div className="px-4 py-3 sm:px-5">
              <p>{get.summary}</p>
              {get.parameters.length > 0 && (
                <dl className="mt-3 grid gap-x-6 gap-y-1.5 text-[0.8125rem] sm:grid-cols-[max-content_1fr]">
                  {get.parameters.map(parameter => (
                    <div key={parameter.name} className="contents">
                      <dt>
                        <code>{parameter.name}</code> <span className="text-ink-3">in the {parameter.in}</span>
                      </dt>
                      <dd className="text-ink-2">
                        {parameter.description}
                        {parameter.schema.enum && ` One of ${parameter.schema.enum.join(', ')}.`}
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
              <pre
                className="mt-3 overflow-x-auto rounded-md bg-code px-3 py-2 text-[0.75rem]"
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too.
                tabIndex={0}
              >{`curl -H "Authorization: Bearer $PLUMBLINE_KEY" ${url}${path}`}</pre>
            </div>
          </Panel>
        ))}
      </div>
    </>
  )
}
