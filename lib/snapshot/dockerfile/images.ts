/** The images that a Dockerfile takes from elsewhere: what its stages start from, copy from and mount. */
import type { ImageUse } from '../image/reference.ts'
import type { SourceFile } from '../snapshot.ts'
import { filledInStage } from './arguments.ts'
import { type DockerInstruction, type DockerStage, stageNamed, stagesOf } from './read.ts'

/** Not `scratch`, not a stage of the same file. */
export function imagesOfDockerfile(file: SourceFile): ImageUse[] {
  const stages = stagesOf(file)
  return stages.flatMap(stage => {
    const { image, unknown, from, parent } = stage
    const own: ImageUse[] =
      parent || image.toLowerCase() === 'scratch'
        ? []
        : [{ where: 'from', written: file.text.slice(from.start, from.end), image, unknown, place: { file, ...from } }]
    return [...own, ...stage.instructions.flatMap(instruction => copiedFrom(file, stages, stage, instruction))]
  })
}

function copiedFrom(
  file: SourceFile,
  stages: readonly DockerStage[],
  stage: DockerStage,
  { keyword, flags, at, start }: DockerInstruction,
): ImageUse[] {
  if (keyword !== 'COPY' && keyword !== 'RUN') return []
  return flags.flatMap(flag => {
    const written = keyword === 'COPY' ? /^from=(.+)$/.exec(flag)?.[1] : /^mount=(?:.*,)?from=([^,]+)/.exec(flag)?.[1]
    if (written === undefined || /^\d+$/.test(written) || written.toLowerCase() === 'scratch') return []
    const { text, unknown } = filledInStage(file, stage, written, at)
    if (stageNamed(stages, text)) return []
    const found = file.text.slice(0, start).indexOf(`from=${written}`, at)
    const place = found === -1 ? { start: at, end: start } : { start: found + 5, end: found + 5 + written.length }
    const where = keyword === 'COPY' ? ('copy' as const) : ('mount' as const)
    return [{ where, written, image: text, unknown, place: { file, ...place } }]
  })
}
