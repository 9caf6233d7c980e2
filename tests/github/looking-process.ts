/** A process of its own that asks as the worker does: by the API and by git. `node looking-process.ts API_URL`. */
import { githubSource } from '#lib/crawl/github-source.ts'
import { readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { connect } from '#lib/github/client.ts'
import { goThroughProxy } from '#lib/github/proxy.ts'
import { sweep } from '#tests/crawl/whole-listing.ts'

try {
  const env = readEnv()
  goThroughProxy(env)
  const clock = { now: () => performance.now(), sleep: async () => undefined }
  const github = connect({ apiUrl: process.argv[2] ?? '', token: env.githubToken ?? '', clock })
  const source = githubSource(github, 'acme')
  const { repositories } = await sweep(source)
  const found = await source.refs(['acme/one@main'])
  console.log(repositories.map(({ name }) => name).join(' '), found.get('acme/one@main')?.commit.length)
} catch (error) {
  if (!(error instanceof AppError)) throw error
  console.log(sentenceOf(error))
  process.exitCode = 1
}
