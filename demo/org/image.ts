import { hex } from './digest.ts'
import { type FileMap, text } from './files.ts'
import type { Posture } from './posture.ts'
import type { RepositoryDescription } from './repository.ts'

/** A Dockerfile beside every part that is shipped as an image. */
export function dockerfiles(repository: RepositoryDescription, posture: Posture): FileMap {
  const files: Record<string, string> = {}
  for (const part of repository.parts ?? []) {
    const recipe = part.image?.(posture)
    if (!recipe) continue
    files[part.directory === '' ? 'Dockerfile' : `${part.directory}/Dockerfile`] = text(
      `FROM ${imageReference(recipe.base, recipe.tag, posture.base)}`,
      'WORKDIR /app',
      `COPY ${recipe.take} ./`,
      `RUN ${recipe.run}`,
      recipe.take !== '.' && 'COPY . .',
      posture.user && 'USER 10001',
      `CMD ${recipe.command}`,
    )
  }
  return files
}

/** An image by its newest tag, by a version, or by a digest that belongs to that version. */
export function imageReference(base: string, tag: string, by: Posture['base']): string {
  if (by === 'latest') return `${base}:latest`
  return by === 'tag' ? `${base}:${tag}` : `${base}:${tag}@sha256:${hex(`${base}:${tag}`)}`
}
