import { defineCheck, type Finding } from '../check.ts'
import { directVersions, isJudgedManifest } from '../snapshot/direct-versions.ts'
import { exactFix } from '../snapshot/exact-fix.ts'
import { evidenceOf, lineRange } from '../snapshot/lines.ts'
import { unreadAmong } from '../snapshot/unread.ts'

export const versionsExact = defineCheck({
  id: 'versions-exact',
  item: 'dependencies',
  title: 'Applications ask for exact versions',
  severity: 'low',
  version: 2,
  rationale:
    'A range says that whatever is published next is welcome. An exact version makes every change of a dependency one that somebody wrote down and somebody can read.',
  remediation:
    'Write versions without `^`, `~`, `*` and comparisons (`save-exact=true` in `.npmrc` keeps it so), in Python with `==`, and let an update bot move them. Libraries keep their ranges.',
  mapsTo: { scorecard: ['Pinned-Dependencies'], zizmor: [], osps: [], slsa: [], cis: ['3.1.7'] },
  references: [{ id: 'npm-save-exact', url: 'https://docs.npmjs.com/cli/using-npm/config#save-exact' }],
  reads: ['tree'],

  run(repo) {
    const direct = directVersions(repo)
    const findings = direct
      .filter(({ exact }) => !exact)
      .map((one): Finding => {
        const { name, constraint, file, line } = one
        const { start, end } = lineRange(file, line)
        const asked = constraint === '' ? 'in any version' : `as \`${constraint.slice(0, 80)}\``
        const fix = exactFix(repo, one)
        const advice = fix ? `Write \`${fix.version}\`, which the lock has.` : 'Write one exact version.'
        return {
          message: `\`${name}\` is asked for ${asked}. ${advice}`,
          evidence: evidenceOf({ file, start, end: Math.max(end, start + 1) }),
          ...(fix &&
            fix.edits.length > 0 && {
              patch: { title: `Ask for ${name} ${fix.version}`, safety: 'safe', edits: fix.edits },
            }),
        }
      })
    return { examined: direct.length, findings, unread: unreadAmong(repo, isJudgedManifest) }
  },

  example: {
    failing: { 'package.json': manifest('^1.3.0'), 'package-lock.json': lock('^1.3.0') },
    fixed: { 'package.json': manifest('1.3.0'), 'package-lock.json': lock('1.3.0') },
  },
})

function manifest(version: string): string {
  return `{\n  "private": true,\n  "dependencies": { "left-pad": "${version}" }\n}\n`
}

function lock(version: string): string {
  return `{
  "lockfileVersion": 3,
  "packages": {
    "": {
      "dependencies": { "left-pad": "${version}" }
    },
    "node_modules/left-pad": { "version": "1.3.0", "integrity": "sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA==" }
  }
}
`
}
