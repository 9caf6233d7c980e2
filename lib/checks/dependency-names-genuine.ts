import { defineCheck, type Finding } from '../check.ts'
import { evidenceOf, lineRange } from '../snapshot/lines.ts'
import { unreadLocks } from '../snapshot/lockfile/read.ts'
import { lookAlike } from '../snapshot/names/look-alike.ts'
import { isNamingManifest, namesAskedFor } from '../snapshot/names/names-in-use.ts'
import { unreadAmong } from '../snapshot/unread.ts'

export const dependencyNamesGenuine = defineCheck({
  id: 'dependency-names-genuine',
  item: 'dependencies',
  title: 'No dependency has a name that imitates another',
  severity: 'critical',
  version: 3,
  rationale:
    'Whoever types a name wrong installs what somebody has laid there for it: a package that is one letter from one that millions use, and runs code on every machine that installs it.',
  remediation:
    'Look at who publishes the package. Where it was meant to be the other one, put that in its place, renew the lock, and treat every machine that has installed it as compromised.',
  mapsTo: { scorecard: [], zizmor: [], osps: ['OSPS-VM-05.03'], slsa: ['dependency-track'], cis: ['3.1.1'] },
  references: [
    { id: 'npm-threats', url: 'https://docs.npmjs.com/threats-and-mitigations#by-typosquatting--dependency-confusion' },
  ],
  reads: ['tree'],

  run(repo) {
    const names = namesAskedFor(repo)
    const findings = names.flatMap(({ ecosystem, name, path, line }): Finding[] => {
      const like = lookAlike(ecosystem, name)
      const file = repo.files.get(path)
      if (!like || !file) return []
      const place = { file, ...lineRange(file, line) }
      const message = `\`${name}\` is like \`${like.target}\`, which many use (${like.how}). Find out whether it is the one that was meant.`
      return [{ message, evidence: evidenceOf({ ...place, end: Math.max(place.end, place.start + 1) }) }]
    })
    return { examined: names.length, findings, unread: [...unreadAmong(repo, isNamingManifest), ...unreadLocks(repo)] }
  },

  example: {
    failing: { 'requirements.txt': 'requests==2.32.3\npython-dateutil2==2.6.1\n' },
    fixed: { 'requirements.txt': 'requests==2.32.3\npython-dateutil==2.9.0\n' },
  },
})
