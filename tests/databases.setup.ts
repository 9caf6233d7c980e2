import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { serverPrograms, stopCluster } from './postgres-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databasesFolder: string
    postgresPrograms: string | null
  }
}

/**
 * Gives the run a folder for its databases and clears it away at the end. The databases themselves are made by the first
 * test that wants one (tests/database.ts), so that a run without any pays nothing.
 */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-tests-'))
  // The cluster's own user has to reach its folder in there.
  chmodSync(folder, 0o711)
  const programs = serverPrograms()
  project.provide('databasesFolder', folder)
  project.provide('postgresPrograms', programs)
  return () => {
    const postgres = join(folder, 'postgres')
    if (programs !== null && existsSync(join(postgres, 'cluster/postmaster.pid'))) stopCluster(programs, postgres)
    rmSync(folder, { recursive: true, force: true })
  }
}
