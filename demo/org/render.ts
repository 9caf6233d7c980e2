import { type FileMap, text } from './files.ts'
import { dockerfiles } from './image.ts'
import { kubernetes } from './kubernetes.ts'
import type { Posture } from './posture.ts'
import type { RepositoryDescription } from './repository.ts'
import { updateConfiguration } from './updates.ts'
import { continuousIntegration } from './workflow/continuous-integration.ts'
import { deployWorkflow } from './workflow/deploy.ts'
import { releaseWorkflow } from './workflow/release.ts'

/** All files of a repository at a posture. Pure, so that a commit is the difference between two postures. */
export function render(repository: RepositoryDescription, posture: Posture): FileMap {
  const files: FileMap = {
    'README.md': text(`# ${repository.name}`, '', repository.about, '', `Owned by the ${repository.team} team.`),
    ...(posture.owners && { '.github/CODEOWNERS': `* @northwind-labs/${repository.team}\n` }),
    ...Object.assign({}, ...(repository.parts ?? []).map(part => part.files(posture))),
    ...dockerfiles(repository, posture),
    ...(repository.deploys === 'kubernetes' && kubernetes(repository.name, posture)),
    ...updateConfiguration(repository, posture),
  }
  const extra = repository.extra?.(posture) ?? {}
  if (repository.withoutCi) return { ...files, ...extra }
  return {
    ...files,
    ...continuousIntegration(repository, posture),
    ...releaseWorkflow(repository, posture),
    ...deployWorkflow(repository, posture),
    ...extra,
  }
}
