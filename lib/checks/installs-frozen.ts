import { defineCheck, type Finding, workflowOfTests } from '../check.ts'
import { type Command, commandsOf } from '../snapshot/commands.ts'
import { judgeDownload } from '../snapshot/install/download.ts'
import { judgeNpm } from '../snapshot/install/npm.ts'
import { judgeNpx } from '../snapshot/install/npx.ts'
import { judgeOthers } from '../snapshot/install/others.ts'
import { judgePython } from '../snapshot/install/python.ts'
import { isProposedUpdate } from '../snapshot/install/update-jobs.ts'
import { hidesFlags, type InstallVerdict, spelledOut } from '../snapshot/install/verdict.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

export const installsFrozen = defineCheck({
  id: 'installs-frozen',
  item: 'pin-dependencies',
  title: 'Builds install exactly what is locked',
  severity: 'high',
  version: 3,
  rationale:
    "A lock protects only where the build obeys it. `npm install`, `pip install name` or `curl | sh` take what is newest at that minute, so that a package taken over an hour ago is in your build and in nobody's review.",
  remediation:
    'Use the form of each package manager that fails where the lock does not fit: `npm ci`, `yarn install --immutable`, `pnpm install --frozen-lockfile`, `pip install --require-hashes -r`, `uv sync --locked`, `cargo install --locked`, and check what you download.',
  mapsTo: {
    scorecard: ['Pinned-Dependencies'],
    zizmor: ['adhoc-packages'],
    osps: ['OSPS-BR-05.01'],
    slsa: [],
    cis: ['2.4.2', '2.4.3'],
  },
  references: [],
  reads: ['tree', 'workflows', 'files'],

  run(repo) {
    const { commands, unread } = commandsOf(repo)
    const judged = new Map<string, { command: Command; verdict: InstallVerdict }>()
    for (const command of commands) {
      const verdict = judge(repo, command, commands)
      if (!verdict) continue
      // Several jobs may reach one place; it counts once, by the worst of what they make of it.
      const key = `${command.place.file.path}:${command.place.start}:${command.exact ? '' : command.argv.join(' ')}`
      const known = judged.get(key)
      if (!known || weightOf(verdict) > weightOf(known.verdict)) judged.set(key, { command, verdict })
    }
    const findings = [...judged.values()].flatMap(({ command, verdict }) => findingOf(command, verdict))
    return { examined: judged.size, findings, unread: [...unread] }
  },

  example: {
    failing: {
      'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
      '.github/workflows/ci.yml': workflow('npm install'),
    },
    fixed: {
      'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
      '.github/workflows/ci.yml': workflow('npm ci'),
    },
  },
})

function judge(repo: Snapshot, written: Command, commands: readonly Command[]): InstallVerdict | null {
  const command = spelledOut(written)
  const verdict =
    judgeNpm(repo, command) ??
    judgeNpx(repo, command) ??
    judgePython(repo, command) ??
    judgeOthers(repo, command) ??
    judgeDownload(command, commands)
  if (!verdict || verdict.right) return verdict
  // The flag that is missing may stand in the variable; and what a pull request proposes is looked at before it counts.
  return (verdict.fix && hidesFlags(command)) || isProposedUpdate(repo, command) ? null : verdict
}

function weightOf(verdict: InstallVerdict): number {
  return verdict.right ? 0 : verdict.weight
}

function findingOf({ place, exact }: Command, verdict: InstallVerdict): Finding[] {
  if (verdict.right) return []
  const { message, weight, fix } = verdict
  const { path } = place.file
  const patch =
    fix && exact
      ? {
          patch: {
            title: fix.title,
            safety: fix.safety,
            edits: fix.edits.map(edit => ({ kind: 'replace' as const, path, ...edit })),
          },
        }
      : {}
  return [{ message, evidence: evidenceOf(place), weight, ...patch }]
}

function workflow(install: string): string {
  return workflowOfTests(`      - run: |
          ${install}
          npm test
`)
}
