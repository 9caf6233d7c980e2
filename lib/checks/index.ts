/** The checklist. One line a check, in the order of the page. */
import type { Check } from '../check.ts'
import { actionsPinned } from './actions-pinned.ts'
import { actionsPolicyPins } from './actions-policy-pins.ts'
import { alertsEnabled } from './alerts-enabled.ts'
import { artifactsVerified } from './artifacts-verified.ts'
import { baseImagesPinned } from './base-images-pinned.ts'
import { buildsHermetic } from './builds-hermetic.ts'
import { checkoutCredentialsDropped } from './checkout-credentials-dropped.ts'
import { containersUnprivileged } from './containers-unprivileged.ts'
import { credentialsShortLived } from './credentials-short-lived.ts'
import { defaultBranchProtected } from './default-branch-protected.ts'
import { dependenciesAudited } from './dependencies-audited.ts'
import { dependenciesLocked } from './dependencies-locked.ts'
import { dependencyNamesGenuine } from './dependency-names-genuine.ts'
import { deploymentsGated } from './deployments-gated.ts'
import { imagePolicyEnforced } from './image-policy-enforced.ts'
import { imagesSigned } from './images-signed.ts'
import { installScriptsDisabled } from './install-scripts-disabled.ts'
import { installsFrozen } from './installs-frozen.ts'
import { lockfileHostsTrusted } from './lockfile-hosts-trusted.ts'
import { provenanceAttested } from './provenance-attested.ts'
import { releasesSigned } from './releases-signed.ts'
import { runtimeIntegrity } from './runtime-integrity.ts'
import { sbomProduced } from './sbom-produced.ts'
import { secretScanningEnabled } from './secret-scanning-enabled.ts'
import { updatesAutomated } from './updates-automated.ts'
import { updatesCooledDown } from './updates-cooled-down.ts'
import { updatesGrouped } from './updates-grouped.ts'
import { updatesReviewed } from './updates-reviewed.ts'
import { updatesWeekly } from './updates-weekly.ts'
import { versionsExact } from './versions-exact.ts'
import { workflowInputSafe } from './workflow-input-safe.ts'
import { workflowPermissionsLeast } from './workflow-permissions-least.ts'

export const CHECKS: readonly Check[] = [
  dependenciesLocked,
  installsFrozen,
  dependenciesAudited,
  installScriptsDisabled,
  actionsPinned,
  updatesAutomated,
  releasesSigned,
  versionsExact,
  dependencyNamesGenuine,
  lockfileHostsTrusted,
  sbomProduced,
  workflowPermissionsLeast,
  workflowInputSafe,
  checkoutCredentialsDropped,
  buildsHermetic,
  provenanceAttested,
  credentialsShortLived,
  deploymentsGated,
  artifactsVerified,
  baseImagesPinned,
  containersUnprivileged,
  imagesSigned,
  imagePolicyEnforced,
  runtimeIntegrity,
  updatesWeekly,
  updatesGrouped,
  updatesReviewed,
  updatesCooledDown,
  alertsEnabled,
  secretScanningEnabled,
  actionsPolicyPins,
  defaultBranchProtected,
]
