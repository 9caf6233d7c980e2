/** The commands of image builds: each stage on top of the stages that it starts from. */
import type { Unit } from '../commands.ts'
import { type Run, runScript } from '../run-script.ts'
import { stretchScript } from '../shell/script.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { filesWhere } from '../workflow.ts'
import { assignmentsOf } from './arguments.ts'
import { imagePath, sourceFolder, type Taken, takenBy } from './context.ts'
import { type DockerInstruction, type DockerStage, isDockerfilePath, shellTextOf, stagesOf } from './read.ts'

type Built = {
  unit: Unit
  env: Map<string, string>
  cwd: string | null
  taken: Taken[]
  errexit: boolean
  pipefail: boolean
  isShell: boolean
}

export function imageUnits(repo: Snapshot): Unit[] {
  return filesWhere(repo, isDockerfilePath).flatMap(file => {
    const built = new Map<DockerStage, Built>()
    for (const stage of stagesOf(file))
      built.set(stage, build(repo, file, stage, stage.parent ? built.get(stage.parent) : undefined))
    return [...built.values()].map(({ unit }) => unit)
  })
}

function build(repo: Snapshot, file: SourceFile, stage: DockerStage, parent: Built | undefined): Built {
  const name = stage.name || `stage ${stage.index + 1}`
  const unit: Unit = {
    kind: 'stage',
    file,
    name,
    job: null,
    workflow: null,
    stage,
    actions: [],
    commands: [],
    unread: [],
  }
  const built: Built = {
    unit,
    env: new Map(parent?.env),
    cwd: parent?.cwd ?? (parent ? null : '/'),
    taken: [...(parent?.taken ?? [])],
    errexit: parent?.errexit ?? false,
    pipefail: parent?.pipefail ?? false,
    isShell: parent?.isShell ?? true,
  }
  for (const instruction of stage.instructions) apply(repo, file, built, instruction)
  return built
}

function apply(repo: Snapshot, file: SourceFile, built: Built, instruction: DockerInstruction): void {
  const written = file.text.slice(instruction.start, instruction.end)
  const [first = ''] = written.split(/\s+/)
  switch (instruction.keyword) {
    case 'ENV':
    case 'ARG':
      for (const [name, value] of assignmentsOf(written, instruction.keyword)) built.env.set(name, value)
      return
    case 'WORKDIR':
      built.cwd = imagePath(built.cwd, written.trim().replace(/^["']|["']$/g, ''))
      return
    case 'SHELL': {
      const words = instruction.exec?.map(({ text }) => text) ?? []
      built.isShell = /(?:^|\/)(?:ba|z|da|a)?sh$/.test(words[0] ?? '')
      built.errexit = words.some(word => /^-\w*e/.test(word))
      built.pipefail = words.includes('pipefail')
      return
    }
    case 'COPY':
    case 'ADD':
      built.taken.push(...takenBy(repo, file, instruction, built.cwd))
      return
    case 'RUN':
      if (built.isShell && first !== '') runInstruction(repo, file, built, instruction)
  }
}

function runInstruction(repo: Snapshot, file: SourceFile, built: Built, instruction: DockerInstruction): void {
  const { unit, env, cwd, errexit, pipefail } = built
  const taken = [...built.taken, ...takenBy(repo, file, instruction, cwd)]
  const enter: Run['enter'] = (from, { text }) => imagePath(from, text)
  const folder = (path: string | null) => sourceFolder(taken, path)
  const run: Run = {
    repo,
    unit,
    env: new Map(env),
    cwd,
    errexit,
    pipefail,
    enter,
    folder,
    taken,
    fate: true,
    step: null,
    conditions: [],
    called: [],
  }
  const { exec, start, end } = instruction
  if (!exec) {
    runScript(run, stretchScript(file, start, end, shellTextOf(file, instruction)))
    return
  }
  const isShell = /(?:^|\/)(?:ba|z|da|a)?sh$/.test(exec[0]?.text ?? '') && /^-\w*c$/.test(exec[1]?.text ?? '')
  const inner = isShell ? exec[2] : undefined
  // The strings are words already, but for the script behind `sh -c`.
  if (!inner && exec.some(word => /[^\w@%+=:,./~^-]/.test(word.text))) return
  const script = inner
    ? stretchScript(file, inner.start, inner.end, inner.text)
    : stretchScript(file, start, end, exec.map(word => word.text).join(' '))
  // An argument more would have to be a string of its own, so no place inside is told.
  runScript(run, { ...script, at: () => null })
}
