/** Which package managers are asked for an audit, and what is said of those that no tool audits. */
import { describe, expect, test } from 'vitest'
import { ID, judge, NPM, run, workflow } from './audited-files.ts'
import { verdictOf } from './verdict-of.ts'

describe('Deno', () => {
  const files = { 'deno.json': '{ "imports": { "a": "npm:a@1", "b": "jsr:@b/b@1" } }', 'deno.lock': '{}' }

  test('what comes from npm is audited by its own command', () => {
    expect(judge({ ...files, ...workflow(run('deno audit')) }).outcome).toBe('pass')
    expect(judge({ ...files, ...workflow(run('deno audit --fix')) }).outcome).toBe('fail')
    expect(judge(files).message).toContain('Run `deno audit`')
  })

  test('no scanner of many ecosystems reads its lock', () => {
    expect(judge({ ...files, ...workflow(run('osv-scanner scan -r .')) }).outcome).toBe('fail')
    expect(judge({ ...NPM, ...workflow(run('osv-scanner scan -r .')) }).outcome).toBe('pass')
  })

  test('it audits a package.json too that it installs', () => {
    expect(judge({ 'package.json': NPM['package.json'], ...workflow(run('deno audit')) }).outcome).toBe('pass')
  })
})

test.each([
  ['deno.json', '{ "imports": { "b": "jsr:@b/b@1" } }', 'deno in `/`'],
  ['environment.yml', 'dependencies:\n  - numpy\n', 'conda in `/`'],
  ['elm.json', '{}', 'elm in `/`'],
  ['MODULE.bazel', 'bazel_dep(name = "x", version = "1")\n', 'bazel in `/`'],
])('%s: nothing is known that audits it, and that is told', (path, text, named) => {
  const alone = verdictOf(ID, { [path]: text })
  expect(alone).toMatchObject({ outcome: 'not-applicable', examined: 0 })
  expect(alone.notes).toEqual([`Not judged, for no tool is known that audits it: ${named}.`])
  const beside = verdictOf(ID, { [path]: text, ...NPM, ...workflow(run('npm audit')) })
  expect(beside).toMatchObject({ outcome: 'pass', examined: 1 })
  expect(beside.notes).toEqual(alone.notes)
})
