import { describe, expect, test } from 'vitest'
import { readEnv } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'

describe('readEnv', () => {
  test('with nothing set it is the demo on the embedded database', () => {
    expect(readEnv({})).toEqual({
      databaseUrl: null,
      github: null,
      githubToken: null,
      githubApiUrl: 'https://api.github.com',
      port: 3000,
      dataDirectory: '.plumbline',
      crawlMinutes: 15,
      logLevel: 'info',
    })
  })

  test('token and organisation together are crawled; an empty value is unset', () => {
    expect(readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: 'acme', PORT: '' }).github).toEqual({
      token: 'ghp_x',
      org: 'acme',
    })
    expect(readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: '' }).github).toBeNull()
  })

  test('a final slash of the API is dropped', () => {
    expect(readEnv({ GITHUB_API_URL: 'https://ghes.example/api/v3/' }).githubApiUrl).toBe('https://ghes.example/api/v3')
  })

  test.each([
    ['DATABASE_URL', 'mysql://x/y', /DATABASE_URL is not the address of a PostgreSQL database/],
    ['GITHUB_ORG', 'https://github.com/acme', /GITHUB_ORG is not the name of an organisation/],
    ['GITHUB_API_URL', 'api.github.com', /GITHUB_API_URL is not the address of an API/],
    ['PORT', '70000', /PORT is not a port/],
    ['PORT', 'http', /PORT is not a port/],
    ['PLUMBLINE_CRAWL_MINUTES', '0', /PLUMBLINE_CRAWL_MINUTES is too short/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL is none of the levels/],
  ])('%s=%s is refused with a sentence', (name, value, sentence) => {
    const refused = () => readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: 'acme', [name]: value })
    expect(refused).toThrow(AppError)
    expect(refused).toThrow(sentence)
  })

  test('every wrong value is told at once, and a token never', () => {
    const refused = () =>
      readEnv({ PORT: 'x', LOG_LEVEL: 'y', GITHUB_TOKEN: 'ghp_secret with space', GITHUB_ORG: 'acme' })
    expect(refused).toThrow(/GITHUB_TOKEN[\s\S]*PORT[\s\S]*LOG_LEVEL/)
    expect(refused).not.toThrow(/secret/)
  })

  test('an organisation without a token says what to do', () => {
    expect(() => readEnv({ GITHUB_ORG: 'acme' })).toThrow('GITHUB_ORG is set, but GITHUB_TOKEN is not.')
  })
})
