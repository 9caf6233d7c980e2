/** How what outsiders write can reach code, way by way; each time one that is wrong and one beside it that is right. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { mended, places, verdictOf } from './verdict-of.ts'

const ID = 'workflow-input-safe'
const TITLE = `\${{ github.event.issue.title }}`
const PATH = '.github/workflows/a.yml'

function expr(text: string): string {
  return `\${{ ${text} }}`
}

function workflow(on: string, steps: string, job = ''): FileMap {
  return {
    [PATH]: `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps.replace(/^/gm, '      ')}\n`,
  }
}

function count(files: FileMap): number {
  return verdictOf(ID, files).findings.length
}

describe('expressions in a script', () => {
  test.each([
    ['issues', 'github.event.issue.title'],
    ['issue_comment', 'github.event.comment.body'],
    ['pull_request', 'github.head_ref'],
    ['pull_request', "github.event['pull_request'].head.ref"],
    ['pull_request_target', 'github.event.pull_request.title'],
    ['pull_request_review', 'github.event.review.body'],
    ['discussion', 'github.event.discussion.body'],
    ['push', 'github.event.head_commit.message'],
    ['push', 'github.event.commits[0].author.name'],
    ['workflow_run', 'github.event.workflow_run.head_branch'],
    ['pull_request', 'github.head_ref || github.ref_name'],
    ['pull_request', "format('x {0}', github.head_ref)"],
    ['pull_request', "github.event_name == 'pull_request' && github.head_ref || 'main'"],
    ['issues', 'toJSON(github.event)'],
    ['issues', 'toJSON(github.event.issue)'],
  ])('on %s: %s', (on, text) => {
    const steps = `- run: echo "${expr(text)}"\n- run: echo "$X"\n  env:\n    X: ${expr(text)}`
    const result = verdictOf(ID, workflow(on, steps))
    expect(result.examined).toBe(2)
    expect(places(result)).toEqual([`${PATH}:6`])
  })

  test.each([
    ['issues', 'github.event.issue.number'],
    ['pull_request', 'github.event.number'],
    ['pull_request', 'github.event.pull_request.head.sha'],
    ['pull_request', 'github.event.pull_request.user.login'],
    ['pull_request', 'github.sha'],
    ['push', 'github.ref_name'],
    ['push', 'github.head_ref'],
    ['push', 'github.event.issue.title'],
    ['pull_request', "github.head_ref == 'main'"],
    ['pull_request', "startsWith(github.head_ref, 'x') && 'a' || 'b'"],
    ['pull_request', "contains(github.event.pull_request.labels.*.name, 'x')"],
    ['workflow_dispatch', 'inputs.name'],
    ['workflow_dispatch', 'github.event.inputs.name'],
    ['push', 'secrets.TOKEN'],
    ['pull_request', "hashFiles('x')"],
    ['issues', "'github.event.issue.title'"],
  ])('on %s, harmless: %s', (on, text) => {
    expect(verdictOf(ID, workflow(on, `- run: echo "${expr(text)}"`)).outcome).toBe('pass')
  })

  test('a step that outsiders cannot reach is safe', () => {
    const guarded = (condition: string) =>
      count(workflow('pull_request', `- run: echo ${expr('github.head_ref')}\n  if: ${condition}`))
    expect(guarded('github.event.pull_request.head.repo.full_name == github.repository')).toBe(0)
    expect(guarded('github.event.pull_request.head.repo.fork == false')).toBe(0)
    expect(guarded(expr('!github.event.pull_request.head.repo.fork'))).toBe(0)
    expect(guarded("github.event_name == 'push'")).toBe(0)
    expect(guarded('contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.pull_request.author_association)')).toBe(0)
    expect(guarded("github.event.pull_request.author_association == 'CONTRIBUTOR'")).toBe(1)
    expect(guarded("contains(github.event.pull_request.labels.*.name, 'safe')")).toBe(1)
    expect(guarded('always()')).toBe(1)
  })
})

test('a job that waits for one that outsiders cannot start is safe', () => {
  const text = (condition: string) =>
    `on: pull_request\njobs:\n  gate:\n    if: ${condition}\n    steps: [{ run: x }]\n  b:\n    needs: gate\n    steps:\n      - run: echo ${expr('github.head_ref')}\n`
  expect(count({ [PATH]: text('github.event.pull_request.head.repo.full_name == github.repository') })).toBe(0)
  expect(count({ [PATH]: text('github.event.pull_request.draft == false') })).toBe(1)
})

describe('ways round', () => {
  test.each([
    ['env of the workflow', `issues\nenv:\n  T: ${TITLE}`, `- run: echo "${expr('env.T')}"\n- run: echo "$T"`],
    ['env of the step', 'issues', `- run: echo "${expr('env.T')}"\n  env: { T: "${TITLE}" }`],
    [
      'an output by the shell',
      'issues',
      `- id: x\n  env: { T: "${TITLE}" }\n  run: echo "title=$T" >> "$GITHUB_OUTPUT"\n- run: echo "${expr('steps.x.outputs.title')}"`,
    ],
    [
      'the environment file',
      'issues',
      `- env: { T: "${TITLE}" }\n  run: echo "TITLE=$T" >> $GITHUB_ENV\n- run: echo "${expr('env.TITLE')}"`,
    ],
    [
      'an action that hands it on',
      'pull_request',
      `- id: b\n  uses: tj-actions/branch-names@v8\n- run: git checkout ${expr('steps.b.outputs.current_branch')}`,
    ],
    [
      'a script that returns it',
      'issues',
      `- id: s\n  uses: actions/github-script@v7\n  with:\n    script: return context.payload.issue.title\n- run: echo ${expr('steps.s.outputs.result')}`,
    ],
  ])('%s', (_, on, steps) => {
    expect(count(workflow(on, steps))).toBe(1)
  })

  test('an output that was cleaned on the way is not followed', () => {
    const steps = `- id: x\n  env: { T: "${TITLE}" }\n  run: echo "slug=$(echo "$T" | tr -cd a-z)" >> "$GITHUB_OUTPUT"\n- run: echo "${expr('steps.x.outputs.slug')}"`
    expect(count(workflow('issues', steps))).toBe(0)
  })

  test('outputs of jobs and the matrix', () => {
    const text = `on: issues
jobs:
  b:
    needs: a
    strategy:
      matrix:
        title: ["${expr('needs.a.outputs.t')}"]
        os: [x]
    steps:
      - run: echo ${expr('needs.a.outputs.t')}
      - run: echo ${expr('matrix.title')}
      - run: echo ${expr('matrix.os')}
      - run: echo ${expr('needs.a.outputs.other')}
  a:
    outputs:
      t: ${TITLE}
      other: ${expr('github.sha')}
    steps: [{ run: x }]
`
    expect(places(verdictOf(ID, { [PATH]: text }))).toEqual([`${PATH}:10`, `${PATH}:11`])
  })

  test('inputs of a local action and of a local workflow, as their callers fill them', () => {
    const action = `runs:\n  using: composite\n  steps:\n    - run: echo ${expr('inputs.text')}\n      shell: bash\n    - run: echo ${expr('inputs.other')}\n      shell: bash\n`
    const call = (value: string) => workflow('issues', `- uses: ./act\n  with: { text: "${value}" }`)
    expect(places(verdictOf(ID, { 'act/action.yml': action, ...call(TITLE) }))).toEqual(['act/action.yml:4'])
    expect(count({ 'act/action.yml': action, ...call('fixed') })).toBe(0)
    const called = `on:\n  workflow_call:\n    inputs: { text: { type: string } }\njobs:\n  x:\n    steps:\n      - run: echo ${expr('inputs.text')}\n`
    const caller = (value: string) => ({
      [PATH]: `on: issues\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    with: { text: "${value}" }\n`,
    })
    expect(places(verdictOf(ID, { '.github/workflows/b.yml': called, ...caller(TITLE) }))).toEqual([
      '.github/workflows/b.yml:7',
    ])
    expect(count({ '.github/workflows/b.yml': called, ...caller('x') })).toBe(0)
  })

  test('an action that calls itself ends', () => {
    const action = 'runs:\n  using: composite\n  steps:\n    - uses: ./act\n    - run: x\n      shell: bash\n'
    expect(verdictOf(ID, { 'act/action.yml': action, ...workflow('push', '- uses: ./act') }).outcome).toBe('pass')
  })

  test('other inputs that are code', () => {
    const script = (text: string) =>
      workflow('issues', `- uses: actions/github-script@v7\n  with:\n    script: |\n      core.info(${text})`)
    expect(count(script(`'${TITLE}'`))).toBe(1)
    expect(count(script('context.payload.issue.title'))).toBe(0)
    expect(count(workflow('issues', `- uses: azure/cli@v2\n  with: { inlineScript: "echo ${TITLE}" }`))).toBe(1)
    expect(count(workflow('issues', `- uses: a/b@v2\n  with: { title: "${TITLE}" }`))).toBe(0)
  })
})

describe('the head of a pull request in a workflow with rights', () => {
  const head = expr('github.event.pull_request.head.sha')
  const checkout = (more: string) => `- uses: actions/checkout@v4\n  with: { ${more} }`

  test('checked out and run', () => {
    const result = verdictOf(ID, workflow('pull_request_target', `${checkout(`ref: "${head}"`)}\n- run: npm ci`))
    expect(places(result)).toEqual([`${PATH}:6`])
    expect(result.findings[0]?.message).toContain('npm ci')
    expect(
      count(
        workflow(
          'pull_request_target',
          `${checkout(`ref: "refs/pull/${expr('github.event.number')}/merge"`)}\n- run: ./build.sh`,
        ),
      ),
    ).toBe(1)
    expect(
      count(
        workflow('workflow_run', `${checkout(`ref: "${expr('github.event.workflow_run.head_sha')}"`)}\n- run: make`),
      ),
    ).toBe(1)
    expect(count(workflow('pull_request_target', `- run: gh pr checkout 1\n- run: cargo test`))).toBe(1)
    expect(count(workflow('pull_request_target', `- run: gh pr checkout 1\n- run: make login`))).toBe(1)
  })

  test.each([
    ['an ordinary pull request', 'pull_request', `${checkout(`ref: "${head}"`)}\n- run: npm ci`],
    [
      'before programs that only look, log in or move images',
      'pull_request_target',
      `${checkout(`ref: "${head}"`)}\n- run: |\n    node --version\n    docker login -u a r\n    skaffold config set --global a b\n    docker push r/a`,
    ],
    ['the base', 'pull_request_target', '- uses: actions/checkout@v4\n- run: npm ci'],
    ['only looked at', 'pull_request_target', `${checkout(`ref: "${head}"`)}\n- run: git diff && cat README.md`],
    [
      'beside the base, as data',
      'pull_request_target',
      `- uses: actions/checkout@v4\n${checkout(`ref: "${head}", path: pr`)}\n- run: python check.py pr`,
    ],
    [
      'only our own',
      'pull_request_target',
      `${checkout(`ref: "${head}"`)}\n  if: github.event.pull_request.head.repo.full_name == github.repository\n- run: npm ci`,
    ],
    [
      'a run for a push',
      'workflow_run',
      `${checkout(`ref: "${expr('github.event.workflow_run.head_sha')}"`)}\n  if: github.event.workflow_run.event == 'push'\n- run: make`,
    ],
    [
      'a branch of this repository',
      'pull_request_target',
      `${checkout(`ref: "${expr('github.head_ref')}"`)}\n- run: npm ci`,
    ],
  ])('not wrong: %s', (_, on, steps) => {
    expect(count(workflow(on, steps))).toBe(0)
  })

  test('in a folder of its own it is wrong where that is entered', () => {
    const at = `${checkout(`ref: "${head}", path: pr`)}\n- run: npm ci\n  working-directory: pr`
    expect(count(workflow('pull_request_target', at))).toBe(1)
  })
})

describe('patches', () => {
  test.each([
    [
      'double quotes',
      `- run: echo "new ${TITLE}!"`,
      `- env:\n    ISSUE_TITLE: ${TITLE}\n  run: echo "new \${ISSUE_TITLE}!"`,
      'safe',
    ],
    [
      'no quotes',
      `- name: x\n  run: echo ${TITLE} # y`,
      `- name: x\n  env:\n    ISSUE_TITLE: ${TITLE}\n  run: echo "\${ISSUE_TITLE}" # y`,
      'review',
    ],
    [
      'single quotes in a block',
      `- run: |\n    echo 'a ${TITLE}'\n    echo b`,
      `- env:\n    ISSUE_TITLE: ${TITLE}\n  run: |\n    echo 'a '"\${ISSUE_TITLE}"''\n    echo b`,
      'safe',
    ],
    [
      'a here-document',
      `- run: |\n    cat <<EOF\n    ${TITLE}\n    EOF`,
      `- env:\n    ISSUE_TITLE: ${TITLE}\n  run: |\n    cat <<EOF\n    \${ISSUE_TITLE}\n    EOF`,
      'safe',
    ],
    [
      'an environment that is there',
      `- env:\n    A: b # c\n  run: echo "${TITLE} ${TITLE}"`,
      `- env:\n    ISSUE_TITLE: ${TITLE}\n    A: b # c\n  run: echo "\${ISSUE_TITLE} \${ISSUE_TITLE}"`,
      'safe',
    ],
  ])('%s', (_, before, after, safety) => {
    for (const lineBreak of ['\n', '\r\n']) {
      const made = (steps: string) => ({ [PATH]: (workflow('issues', steps)[PATH] ?? '').replaceAll('\n', lineBreak) })
      const result = verdictOf(ID, made(before))
      expect(mended(made(before), result)).toEqual(made(after))
      expect(result.findings[0]?.patch?.safety).toBe(safety)
      expect(verdictOf(ID, made(after)).outcome).toBe('pass')
    }
  })

  test.each([
    ['another shell', `- shell: pwsh\n  run: echo "${TITLE}"`],
    ['a here-document that is quoted', `- run: |\n    cat <<'EOF'\n    ${TITLE}\n    EOF`],
    ['a quoted value without room for quotes', `- run: "echo ${TITLE}"`],
    ['JavaScript', `- uses: actions/github-script@v7\n  with: { script: "f('${TITLE}')" }`],
  ])('none for %s', (_, steps) => {
    const [finding] = verdictOf(ID, workflow('issues', steps)).findings
    expect(finding?.message).toContain('env')
    expect(finding?.patch).toBeUndefined()
  })
})
