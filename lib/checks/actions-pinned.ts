import { type CheckOptions, defineCheck, type Finding, type Patch, workflowOfTests } from '../check.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isFullSha, type ParsedUses, type Uses, usesOf } from '../snapshot/uses.ts'

type CalledAction = Extract<ParsedUses, { kind: 'action' }>

export const actionsPinned = defineCheck({
  id: 'actions-pinned',
  item: 'pin-actions',
  title: 'Actions are pinned to a full commit SHA',
  severity: 'high',
  version: 1,
  rationale:
    'A tag or branch of an action can be moved by whoever controls its repository, and then runs other code with your secrets. That is how tj-actions/changed-files leaked the secrets of thousands of repositories in 2025. A full commit SHA cannot be moved.',
  remediation:
    'Write the 40 digits of the commit after the @ and keep the version as a comment: `uses: actions/checkout@<sha> # v4.2.2`. Dependabot and Renovate update both together.',
  mapsTo: {
    scorecard: ['Pinned-Dependencies'],
    zizmor: ['unpinned-uses'],
    osps: [],
    slsa: [],
    cis: ['2.4.2', '3.1.7'],
  },
  references: [
    {
      id: 'secure-use',
      url: 'https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions',
    },
  ],
  reads: ['tree', 'workflows'],

  run(repo, options) {
    const { uses, unread } = usesOf(repo)
    const findings = uses.flatMap(one => findingOf(one, repo, options))
    return { examined: uses.length, findings, unread }
  },

  example: {
    failing: { '.github/workflows/ci.yml': workflow('actions/checkout@v4') },
    fixed: {
      '.github/workflows/ci.yml': workflow('actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2'),
    },
  },
})

function findingOf(uses: Uses, repo: Snapshot, options: CheckOptions): Finding[] {
  const reason = whatIsWrong(uses, repo, options)
  if (reason === null) return []
  const patch = patchFor(uses, repo)
  return [{ message: reason, evidence: evidenceOf(uses.place), ...(patch ? { patch } : {}) }]
}

function whatIsWrong({ value, parsed, where }: Uses, repo: Snapshot, options: CheckOptions): string | null {
  if (parsed.kind === 'local') return null
  if (parsed.kind === 'image') {
    if (parsed.digest) return null
    return `The image \`${value}\` is not pinned by digest. Add the digest behind it, \`@sha256:…\`, which \`docker buildx imagetools inspect ${value.replace(/^docker:\/\//, '')}\` prints.`
  }
  const thing = where === 'job' ? 'reusable workflow' : 'action'
  if (parsed.kind === 'unclear') {
    return `What \`uses: ${value}\` calls cannot be told from the file. Name the ${thing} as owner/repo@<full commit SHA>.`
  }
  const { ref } = parsed
  const name = [parsed.owner, parsed.repo, ...(parsed.path ? [parsed.path] : [])].join('/')
  const demand = demandFor(name, options)
  if (demand === 'any') return null
  if (ref === null)
    return `The ${thing} \`${name}\` names no ref at all. Write a full commit SHA behind it, \`${name}@<40 hex digits>\`.`
  if (isFullSha(ref)) return null
  if (/^slsa-framework\/slsa-github-generator\/\.github\/workflows\//.test(name)) {
    if (/^v\d+\.\d+\.\d+$/.test(ref)) return null
    return `\`${name}\` is called by \`${ref}\`. Its verification needs a full version tag such as v2.1.0; use one.`
  }
  if (demand === 'tag' && /^v?\d+(\.\d+)*(?:[-+][\w.+-]+)?$/.test(ref)) return null
  return `The ${thing} \`${name}\` is pinned to ${kindOfRef(ref)} \`${ref}\`, which can be moved. ${adviceFor(parsed, ref, repo)}`
}

/** The line to write where the crawl resolved the ref, else the command that prints the commit. */
function adviceFor(parsed: CalledAction, ref: string, repo: Snapshot): string {
  const at = `${parsed.owner}/${parsed.repo}`
  const resolved = repo.refs.get(`${at}@${ref}`)
  if (resolved && isFullSha(resolved.commit)) {
    const path = parsed.path ? `/${parsed.path}` : ''
    return `Write \`${at}${path}@${resolved.commit} # ${resolved.version ?? ref}\`.`
  }
  if (ref.includes('${{')) return 'Pin it to a full commit SHA.'
  return `Pin it to a full commit SHA: \`gh api repos/${at}/commits/${ref} --jq .sha\` prints the one that it is now.`
}

function kindOfRef(ref: string): string {
  if (ref.includes('${{')) return 'an expression'
  if (/^[0-9a-f]{7,39}$/i.test(ref) && /\d/.test(ref)) return 'a shortened SHA'
  if (/^v?\d+(\.\d+)*([-+.].*)?$/.test(ref)) return 'the tag'
  return 'the tag or branch'
}

/** The demand of the most specific pattern: a path before a repository before an owner before `*`. */
function demandFor(name: string, { actionTrust }: CheckOptions): 'sha' | 'tag' | 'any' {
  const lower = name.toLowerCase()
  const [owner, repo] = lower.split('/')
  for (const pattern of [lower, `${owner}/${repo}`, `${owner}/*`, '*']) {
    const rule = actionTrust.find(trust => trust.pattern.toLowerCase() === pattern)
    if (rule) return rule.demand
  }
  return 'sha'
}

function patchFor(uses: Uses, repo: Snapshot): Patch | null {
  if (uses.parsed.kind !== 'action' || uses.parsed.ref === null || uses.parsed.ref.includes('$')) return null
  const { owner, repo: name, ref } = uses.parsed as CalledAction & { ref: string }
  const resolved = repo.refs.get(`${owner}/${name}@${ref}`)
  if (!resolved || !isFullSha(resolved.commit)) return null
  const { file, start, end } = uses.place
  const { path } = file
  const at = file.text.lastIndexOf(`@${ref}`, end)
  if (at < start) return null
  const edits: Patch['edits'] = [
    { kind: 'replace', path, start: at + 1, end: at + 1 + ref.length, text: resolved.commit },
  ]
  const version = resolved.version ?? ref
  const comment = commentEdit(uses, version)
  // It ends the line itself: lines that another fix puts behind that come after it.
  if (comment) edits.push({ kind: 'replace', path, ...comment, indent: Number.MAX_SAFE_INTEGER })
  return { title: `Pin ${owner}/${name} to ${version}`, safety: 'safe', edits }
}

function commentEdit(
  { comment, place, style }: Uses,
  version: string,
): { start: number; end: number; text: string } | null {
  if (comment?.version) {
    const start = comment.place.start + comment.text.indexOf(comment.version)
    return { start, end: start + comment.version.length, text: version }
  }
  if (comment) return { start: comment.place.start, end: comment.place.start, text: `# ${version} ` }
  if (style === 'block') return null
  const { text } = place.file
  const rest = /^[^\r\n]{0,200}/.exec(text.slice(place.end, place.end + 200))?.[0] ?? ''
  // In a flow mapping that goes on, a comment here would swallow what follows.
  if (!/^[ \t}\]]*$/.test(rest)) return null
  return { start: place.end + rest.trimEnd().length, end: place.end + rest.length, text: ` # ${version}` }
}

function workflow(uses: string): string {
  return workflowOfTests(`      - uses: ${uses}
      - run: make test
`)
}
