/** Whether a deploy step runs an image that could be written to: pages, functions and infrastructure run none of this repository. */
import type { DeployStep } from './deploy.ts'

const RUNS =
  /\b(?:ecs|cloud-?run|run deploy|run services|container-?apps?|webapps-container|app-?runner|aci-deploy|fly(?:ctl)?|heroku container|docker(?: |-)(?:stack|service|compose|run)|podman (?:run|play)|nomad)\b/i

/** Runs every container with a read-only root file system, unless the application is marked. */
const READ_ONLY = /^nais\/deploy\//

/** A platform may run one, and then its command or action says so; an environment alone does not. */
export function runsImages({ to, by, place }: DeployStep): boolean {
  if (READ_ONLY.test(by)) return false
  if (to === 'kubernetes' || to === 'environment') return to === 'kubernetes'
  return RUNS.test(`${by} ${place.file.text.slice(place.start, place.end)}`)
}
