/** What watches over the files of a running service from outside of it. */
import { isAside } from '../aside.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, textOf } from '../yaml.ts'
import { manifestsOf } from './read.ts'

/** A watcher of files that the repository configures, or a policy that demands what pods do not say. */
export function fileGuardOf(repo: Snapshot): string | null {
  const watcher = repo.tree.find(({ path }) =>
    /(?:^|\/)(?:falco(?:_rules)?(?:[.-][\w.-]+)?\.ya?ml|aide\.conf|ossec\.conf|tw(?:pol|cfg)\.txt|ima-policy)$/.test(
      path,
    ),
  )
  if (watcher && !isAside(watcher.path)) return `\`${watcher.path}\``
  const release = manifestsOf(repo).manifests.find(({ kind, node }) => {
    const spec = childOf(node, 'spec')
    const charts = [
      childOf(childOf(childOf(spec, 'chart'), 'spec'), 'chart'),
      childOf(childOf(spec, 'source'), 'chart'),
    ]
    return /^(?:HelmRelease|Application)$/.test(kind) && charts.some(one => /^(?:falco|wazuh)$/.test(textOf(one) ?? ''))
  })
  return release ? `${release.kind} \`${release.name}\`` : readOnlyPolicy(repo)
}

/** A policy that lets no pod in without it; the name for people. */
function readOnlyPolicy(repo: Snapshot): string | null {
  const found = manifestsOf(repo).manifests.find(({ apiVersion, kind, file, node }) => {
    const text = file.text.slice(node.start, node.end)
    if (/^constraints\.gatekeeper\.sh\//.test(apiVersion))
      return /ReadOnlyRootFilesystem/i.test(kind) && !/enforcementAction:\s*["']?(?:dryrun|warn)/.test(text)
    const isKyverno = /^kyverno\.io\//.test(apiVersion) && /^(?:Cluster)?Policy$/.test(kind)
    return isKyverno && /readOnlyRootFilesystem:\s*["']?true/.test(text) && /ailureAction:\s*["']?[eE]nforce/.test(text)
  })
  return found ? `${found.kind} \`${found.name}\`` : null
}
