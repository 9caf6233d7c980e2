import { defineCheck } from '../check.ts'
import { directVersions } from '../snapshot/direct-versions.ts'
import { evidenceOf, lineRange } from '../snapshot/lines.ts'

export const versionsExact = defineCheck({
  id: 'versions-exact',
  item: 'dependencies',
  title: 'Applications ask for exact versions',
  severity: 'low',
  version: 1,
  rationale:
    'A range says that whatever is published next is welcome. An exact version makes every change of a dependency one that somebody wrote down and somebody can read.',
  remediation:
    'Write versions without `^`, `~`, `*` and comparisons (`save-exact=true` in `.npmrc` keeps it so), in Python with `==`, and let an update bot move them. Libraries keep their ranges.',
  mapsTo: { scorecard: ['Pinned-Dependencies'], zizmor: [], osps: [], slsa: [], cis: ['3.1.7'] },
  references: [{ id: 'npm-save-exact', url: 'https://docs.npmjs.com/cli/using-npm/config#save-exact' }],
  reads: ['tree', 'files'],

  run(repo) {
    const direct = directVersions(repo)
    const findings = direct
      .filter(({ exact }) => !exact)
      .map(({ name, constraint, file, line }) => {
        const { start, end } = lineRange(file, line)
        const asked = constraint === '' ? 'in any version' : `as \`${constraint.slice(0, 80)}\``
        return {
          message: `\`${name}\` is asked for ${asked}. Write one exact version.`,
          evidence: evidenceOf({ file, start, end: Math.max(end, start + 1) }),
        }
      })
    return { examined: direct.length, findings }
  },

  example: {
    failing: { 'package.json': '{\n  "private": true,\n  "dependencies": { "left-pad": "^1.3.0" }\n}\n' },
    fixed: { 'package.json': '{\n  "private": true,\n  "dependencies": { "left-pad": "1.3.0" }\n}\n' },
  },
})
