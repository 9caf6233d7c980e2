/** Who may import whom, which folders and file names there are, and who alone owns what. The table is the rule. */
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROUTE_RIGHTS, routeOf } from './route-rights.ts'
import { code, files, importsOf, isIn, textOf } from './source-files.ts'

const FACTS = ['lib/check.ts', 'lib/snapshot', 'lib/patch']
const FOUNDATION = ['lib/errors.ts', 'lib/log.ts', 'lib/env.ts']
const EVERYTHING = ['lib', 'workers', 'prisma', 'demo', 'scripts', 'tests', 'bench', 'app', 'components']

/** Area → what its files may import of this project, besides the area itself. The longest area that fits a path counts. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'lib/errors.ts': [],
  'lib/log.ts': [],
  'lib/env.ts': ['lib/env-files.ts', 'lib/errors.ts'],
  'lib/env-files.ts': ['lib/errors.ts'],
  'lib/integrity.ts': ['lib/errors.ts'],
  'lib/snapshot': [],
  'lib/patch': [],
  'lib/check.ts': ['lib/snapshot', 'lib/patch'],
  'lib/inventory': ['lib/snapshot'],
  'lib/checks': [...FACTS, 'lib/inventory'],
  'lib/policy': ['lib/check.ts', 'lib/scan.ts', 'lib/snapshot'],
  'lib/score': ['lib/check.ts', 'lib/scan.ts', 'lib/policy'],
  'lib/scan.ts': [...FACTS, 'lib/inventory', 'lib/policy', 'lib/score'],
  'lib/judge': [
    ...FACTS,
    'lib/checks',
    'lib/crawl/paths.ts',
    'lib/inventory',
    'lib/policy',
    'lib/scan.ts',
    'lib/score',
    ...FOUNDATION,
  ],
  'lib/github': FOUNDATION,
  'lib/crawl': ['lib/snapshot', ...FOUNDATION],
  'lib/crawl/github-source.ts': ['lib/crawl', 'lib/github', 'lib/snapshot', ...FOUNDATION],
  'lib/store': [
    ...FACTS,
    'lib/crawl',
    'lib/inventory',
    'lib/policy',
    'lib/scan.ts',
    'lib/score',
    'lib/api',
    'prisma',
    ...FOUNDATION,
  ],
  'lib/queue': FOUNDATION,
  'lib/auth': ['lib/api', 'lib/github', 'lib/store', ...FOUNDATION],
  'lib/api': ['lib/check.ts', 'lib/scan.ts', 'lib/score', 'lib/errors.ts'],
  'lib/http': ['lib/api', 'lib/auth', 'lib/env.ts', ...FOUNDATION],
  workers: ['lib', 'prisma/migrate.ts'],
  app: [
    'components',
    'lib/api',
    'lib/auth',
    'lib/check.ts',
    'lib/checks',
    'lib/env.ts',
    'lib/http',
    'lib/integrity.ts',
    'lib/patch',
    'lib/policy',
    'lib/queue',
    'lib/scan.ts',
    'lib/score',
    'lib/store',
    ...FOUNDATION,
  ],
  'components/ui': [],
  'components/charts': [],
  'components/layout': [],
  components: ['lib/api', 'lib/check.ts', 'lib/scan.ts', 'lib/score'],
  // The form edits and reads a policy by the same pure rules as the server.
  'components/policy': ['components', 'lib/api', 'lib/check.ts', 'lib/policy', 'lib/scan.ts', 'lib/score'],
  prisma: ['lib/env.ts', ...FOUNDATION],
  demo: FOUNDATION,
  scripts: EVERYTHING,
  bench: EVERYTHING,
  tests: EVERYTHING,
}

/** Package or builtin → the only places that may import it; tests may import anything. */
const OWNERS: readonly { what: RegExp; where: readonly string[]; instead: string }[] = [
  { what: /^@octokit\//, where: ['lib/github', 'demo/github'], instead: 'call lib/github' },
  {
    what: /^(@prisma\/|prisma$|#prisma\/generated)/,
    where: ['lib/store', 'prisma'],
    instead: 'add a verb to lib/store',
  },
  { what: /^better-auth(\/|$)/, where: ['lib/auth'], instead: 'call lib/auth' },
  { what: /^pg-boss$/, where: ['lib/queue'], instead: 'call lib/queue' },
  {
    what: /^(next|react|react-dom|@heroui)(\/|$)/,
    where: ['app', 'components', 'lib/http', 'lib/api', 'scripts/serve.ts'],
    instead: 'move what is seen to app or components',
  },
  {
    what: /^node:(fs|net|http|https|child_process|worker_threads)/,
    where: [
      'lib/env-files.ts',
      'lib/integrity.ts',
      'lib/judge',
      'lib/crawl',
      'lib/github',
      'lib/store',
      'lib/auth',
      'lib/queue',
      'workers',
      'app',
      'prisma',
      'demo',
      'scripts',
      'bench',
    ],
    instead: 'take the data as an argument',
  },
]

function areaOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter(area => isIn(path, area))
    .sort((a, b) => b.length - a.length)[0]
}

function codeIn(area: readonly string[]): string[] {
  return code.filter(path => area.some(one => isIn(path, one)))
}

describe('imports', () => {
  test('every file imports only what the table lets its area import', () => {
    const wrong = code.flatMap(path => {
      const area = areaOf(path)
      if (area === undefined) return []
      const allowed = [area, ...(MAY_IMPORT[area] ?? [])]
      return importsOf(path)
        .filter(({ target }) => target !== null && !allowed.some(one => isIn(target, one)))
        .map(
          ({ written }) =>
            `${path} imports ${written}: ${area} may import only ${allowed.join(', ')}. Move the code, or hand the thing over as an argument.`,
        )
    })
    expect(wrong).toEqual([])
  })

  test('a check knows no other check, and a job no other job', () => {
    const wrong = code.flatMap(path => {
      const folder = dirname(path)
      const isCheck = folder === 'lib/checks' && path !== 'lib/checks/index.ts'
      const isJob = folder === 'workers' && jobNames().includes(path.slice('workers/'.length, -3))
      if (!isCheck && !isJob) return []
      const siblings = isCheck ? codeIn(['lib/checks']) : jobNames().map(name => `workers/${name}.ts`)
      return importsOf(path)
        .filter(({ target }) => target !== null && siblings.includes(target))
        .map(
          ({ written }) => `${path} imports ${written}: put what both need into ${isCheck ? 'lib/snapshot' : 'lib'}.`,
        )
    })
    expect(wrong).toEqual([])
  })

  test('packages with an owner are imported by their owner alone', () => {
    const wrong = code
      .filter(path => !isIn(path, 'tests') && path.includes('/'))
      .flatMap(path =>
        importsOf(path).flatMap(({ written }) =>
          OWNERS.filter(({ what, where }) => what.test(written) && !where.some(one => isIn(path, one))).map(
            ({ where, instead }) => `${path} imports ${written}, which belongs to ${where.join(', ')}: ${instead}.`,
          ),
        ),
      )
    expect(wrong).toEqual([])
  })

  test('inside a folder imports are relative, across folders they start with #', () => {
    const wrong = code.flatMap(path => {
      const top = path
        .split('/')
        .slice(0, isIn(path, 'lib') ? 2 : 1)
        .join('/')
      return importsOf(path)
        .filter(
          ({ written, target }) =>
            target !== null &&
            written.startsWith('..') &&
            !isIn(target, top) &&
            path.startsWith('lib/') &&
            !target.startsWith('lib/'),
        )
        .map(({ written, target }) => `${path} imports ${written}: write #${target}.`)
    })
    expect(wrong).toEqual([])
  })

  test('the table names only areas that exist or are planned', () => {
    const wrong = Object.keys(MAY_IMPORT).filter(area => !files.some(path => isIn(path, area)))
    expect(wrong.map(area => `${area}: the table has a row for a file that is not there.`)).toEqual([])
  })
})

function jobNames(): string[] {
  const text = textOf.get('lib/queue/jobs.ts') ?? ''
  return [...text.matchAll(/^ {2}'?([a-z][a-z-]*)'?: z\./gm)].map(match => match[1] ?? '')
}

describe('who sees what', () => {
  test('every page and route says what it asks of who comes, in tests/route-rights.ts', () => {
    const routes = files.flatMap(path => routeOf(path) ?? [])
    const missing = routes.filter(route => !(route in ROUTE_RIGHTS)).map(route => `${route} has no row.`)
    const gone = Object.keys(ROUTE_RIGHTS).filter(route => !routes.includes(route))
    expect([...missing, ...gone.map(route => `${route} has a row and is not there.`)]).toEqual([])
  })

  test('every server action begins by asking who acts', () => {
    const wrong = codeIn(['app', 'components']).flatMap(path =>
      (textOf.get(path) ?? '')
        .split(/['"]use server['"]/)
        .slice(1)
        .filter(
          body => !/^;?\s+(?:const viewer = await viewerFor\(|(?:return )?await act\(|(?:return )?act\()/.test(body),
        )
        .map(
          body => `${path} acts before it asks: "${body.trim().slice(0, 60)} …". Begin with act(…) or viewerFor(…).`,
        ),
    )
    expect(wrong).toEqual([])
  })

  test('what pages and exports read of repositories is narrowed to those that the asker sees', () => {
    const wrong = codeIn(['lib/store/pages', 'lib/store/exports']).flatMap(path => {
      const text = textOf.get(path) ?? ''
      // A query by the id of a repository follows one that found it by its name, narrowed.
      const queries = [...text.matchAll(/\$queryRaw(?:<[\s\S]*?>)?`([\s\S]*?)`(?=[\n)])/g)].map(([, sql = '']) => sql)
      const open = queries.filter(
        sql => /"(?:Repository|Standing)"/.test(sql) && !/(?:visible|counted|matching|population)\w*\(/.test(sql),
      )
      const named = [...text.matchAll(/\.repository\.(?:find|count|aggregate|groupBy)[\s\S]{0,200}/g)]
        .map(([call]) => call)
        .filter(call => !call.includes('visibleNamed('))
      return [...open, ...named].map(
        part =>
          `${path} reads repositories whoever asks: "${part.trim().slice(0, 60)} …". Begin its condition with visible(scope), counted(scope) or visibleNamed(scope, name).`,
      )
    })
    expect(wrong).toEqual([])
  })
})

describe('owners', () => {
  const LINES: readonly { what: RegExp; areas: readonly string[]; except?: readonly string[]; say: string }[] = [
    {
      // The PATH handed on to a child process is no setting of ours.
      what: /\bprocess\.env\b(?!\.PATH\b)/,
      areas: ['lib', 'app', 'components', 'workers', 'prisma', 'demo'],
      except: ['lib/env.ts'],
      say: 'take it from readEnv() in lib/env.ts',
    },
    {
      what: /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(/,
      areas: ['lib', 'prisma'],
      say: 'take the clock (or the number) as an argument; the edges own it',
    },
    {
      what: /\b(async|await|Promise)\b/,
      areas: ['lib/checks', 'lib/policy', 'lib/score', 'lib/scan.ts'],
      say: 'stay synchronous: what must be fetched is a fact of the snapshot',
    },
    {
      what: /\bnew Date\b|\bMath\.random\b/,
      areas: ['lib/checks', 'lib/snapshot', 'lib/patch', 'lib/inventory'],
      say: 'stay pure: the same snapshot has the same verdict',
    },
    {
      what: /\bstyle=\{/,
      areas: ['app', 'components'],
      say: 'use classes, or attributes of SVG for what is drawn: the policy of the pages lets no style attribute count',
    },
    {
      what: /@ts-ignore|@ts-nocheck|biome-ignore-all/,
      areas: EVERYTHING,
      except: ['tests/architecture.test.ts'],
      say: 'mend the type instead',
    },
  ]

  test.each(LINES)('$what', ({ what, areas, except = [], say }) => {
    const wrong = codeIn(areas)
      .filter(path => !except.includes(path))
      .flatMap(path =>
        (textOf.get(path) ?? '').split('\n').flatMap((line, index) => {
          const withoutComment = /^\s*(\/\/|\*|\/\*)/.test(line) ? (/@ts-|biome-/.test(line) ? line : '') : line
          return what.test(withoutComment) ? [`${path}:${index + 1} has "${line.trim()}": ${say}.`] : []
        }),
      )
    expect(wrong).toEqual([])
  })
})
